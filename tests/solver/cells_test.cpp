#include "spec/numbers/cells.hpp"

#include <catch2/catch.hpp>

#include "tests/solver/random_worlds.hpp"

using namespace halfopen;
using namespace halfopen::testing;
using Kind = Comparison::Kind;

TEST_CASE("without comparisons there is one cell of all values") {
    const std::vector<Origin> live{{0, 0}, {1, 77}};
    const auto all = cells(Cuts(), 1, live);
    REQUIRE(all.size() == 1);
    CHECK(all[0] == Cell{0, all_values, 2'000'000'000});
    CHECK(all[0].contains(0));
    CHECK(all[0].contains(0xffff'ffffU));
    CHECK(cell_of(all, 12345) == 0);
    CHECK_FALSE(is_corner(all[0]));
    CHECK(relation(Cuts(), {1, 5}, {2, 9}) == 0);
}

TEST_CASE("a mirrored comparison cuts at exactly the mirrored places") {
    const std::vector<Comparison> straight{{Kind::Within, 1, 2, 0, 10}};
    const Cuts cuts(straight);
    const auto forward = cuts.thresholds(1, 2);
    CHECK(std::vector(forward.begin(), forward.end()) == std::vector<std::uint32_t>{0, 10});
    const auto back = cuts.thresholds(2, 1);  // -d in [0, 10)  <=>  d in [-9, 1)
    CHECK(std::vector(back.begin(), back.end()) == std::vector<std::uint32_t>{1, 0U - 9U});
    CHECK(cuts.thresholds(1, 1).empty());
    CHECK(cuts.size() == 4);
}

TEST_CASE("two numbers that are compared with a third are told apart by the sums") {
    // 3 before 1, and 3 before 2: which of both can be depends on the order of 1 and 2.
    const std::vector<Comparison> log{{Kind::Before, 3, 1, 0, 0}, {Kind::Before, 3, 2, 0, 0}};
    const Cuts plain(log);
    CHECK(plain.thresholds(1, 2).empty());
    const Cuts sums = plain.with_sums();
    CHECK(relation(sums, {1, 1'000'000'000}, {2, 2'000'000'000}) !=
          relation(sums, {1, 2'000'000'000}, {2, 1'000'000'000}));
    CHECK(relation(sums, {1, 1'000'000'000}, {2, 2'000'000'000}) ==
          relation(sums, {1, 3'000'000'000}, {2, 0xEE6B'2800U}));
    for (const OriginRole role : {1, 2}) {
        const auto before = plain.thresholds(3, role), after = sums.thresholds(3, role);
        CHECK(std::equal(before.begin(), before.end(), after.begin(), after.end()));
    }
    CHECK(Cuts().with_sums() == Cuts());
}

TEST_CASE("a sum that all but coincides with a threshold that is there adds none") {
    const std::vector<Comparison> log{{Kind::Before, 3, 1, 0, 0},
                                      {Kind::Before, 3, 2, 65'535, 0},
                                      {Kind::Equal, 1, 2, 0, 0},
                                      {Kind::Equal, 1, 2, 0x8000'0000U, 0}};
    const Cuts plain(log);
    const Cuts sums = plain.with_sums();
    CHECK(plain.thresholds(1, 2).size() == sums.thresholds(1, 2).size());
}

TEST_CASE("comparisons within one role count in both orders") {
    const std::vector<Comparison> log{{Kind::Equal, 1, 1, 0U - 1U, 0}};  // new - old = 1
    const Cuts cuts(log);
    const auto both = cuts.thresholds(1, 1);
    CHECK(std::vector(both.begin(), both.end()) == std::vector<std::uint32_t>{0, 1, 2, 0U - 1U});
}

TEST_CASE("empty windows and repeated comparisons cut nothing more") {
    const std::vector<Comparison> log{{Kind::Within, 1, 2, 5, 0}, {Kind::Equal, 1, 2, 5, 0}};
    const std::vector<Comparison> same{{Kind::Equal, 1, 2, 5, 0}, {Kind::Within, 1, 2, 5, 1}};
    CHECK(Cuts(log) == Cuts(same));
    CHECK_FALSE(Cuts(log) == Cuts());
}

TEST_CASE("representatives are round, clear of the ends, and never zero") {
    CHECK(make_cell(0, 1).representative == 0);
    CHECK(make_cell(0xffff'ffffU, corner_limit - 1).representative == 0xffff'ffffU);
    CHECK(make_cell(1, 0x7fff'ffff).representative == 1'000'000'000);
    CHECK(make_cell(0x8000'0000U, 0x8000'0000U).representative == 3'000'000'000U);
    CHECK(make_cell(0xc000'0000U, 0x8000'0000U).representative == 4'000'000'000U);
    CHECK(make_cell(0xffff'0000U, 0x2'0000U).representative == 4'294'960'000U);
    CHECK(make_cell(999'999'999, 1U << 20U).representative == 1'000'500'000);  // 1e9 is too near the end
    RandomWorld random(1);
    for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t size = corner_limit + (random.any() >> random.below(15));
        const Cell cell = make_cell(random.any(), size);
        const std::uint32_t from_first = cell.representative - cell.first;
        const std::uint64_t clear = std::min(size / 8, std::uint64_t{1} << 20U);
        REQUIRE(from_first >= clear);
        REQUIRE(from_first + clear < size);
        REQUIRE(cell.representative % 10'000 == 0);
        REQUIRE(cell.representative != 0);
    }
}

TEST_CASE("cells are a partition, and differ exactly where an answer changes") {
    for (std::uint32_t seed = 0; seed < 300; ++seed) {
        CAPTURE(seed);
        RandomWorld random(seed);
        const auto log = random.log(1 + random.below(20), 4);
        const auto live = random.origins(1 + random.below(5), 4);
        const auto role = static_cast<OriginRole>(1 + random.below(3));
        const auto all = cells(Cuts(log), role, live);

        std::uint64_t total = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const Cell& cell = all[i];
            const Cell& next = all[(i + 1) % all.size()];
            total += cell.size;
            REQUIRE(cell.contains(cell.representative));
            REQUIRE(next.first == static_cast<std::uint32_t>(cell.first + cell.size));
            if (i + 1 < all.size()) REQUIRE(cell.first < next.first);
            const std::uint32_t last = next.first - 1U;
            const auto expected = answers(log, {role, cell.representative}, live);
            for (const std::uint32_t value :
                 {cell.first, last, static_cast<std::uint32_t>(cell.first + random.any() % cell.size)}) {
                REQUIRE(cell_of(all, value) == i);
                REQUIRE(answers(log, {role, value}, live) == expected);
            }
            if (all.size() > 1) REQUIRE(answers(log, {role, next.first}, live) != expected);
        }
        REQUIRE(total == all_values);
    }
}

TEST_CASE("equal relations mean equal answers, and hold in both orders") {
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        CAPTURE(seed);
        RandomWorld random(seed);
        const auto log = random.log(1 + random.below(10), 3);
        const Cuts cuts(log);
        for (int i = 0; i < 200; ++i) {
            const OriginRole left = static_cast<OriginRole>(random.below(3));
            const OriginRole right = static_cast<OriginRole>(random.below(3));
            const Origin a{left, random.any()};
            const Origin c{left, random.any()};
            const Origin b{right, a.value + random.offset()};
            const Origin d{right, c.value + random.offset()};
            const bool same = relation(cuts, a, b) == relation(cuts, c, d);
            REQUIRE(same == (relation(cuts, b, a) == relation(cuts, d, c)));
            if (same) REQUIRE(answers(log, a, {b}) == answers(log, c, {d}));
        }
    }
}
