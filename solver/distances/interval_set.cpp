#include "solver/distances/interval_set.hpp"

#include <algorithm>
#include <ranges>

namespace halfopen {

bool IntervalSet::contains(std::int64_t number) const {
    return std::any_of(parts_.begin(), parts_.end(),
                       [number](const Part& part) { return part.first <= number && number <= part.last; });
}

IntervalSet IntervalSet::in_both(const IntervalSet& other) const {
    IntervalSet found;
    for (std::size_t a = 0, b = 0; a < parts_.size() && b < other.parts_.size();) {
        const Part &one = parts_[a], &two = other.parts_[b];
        const Part shared{std::max(one.first, two.first), std::min(one.last, two.last)};
        if (shared.first <= shared.last) found.parts_.push_back(shared);
        one.last < two.last ? ++a : ++b;
    }
    return found;
}

IntervalSet IntervalSet::in_either(const IntervalSet& other) const {
    std::vector<Part> all = parts_;
    all.insert(all.end(), other.parts_.begin(), other.parts_.end());
    std::sort(all.begin(), all.end(), [](const Part& a, const Part& b) { return a.first < b.first; });
    IntervalSet found;
    for (const Part& part : all) {
        if (!found.empty() && part.first <= found.parts_.back().last + 1)
            found.parts_.back().last = std::max(found.parts_.back().last, part.last);
        else
            found.parts_.push_back(part);
    }
    return found;
}

IntervalSet IntervalSet::without_it(std::int64_t first, std::int64_t last) const {
    IntervalSet found;
    std::int64_t next = first;
    for (const Part& part : parts_) {
        if (part.last < next) continue;
        if (part.first > last) break;
        if (part.first > next) found.parts_.push_back({next, part.first - 1});
        next = part.last + 1;
    }
    if (next <= last) found.parts_.push_back({next, last});
    return found;
}

IntervalSet IntervalSet::moved(std::int64_t by) const {
    IntervalSet found = *this;
    for (Part& part : found.parts_) {
        part.first += by;
        part.last += by;
    }
    return found;
}

IntervalSet IntervalSet::negated() const {
    IntervalSet found;
    for (const Part& part : std::views::reverse(parts_)) found.parts_.push_back({-part.last, -part.first});
    return found;
}

IntervalSet rotated(const IntervalSet& numbers, std::int64_t by, std::int64_t modulus) {
    const IntervalSet far = numbers.moved((by % modulus + modulus) % modulus);
    const IntervalSet inside(0, modulus - 1);
    return far.in_both(inside).in_either(far.moved(-modulus).in_both(inside));
}

IntervalSet mirrored(const IntervalSet& numbers, std::int64_t modulus) {
    return rotated(numbers.negated().moved(modulus - 1), 1, modulus);
}

}  // namespace halfopen
