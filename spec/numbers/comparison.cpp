#include "spec/numbers/comparison.hpp"

#include <algorithm>

namespace halfopen {

void ComparisonLog::note(const Comparison& c) { all_.insert(c); }

std::vector<Comparison> ComparisonLog::sorted() const {
    std::vector<Comparison> list(all_.begin(), all_.end());
    for (const auto& group : alike_) {
        const auto in_group = [&](OriginRole role) {
            return std::find(group.begin(), group.end(), role) != group.end();
        };
        std::vector<Comparison> images;
        for (const Comparison& c : list) {
            const bool left = in_group(c.left), right = in_group(c.right);
            if (!left && !right) continue;
            for (const OriginRole a : group) {
                for (const OriginRole b : group) {
                    if (left && right && (c.left == c.right) != (a == b)) continue;
                    Comparison image = c;
                    if (left) image.left = a;
                    if (right) image.right = b;
                    images.push_back(image);
                }
            }
        }
        list.insert(list.end(), images.begin(), images.end());
    }
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    return list;
}

std::size_t ComparisonLog::Hash::operator()(const Comparison& c) const noexcept {
    std::uint64_t h = (std::uint64_t{c.offset} << 32U) | c.size;
    h ^= (static_cast<std::uint64_t>(c.kind) << 16U | std::uint64_t{c.left} << 8U | c.right) *
         0x9E3779B97F4A7C15ULL;
    h = (h ^ (h >> 31U)) * 0xBF58476D1CE4E5B9ULL;
    return static_cast<std::size_t>(h ^ (h >> 29U));
}

}  // namespace halfopen
