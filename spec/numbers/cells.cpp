#include "spec/numbers/cells.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace halfopen {
namespace {

constexpr std::uint32_t pair_key(OriginRole drawn, OriginRole live) {
    return std::uint32_t{drawn} << 8U | live;
}

constexpr std::uint64_t distance(std::uint64_t a, std::uint64_t b) { return a < b ? b - a : a - b; }

/// The multiple of `step` in [low, high] that is nearest to `middle` and not zero.
std::optional<std::uint64_t> nearest_multiple(std::uint64_t step, std::uint64_t low, std::uint64_t high,
                                              std::uint64_t middle) {
    const std::uint64_t below = std::clamp(middle, low, high) / step * step;
    const std::uint64_t above = below + step;
    const bool below_fits = below >= low && below != 0;
    if (below_fits && (above > high || distance(below, middle) <= distance(above, middle))) return below;
    if (above >= low && above <= high) return above;
    return std::nullopt;
}

/// The roundest number in [low, high], which may run past 2^32: numbers there count mod 2^32.
std::uint32_t roundest(std::uint64_t low, std::uint64_t high) {
    const std::uint64_t middle = low + (high - low) / 2;
    for (std::uint64_t step = 1'000'000'000; step > 0; step /= 10) {
        std::optional<std::uint64_t> best;
        const auto consider = [&](std::uint64_t base, std::uint64_t first, std::uint64_t last) {
            if (first > last || last < base) return;
            const auto found =
                nearest_multiple(step, first - base, last - base, std::clamp(middle, first, last) - base);
            if (found && (!best || distance(*found + base, middle) < distance(*best, middle)))
                best = *found + base;
        };
        consider(0, low, std::min(high, all_values - 1));
        consider(all_values, std::max(low, all_values), high);
        if (best) return static_cast<std::uint32_t>(*best);
    }
    return static_cast<std::uint32_t>(low);
}

/// The cyclic interval [begin, end) of differences at which a comparison holds; begin = end where none.
std::pair<std::uint32_t, std::uint32_t> holds_at(const Comparison& c) {
    const std::uint32_t zero = 0U - c.offset;
    switch (c.kind) {
        case Comparison::Kind::Before:
            return {zero + 0x8000'0000U, zero};
        case Comparison::Kind::Equal:
            return {zero, zero + 1U};
        case Comparison::Kind::Within:
            return {zero, zero + c.size};
    }
    return {0, 0};
}

}  // namespace

Cell make_cell(std::uint32_t first, std::uint64_t size) {
    Cell cell{first, size, first};
    if (!is_corner(cell)) {
        const std::uint64_t clear = std::min(size / 8, std::uint64_t{1} << 20U);
        cell.representative = roundest(first + clear, first + size - 1 - clear);
    }
    return cell;
}

Cuts::Cuts(std::span<const Comparison> comparisons) {
    std::vector<PairThreshold> cuts;
    cuts.reserve(comparisons.size() * 4);
    for (const Comparison& c : comparisons) {
        const auto [begin, end] = holds_at(c);
        if (begin == end) continue;
        // d in [begin, end)  <=>  -d in (-end, -begin] = [1 - end, 1 - begin)
        const std::uint32_t straight = pair_key(c.left, c.right);
        const std::uint32_t mirrored = pair_key(c.right, c.left);
        cuts.insert(cuts.end(),
                    {{straight, begin}, {straight, end}, {mirrored, 1U - begin}, {mirrored, 1U - end}});
    }
    assign(std::move(cuts));
}

void Cuts::assign(std::vector<PairThreshold> cuts) {
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    pairs_.clear();
    thresholds_.clear();
    thresholds_.reserve(cuts.size());
    for (const auto& [key, threshold] : cuts) {
        const auto index = static_cast<std::uint32_t>(thresholds_.size());
        if (pairs_.empty() || pairs_.back().key != key) pairs_.push_back({key, index, index});
        thresholds_.push_back(threshold);
        pairs_.back().end = index + 1;
    }
}

Cuts Cuts::with_sums() const {
    std::set<OriginRole> roles;
    std::map<std::uint32_t, std::vector<std::uint32_t>> by_pair;
    for (const Pair& pair : pairs_) {
        roles.insert(static_cast<OriginRole>(pair.key >> 8U));  // each pair is there in both orders
        by_pair[pair.key].assign(thresholds_.begin() + pair.begin, thresholds_.begin() + pair.end);
    }
    const auto add = [&](OriginRole a, OriginRole b, std::uint32_t sum) {
        std::vector<std::uint32_t>& known = by_pair[pair_key(a, b)];
        const bool near = std::any_of(known.begin(), known.end(), [&](std::uint32_t threshold) {
            return sum - threshold < corner_limit || threshold - sum < corner_limit;
        });
        if (near) return;
        known.push_back(sum);
        by_pair[pair_key(b, a)].push_back(1U - sum);
    };
    for (const OriginRole a : roles)
        for (const OriginRole b : roles)
            for (const OriginRole via : roles)
                for (const std::uint32_t one : thresholds(a, via))
                    for (const std::uint32_t other : thresholds(via, b)) add(a, b, one + other);
    std::vector<PairThreshold> all;
    for (const auto& [key, thresholds] : by_pair)
        for (const std::uint32_t threshold : thresholds) all.emplace_back(key, threshold);
    Cuts result;
    result.assign(std::move(all));
    return result;
}

std::span<const std::uint32_t> Cuts::thresholds(OriginRole drawn, OriginRole live) const& {
    const std::uint32_t key = pair_key(drawn, live);
    const auto found = std::lower_bound(pairs_.begin(), pairs_.end(), key,
                                        [](const Pair& pair, std::uint32_t k) { return pair.key < k; });
    if (found == pairs_.end() || found->key != key) return {};
    return std::span(thresholds_).subspan(found->begin, found->end - found->begin);
}

std::vector<Cell> cells(const Cuts& cuts, OriginRole drawn, std::span<const Origin> live) {
    std::size_t total = 0;
    for (const Origin& origin : live) total += cuts.thresholds(drawn, origin.role).size();
    if (total == 0) return {make_cell(0, all_values)};

    std::vector<std::uint32_t> firsts;
    firsts.reserve(total);
    for (const Origin& origin : live)
        for (const std::uint32_t threshold : cuts.thresholds(drawn, origin.role))
            firsts.push_back(origin.value + threshold);
    std::sort(firsts.begin(), firsts.end());
    firsts.erase(std::unique(firsts.begin(), firsts.end()), firsts.end());

    std::vector<Cell> result;
    result.reserve(firsts.size());
    for (std::size_t i = 0; i + 1 < firsts.size(); ++i)
        result.push_back(make_cell(firsts[i], firsts[i + 1] - firsts[i]));
    result.push_back(make_cell(firsts.back(), all_values - firsts.back() + firsts.front()));
    return result;
}

std::size_t cell_of(std::span<const Cell> cells, std::uint32_t value) {
    const auto next = std::upper_bound(cells.begin(), cells.end(), value,
                                       [](std::uint32_t v, const Cell& cell) { return v < cell.first; });
    const auto before = static_cast<std::size_t>(next - cells.begin());
    return (before == 0 ? cells.size() : before) - 1;
}

std::uint32_t relation(const Cuts& cuts, const Origin& a, const Origin& b) {
    const auto thresholds = cuts.thresholds(a.role, b.role);
    const auto passed = static_cast<std::size_t>(
        std::upper_bound(thresholds.begin(), thresholds.end(), a.value - b.value) - thresholds.begin());
    return static_cast<std::uint32_t>(passed == thresholds.size() ? 0 : passed);
}

}  // namespace halfopen
