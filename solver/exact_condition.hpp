/// The proof that a condition on one number is exactly what separates two kinds of runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "spec/numbers/arc.hpp"
#include "spec/numbers/comparison.hpp"

namespace halfopen {

/// The number lies in one of `arcs`.  `inside` and `outside` are values for which it is known how the runs
/// go: one way for the former, another for the latter.
struct ConditionClaim {
    std::span<const Arc> arcs;
    std::span<const std::uint32_t> inside, outside;
};

struct ConditionProof {
    bool inside_always =
        false;  ///< each value within the arcs agrees with one of `inside` and none of `outside`
    bool outside_never = false;   ///< each value beyond agrees with one of `outside` and none of `inside`
    std::size_t comparisons = 0;  ///< that were asked: those between the number and one that is given
    std::optional<std::uint32_t> witness;  ///< a value for which the claim fails
    bool proved() const { return inside_always && outside_never; }
};

/// Proves with Z3 both directions for all 2^32 values of a number of role `drawn`.  Two values agree where
/// every comparison with one of the `given` numbers has the same answer for both; comparisons are read
/// through the reading's before/equal/within.  std::runtime_error where Z3 gives up.
ConditionProof prove_condition(const ConditionClaim& claim, std::span<const Comparison> comparisons,
                               OriginRole drawn, std::span<const Origin> given);

}  // namespace halfopen
