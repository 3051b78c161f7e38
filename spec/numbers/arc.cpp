#include "spec/numbers/arc.hpp"

namespace halfopen {

Arc differences_alike(const Cuts& cuts, const Origin& a, const Origin& b) {
    const auto thresholds = cuts.thresholds(a.role, b.role);
    if (thresholds.size() < 2) return {};
    const std::uint32_t at = relation(cuts, a, b);
    if (at > 0) return {thresholds[at - 1], thresholds[at] - thresholds[at - 1]};
    return {thresholds.back(), all_values - thresholds.back() + thresholds.front()};
}

}  // namespace halfopen
