/// The explorer's reading: real numbers, real answers, and a note of every comparison between numbers of
/// different origin.  Those notes are what decides into which cells a fresh number has to be split
/// (spec/numbers/cells.hpp).
#pragma once

#include <cstdint>
#include <span>

#include "spec/numbers/comparison.hpp"
#include "spec/numbers/number.hpp"

namespace halfopen {

class ConcreteReading {
   public:
    using Word = Number;
    using Size = std::uint32_t;
    using Bool = bool;

    /// origins: the table that Number::origin indexes; must outlive the reading's use.
    /// log: where comparisons are noted; null for none.
    explicit ConcreteReading(std::span<const Origin> origins = {}, ComparisonLog* log = nullptr)
        : origins_(origins), log_(log) {}

    Word literal(std::uint32_t k) const { return {k, 0}; }
    Size size(std::uint32_t k) const { return k; }
    Word plus(Word a, std::uint32_t k) const { return {a.value + k, a.origin}; }
    Word advance(Word a, Size n) const { return plus(a, n); }
    Word retreat(Word a, Size n) const { return plus(a, 0U - n); }
    Size sum(Size a, Size b) const { return a + b; }

    /// A size has no origin, so where a and b differ in theirs the result would carry a dependence on the two
    /// draws that no comparison shows.  It is therefore noted as the comparison a = b + result: the cells
    /// then keep the draws that give this very result apart from all others.
    ///
    /// That stays affordable where it is used.  Conntrack's `td_maxwin += end - td_maxend` (store_window() of
    /// spec/nat/window.hpp) is reached only by a segment that has passed test I, seq <= td_maxend, and has
    /// end > td_maxend: whatever the origins, the distance lies in [1, SEG.LEN], which is exactly 1 for a SYN
    /// or a FIN without data (proved in tests/solver/actor_theorems_test.cpp).
    Size distance(Word a, Word b) {
        const Size result = a.value - b.value;
        note(Comparison::Kind::Equal, a, plus(b, result), 0);
        return result;
    }

    Bool before(Word a, Word b) {
        note(Comparison::Kind::Before, a, b, 0);
        return static_cast<std::int32_t>(a.value - b.value) < 0;
    }
    Bool equal(Word a, Word b) {
        note(Comparison::Kind::Equal, a, b, 0);
        return a.value == b.value;
    }
    Bool within(Word a, Word b, Size n) {
        note(Comparison::Kind::Within, a, b, n);
        return a.value - b.value < n;
    }
    Bool less(Size a, Size b) const { return a < b; }
    Bool truth(bool b) const { return b; }
    Bool both(Bool p, Bool q) const { return p && q; }
    Bool either(Bool p, Bool q) const { return p || q; }
    Bool negate(Bool p) const { return !p; }
    Word choose(Bool p, Word a, Word b) const { return p ? a : b; }
    Size choose_size(Bool p, Size a, Size b) const { return p ? a : b; }
    bool decide(Bool p) const { return p; }
    bool certainly_false(Bool p) const { return !p; }

   private:
    void note(Comparison::Kind kind, Word a, Word b, Size n) {
        if (log_ == nullptr || a.origin == b.origin || a.origin >= origins_.size() ||
            b.origin >= origins_.size())
            return;
        const Origin& left = origins_[a.origin];
        const Origin& right = origins_[b.origin];
        log_->note({kind, left.role, right.role, (a.value - left.value) - (b.value - right.value), n});
    }

    std::span<const Origin> origins_;
    ComparisonLog* log_;
};

}  // namespace halfopen
