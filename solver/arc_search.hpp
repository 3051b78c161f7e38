/// Arcs around a value of which something is true, found by halving.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

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

/// Whether all of some values lie in an arc: if not, one that does not, where one is known.
struct Outside {
    bool none = false;
    std::optional<std::uint32_t> value{};
};

/// The least number in [from, to] that is enough, as `to` is.  enough(n): nothing where it is, else a number
/// that is no more than the least.  Guesses, wherever that takes it far, that no more is missing; else
/// halves.
template <class Enough>
std::uint32_t least_enough(std::uint32_t from, std::uint32_t to, Enough&& enough) {
    for (bool guess = true; from < to;) {
        const std::uint32_t tried = guess ? from : from + (to - from) / 2;
        guess = false;
        if (const std::optional<std::uint32_t> more = enough(tried)) {
            guess = *more > tried + 1;
            from = guess ? std::min(*more, to) : tried + 1;
        } else {
            to = tried;
        }
    }
    return to;
}

/// outside(Arc): of some values, of which these are known.  The least arc that contains the value and all of
/// those and reaches no further than `reach`, less than 2^31, from it to either side; nothing where there is
/// none.
template <class Find>
std::optional<Arc> least_arc(std::uint32_t value, std::uint32_t reach, std::span<const std::uint32_t> known,
                             Find&& outside) {
    std::uint32_t below = 0, above = 0;
    const auto widen = [&](std::uint32_t found) {
        const auto distance = std::int64_t{static_cast<std::int32_t>(found - value)};
        if (distance < 0) below = std::max(below, static_cast<std::uint32_t>(-distance));
        if (distance > 0) above = std::max(above, static_cast<std::uint32_t>(distance));
    };
    for (const std::uint32_t one : known) widen(one);
    if (below > reach || above > reach) return std::nullopt;
    const auto missing = [&](std::uint32_t to_below, std::uint32_t to_above) {
        const Outside found = outside(Arc{value - to_below, std::uint64_t{to_below} + to_above + 1});
        if (found.value) widen(*found.value);
        return !found.none;
    };
    if (missing(reach, reach)) return std::nullopt;
    using Least = std::optional<std::uint32_t>;
    const std::uint32_t least_below = least_enough(
        below, reach, [&](std::uint32_t one) { return missing(one, reach) ? Least(below) : std::nullopt; });
    const std::uint32_t least_above = least_enough(above, reach, [&](std::uint32_t one) {
        return missing(least_below, one) ? Least(above) : std::nullopt;
    });
    return Arc{value - least_below, std::uint64_t{least_below} + least_above + 1};
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
