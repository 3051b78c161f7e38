/// Arcs of the circle of 2^32 values.
#pragma once

#include <cstdint>

#include "spec/numbers/cells.hpp"

namespace halfopen {

/// The values [first, first + size) mod 2^32; all of them where size = 2^32.
struct Arc {
    std::uint32_t first = 0;
    std::uint64_t size = all_values;

    constexpr bool contains(std::uint32_t value) const { return value - first < size; }
    constexpr bool everything() const { return size >= all_values; }

    friend constexpr auto operator<=>(const Arc&, const Arc&) = default;
};

/// The differences a - b of all numbers that stand to each other as these two do: that have their relation().
Arc differences_alike(const Cuts& cuts, const Origin& a, const Origin& b);

}  // namespace halfopen
