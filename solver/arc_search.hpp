/// Arcs around a value of which something is true, found by halving.
#pragma once

#include <cstdint>
#include <optional>

#include "spec/numbers/arc.hpp"

namespace halfopen {

/// The least number in [from, to] that it is true of, as it is of `to` and of all between.
template <class True>
std::uint32_t least_of(std::uint32_t from, std::uint32_t to, True&& is_true) {
    while (from < to) {
        const std::uint32_t middle = from + (to - from) / 2;
        if (is_true(middle))
            to = middle;
        else
            from = middle + 1;
    }
    return to;
}

/// holds(Arc): true of each arc that contains one of which it is true.  A least such arc that contains the
/// value and reaches no further than `reach`, less than 2^31, from it to either side; nothing where it holds
/// not even of all that.
template <class Holds>
std::optional<Arc> least_arc(std::uint32_t value, std::uint32_t reach, Holds&& holds) {
    const auto around = [&](std::uint32_t below, std::uint32_t above) {
        return holds(Arc{value - below, std::uint64_t{below} + above + 1});
    };
    if (!around(reach, reach)) return std::nullopt;
    const std::uint32_t below = least_of(0, reach, [&](std::uint32_t one) { return around(one, reach); });
    const std::uint32_t above = least_of(0, reach, [&](std::uint32_t one) { return around(below, one); });
    return Arc{value - below, std::uint64_t{below} + above + 1};
}

/// holds(Arc): true of each arc that lies in one of which it is true.  A greatest such arc that contains the
/// value; nothing where it does not hold of the value alone.
template <class Holds>
std::optional<Arc> greatest_arc(std::uint32_t value, Holds&& holds) {
    const auto around = [&](std::uint32_t below, std::uint32_t above) {
        return holds(Arc{value - below, std::uint64_t{below} + above + 1});
    };
    if (!around(0, 0)) return std::nullopt;
    constexpr std::uint32_t all = UINT32_MAX;
    const auto most = [](std::uint32_t limit, const auto& is_true) {
        return limit - least_of(0, limit, [&](std::uint32_t less) { return is_true(limit - less); });
    };
    const std::uint32_t below = most(all, [&](std::uint32_t one) { return around(one, 0); });
    const std::uint32_t above = most(all - below, [&](std::uint32_t one) { return around(below, one); });
    return Arc{value - below, std::uint64_t{below} + above + 1};
}

}  // namespace halfopen
