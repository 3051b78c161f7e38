// Guessing a number of which nothing is known.
#include "solver/scan_cost.hpp"

#include <array>
#include <catch2/catch.hpp>

#include "spec/numbers/cells.hpp"

using namespace halfopen;

namespace {

constexpr std::uint64_t all = all_values, half = all / 2, quarter = all / 4;

template <std::size_t axes>
ScanCost cost(const std::array<std::uint64_t, axes>& sizes) {
    return scan_cost(sizes);
}

}  // namespace

TEST_CASE("Where every number hits, one guess does") {
    CHECK(cost<1>({all}).expected == 1);
    CHECK(cost<3>({all, all, all}).at_most == 1);
}

TEST_CASE("One number out of 2^32 takes 2^31 and a half guesses") {
    CHECK(cost<1>({1}).expected == 2147483648.5);
    CHECK(cost<1>({1}).at_most == 0x1p32);
}

TEST_CASE("A window of 2^16 numbers takes 2^15 and a half guesses") {
    CHECK(cost<1>({65536}).expected == 32768.5);
    CHECK(cost<1>({65536}).at_most == 65536);
}

TEST_CASE("Arcs that do not divide the circle leave a shorter one for the last guess") {
    CHECK(cost<1>({3 * quarter}).expected == 1.25);
    CHECK(cost<1>({3 * quarter}).at_most == 2);
    CHECK(cost<1>({65535}).at_most == 65538);
}

TEST_CASE("Two numbers multiply: pieces of both axes, the largest first") {
    CHECK(cost<2>({half, half}).expected == 2.5);
    // 9/16 + 2 * 3/16 + 3 * 3/16 + 4 * 1/16
    CHECK(cost<2>({3 * quarter, 3 * quarter}).expected == 1.75);
    CHECK(cost<2>({3 * quarter, all}).expected == 1.25);
    CHECK(cost<2>({1, 1}).at_most == 0x1p64);
}

TEST_CASE("Along one axis the scan is as good as any order of guesses can be") {
    for (const std::uint64_t size : {std::uint64_t{1}, std::uint64_t{65535}, std::uint64_t{65536},
                                     quarter + 7, half, 3 * quarter, all}) {
        INFO(size);
        CHECK(cost<1>({size}).expected ==
              Approx(least_expected_guesses(static_cast<double>(size) / 0x1p32)).epsilon(1e-12));
    }
}
