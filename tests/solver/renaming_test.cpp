#include "spec/numbers/renaming.hpp"

#include <catch2/catch.hpp>

#include "tests/solver/random_worlds.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

std::vector<Origin> renamed(const Cuts& cuts, std::vector<Origin> origins,
                            const std::vector<std::uint8_t>& fixed) {
    const auto values = canonical_values(cuts, origins, fixed);
    for (std::size_t i = 0; i < origins.size(); ++i) origins[i].value = values[i];
    return origins;
}

std::vector<std::uint32_t> relations(const Cuts& cuts, const std::vector<Origin>& origins) {
    std::vector<std::uint32_t> result;
    for (const Origin& a : origins)
        for (const Origin& b : origins)
            if (&a != &b) result.push_back(relation(cuts, a, b));
    return result;
}

}  // namespace

TEST_CASE("numbers that nothing compares get the same round value") {
    const std::vector<Origin> origins{{0, 0}, {1, 123}, {2, 456}, {3, 789}};
    const std::vector<std::uint8_t> fixed{1, 0, 0, 1};
    CHECK(canonical_values(Cuts(), origins, fixed) ==
          std::vector<std::uint32_t>{0, 2'000'000'000, 2'000'000'000, 789});
    CHECK(canonical_values(Cuts(), {}, {}).empty());
}

TEST_CASE("an exact coincidence survives renaming") {
    const std::vector<Comparison> log{{Comparison::Kind::Equal, 1, 2, 1, 0}};  // left + 1 = right
    const std::vector<Origin> origins{{0, 0}, {2, 500}, {1, 499}, {1, 498}};
    const auto values = canonical_values(Cuts(log), origins, std::vector<std::uint8_t>{1, 0, 0, 0});
    CHECK(values[1] == 2'000'000'000);
    CHECK(values[2] == 1'999'999'999);
    CHECK(values[3] + 1 != values[1]);
}

TEST_CASE("renaming keeps every relation, is idempotent, and makes alike worlds equal") {
    std::size_t moved = 0;
    std::size_t alike = 0;
    std::size_t equal = 0;
    for (std::uint32_t seed = 0; seed < 3000; ++seed) {
        CAPTURE(seed);
        RandomWorld random(seed);
        const auto log = random.log(random.below(12), 4);
        const Cuts cuts(log);
        const auto origins = random.origins(1 + random.below(7), 4);
        std::vector<std::uint8_t> fixed(origins.size());
        for (std::uint8_t& mark : fixed) mark = random.below(4) == 0 ? 1 : 0;
        fixed[0] = 1;

        const auto once = renamed(cuts, origins, fixed);
        for (std::size_t i = 0; i < origins.size(); ++i)
            if (fixed[i] != 0) REQUIRE(once[i] == origins[i]);
        REQUIRE(relations(cuts, once) == relations(cuts, origins));
        for (const Origin& a : origins) {
            const auto i = static_cast<std::size_t>(&a - origins.data());
            REQUIRE(answers(log, once[i], once) == answers(log, a, origins));
        }
        REQUIRE(renamed(cuts, once, fixed) == once);
        moved += once != origins;

        auto other = origins;  // a neighbour that is perhaps alike
        for (std::size_t i = 0; i < other.size(); ++i)
            if (fixed[i] == 0) other[i].value += random.below(3);
        if (relations(cuts, other) != relations(cuts, origins) || other == origins) continue;
        ++alike;
        equal += renamed(cuts, other, fixed) == once;
    }
    CHECK(alike > 1000);
    CHECK(equal + alike / 100 >= alike);
    CHECK(moved > 2000);
}

TEST_CASE("where the largest cells leave no room, all choose again and still forget") {
    using Kind = Comparison::Kind;
    const std::vector<Comparison> log{
        {Kind::Within, 2, 1, 0, 60'000}, {Kind::Within, 3, 1, 0, 100}, {Kind::Before, 3, 2, 0, 0}};
    const Cuts cuts(log);
    const std::vector<std::uint8_t> fixed{1, 0, 0, 0};
    const std::vector<std::uint32_t> expected{0, 2'000'000'000, 2'000'000'001, 2'000'000'000};
    CHECK(canonical_values(cuts, std::vector<Origin>{{0, 0}, {1, 5000}, {2, 5050}, {3, 5020}}, fixed) ==
          expected);
    CHECK(canonical_values(cuts, std::vector<Origin>{{0, 0}, {1, 77}, {2, 1077}, {3, 176}}, fixed) ==
          expected);
}
