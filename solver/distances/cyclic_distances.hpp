/// Points on a circle of whole numbers, and how far apart they may lie.
///
/// Sequence numbers are compared by their differences mod 2^32 alone (RFC 9293, section 3.4).  With one of
/// them for the beginning of the circle all others are whole numbers, and what a comparison allows is a few
/// intervals of their difference: a disjunctive temporal constraint satisfaction problem (Dechter, Meiri,
/// Pearl, "Temporal constraint networks", Artificial Intelligence 49, 1991).  Shortest paths tell what
/// intervals of one difference leave of the others; where that leaves a choice each is taken in turn.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "solver/distances/interval_set.hpp"

namespace halfopen {

class CyclicDistances {
   public:
    /// modulus: at most 2^32.
    CyclicDistances(std::size_t points, std::int64_t modulus);

    /// The distance from one point up to another one, mod the modulus, is one of these.
    struct Fact {
        std::size_t from = 0, to = 0;
        IntervalSet distances;  ///< each in [0, modulus)
        /// Instead: the place of `to` less that of `from`, both counted from wherever the circle begins.
        bool along_the_line = false;
    };
    /// Going up from `first` one comes to `second` before `third`, or where that is: two of these hold.  If
    /// one does not, two of their without() do.
    std::array<Fact, 3> in_order(std::size_t first, std::size_t second, std::size_t third) const;
    Fact without(const Fact& fact) const;
    /// One of these holds.
    void require(std::vector<Fact> any);

    struct Answer {
        bool contradiction = false;
        std::vector<std::int64_t> points;  ///< where there is none: a place for each, in [0, modulus)
    };
    /// Nothing where that takes more steps than so many, each of which looks at all points.
    std::optional<Answer> solve(std::size_t most_steps) const;

   private:
    std::size_t beginning() const;

    std::size_t points_;
    std::int64_t modulus_;
    std::vector<std::vector<Fact>> required_;
};

}  // namespace halfopen
