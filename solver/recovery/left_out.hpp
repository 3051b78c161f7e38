/// Which numbers a claim may leave out: few that lie together.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "solver/recovery/proof.hpp"
#include "spec/numbers/cells.hpp"

namespace halfopen {

/// Of one search from one start.
inline constexpr std::size_t most_left_out = 16;

/// Of two ranges that touch: both.
inline LeftOut joined(const LeftOut& a, const LeftOut& b) {
    if (b.first - a.first > a.size) return joined(b, a);
    return {a.left, a.right, a.first, std::max(a.size, std::uint64_t{b.first - a.first} + b.size)};
}

/// With this range, joined with those that it touches: what is found out in pieces counts as a whole.
inline std::vector<LeftOut> with_touching_joined(std::vector<LeftOut> all, LeftOut added) {
    const auto touches = [&](const LeftOut& other) {
        return other.left == added.left && other.right == added.right &&
               (other.first - added.first <= added.size || added.first - other.first <= other.size);
    };
    for (auto at = std::find_if(all.begin(), all.end(), touches); at != all.end();
         at = std::find_if(all.begin(), all.end(), touches)) {
        added = joined(*at, added);
        all.erase(at);
    }
    all.push_back(added);
    return all;
}

/// Fewer numbers that lie together than a cell of the explorer has that is no corner (`corner_limit`), to
/// each side of the other number: a window of 64 KB may reach to both.
inline bool is_few(const LeftOut& range) {
    const auto first = static_cast<std::int32_t>(range.first);
    const std::int64_t end = std::int64_t{first} + static_cast<std::int64_t>(range.size);
    constexpr auto limit = static_cast<std::int64_t>(corner_limit);
    if (first < 0 && end > 0) return -std::int64_t{first} < limit && end < limit;
    return end - first < limit;
}

/// As much as is_few() to both sides of 0.
inline LeftOut all_near(const std::string& left, const std::string& right) {
    constexpr auto reach = static_cast<std::uint32_t>(corner_limit) - 2;
    return {left, right, 0U - reach, 2 * std::uint64_t{reach} + 1};
}

inline bool may_be_left_out(const std::vector<LeftOut>& already, const LeftOut& range) {
    const std::vector<LeftOut> all = with_touching_joined(already, range);
    return is_few(all.back()) && std::find(already.begin(), already.end(), all.back()) == already.end();
}

}  // namespace halfopen
