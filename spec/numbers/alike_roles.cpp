#include "spec/numbers/alike_roles.hpp"

#include <algorithm>

namespace halfopen {

std::vector<Comparison> with_alike(std::vector<Comparison> comparisons,
                                   const std::vector<std::vector<OriginRole>>& groups) {
    for (const auto& group : groups) {
        const auto in_group = [&](OriginRole role) {
            return std::find(group.begin(), group.end(), role) != group.end();
        };
        std::vector<Comparison> images;
        for (const Comparison& c : comparisons) {
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
        comparisons.insert(comparisons.end(), images.begin(), images.end());
    }
    std::sort(comparisons.begin(), comparisons.end());
    comparisons.erase(std::unique(comparisons.begin(), comparisons.end()), comparisons.end());
    return comparisons;
}

}  // namespace halfopen
