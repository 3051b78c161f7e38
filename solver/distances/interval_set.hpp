/// Sets of whole numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace halfopen {

/// As the intervals that they fill: few, in order, no two of which touch.
class IntervalSet {
   public:
    /// From first to last, both in it.
    struct Part {
        std::int64_t first = 0, last = 0;

        friend constexpr bool operator==(const Part&, const Part&) = default;
    };

    IntervalSet() = default;
    /// None where last < first.
    IntervalSet(std::int64_t first, std::int64_t last) {
        if (first <= last) parts_.push_back({first, last});
    }

    bool empty() const { return parts_.empty(); }
    const std::vector<Part>& parts() const { return parts_; }
    bool contains(std::int64_t number) const;
    /// What neither is empty for.
    std::int64_t first() const { return parts_.front().first; }
    std::int64_t last() const { return parts_.back().last; }

    IntervalSet in_both(const IntervalSet& other) const;
    IntervalSet in_either(const IntervalSet& other) const;
    /// Of the numbers in [first, last] those that are not in it.
    IntervalSet without_it(std::int64_t first, std::int64_t last) const;
    /// Each number with this added.
    IntervalSet moved(std::int64_t by) const;
    IntervalSet negated() const;

    friend bool operator==(const IntervalSet&, const IntervalSet&) = default;

   private:
    std::vector<Part> parts_;
};

/// Of numbers mod `modulus`, each in [0, modulus): with this added, and negated.
IntervalSet rotated(const IntervalSet& numbers, std::int64_t by, std::int64_t modulus);
IntervalSet mirrored(const IntervalSet& numbers, std::int64_t modulus);

}  // namespace halfopen
