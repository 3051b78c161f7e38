/// Which numbers a proof may leave out.
#include "solver/recovery/left_out.hpp"

#include <catch2/catch.hpp>

using namespace halfopen;

namespace {

LeftOut range(std::int64_t first, std::uint64_t size) {
    return {"ISS", "RCV.NXT", static_cast<std::uint32_t>(first), size};
}

}  // namespace

TEST_CASE("Ranges that touch are one, however they were found", "[prove]") {
    const LeftOut other{"ISS", "SND.NXT", 0xFFFFFFFF, 1};
    std::vector<LeftOut> all{other};
    for (const LeftOut& one : {range(1, 10), range(-5, 5), range(20, 1), range(0, 1)})
        all = with_touching_joined(all, one);
    CHECK(all == std::vector<LeftOut>{other, range(20, 1), range(-5, 16)});
    CHECK(with_touching_joined(all, range(-3, 3)).size() == 3);
    CHECK(with_touching_joined(all, range(11, 9)).back() == range(-5, 26));
}

// pf accepts acknowledgements within MAXACKWINDOW, 0xffff + 1500, to both sides of what it has seen.
TEST_CASE("A window of 64 KB to each side is few numbers, more to one side is not", "[prove]") {
    CHECK(may_be_left_out({}, range(-67'035, 2 * 67'035 + 1)));
    CHECK(may_be_left_out({}, range(1U << 31U, 65'536)));
    CHECK_FALSE(may_be_left_out({}, range(0, 1U << 17U)));
    CHECK_FALSE(may_be_left_out({}, range(-(1 << 17), 1 << 17)));
    CHECK_FALSE(may_be_left_out({}, range(-1, 1U << 31U)));
    CHECK_FALSE(may_be_left_out({}, range(1U << 31U, 1U << 17U)));
}

TEST_CASE("All that lies near is as much to both sides as is few", "[prove]") {
    const LeftOut all = all_near("ISS", "RCV.NXT");
    CHECK(all == range(-131'070, 2 * 131'070 + 1));
    CHECK(may_be_left_out({}, all));
    CHECK_FALSE(may_be_left_out({all}, range(131'071, 1)));
}

TEST_CASE("Ranges that are few each are not few where they touch and are many together", "[prove]") {
    const std::vector<LeftOut> already{range(0, 100'000)};
    CHECK(may_be_left_out(already, range(200'000, 100'000)));
    CHECK_FALSE(may_be_left_out(already, range(100'000, 100'000)));
    CHECK(may_be_left_out(already, range(-100'000, 100'000)));
}

TEST_CASE("What has been left out already makes no claim any better", "[prove]") {
    CHECK_FALSE(may_be_left_out({range(0, 100)}, range(10, 5)));
}
