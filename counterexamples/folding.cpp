#include "counterexamples/folding.hpp"

#include <algorithm>

namespace halfopen {

namespace {

constexpr std::size_t longest_period = 12;

std::size_t repeats_at(std::span<const std::string> shapes, std::size_t at, std::size_t length) {
    std::size_t repeats = 1;
    while (at + (repeats + 1) * length <= shapes.size() &&
           std::equal(shapes.begin() + static_cast<std::ptrdiff_t>(at),
                      shapes.begin() + static_cast<std::ptrdiff_t>(at + length),
                      shapes.begin() + static_cast<std::ptrdiff_t>(at + repeats * length)))
        ++repeats;
    return repeats;
}

}  // namespace

std::vector<Stretch> fold(std::span<const std::string> shapes) {
    std::vector<Stretch> stretches;
    for (std::size_t at = 0; at < shapes.size();) {
        Stretch best{at, 1, 1};
        for (std::size_t length = 1; length <= longest_period && at + 2 * length <= shapes.size(); ++length) {
            const std::size_t repeats = repeats_at(shapes, at, length);
            if (repeats > 1 && length * (repeats - 1) > best.length * (best.repeats - 1))
                best = {at, length, repeats};
        }
        stretches.push_back(best);
        at += best.length * best.repeats;
    }
    return stretches;
}

}  // namespace halfopen
