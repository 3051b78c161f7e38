/// Is a decision table total, and does every rule decide something?  Proved by Z3 for all numbers.
///
/// Taken for granted is only what spec/tcp/tcb_invariant.hpp and spec/nat/entry_invariant.hpp say of
/// connections and entries.  Parameters have the values that the policy gives them, except flags that guard
/// rules and, at a NAT, be_liberal and no_window_check: they are tried in every combination.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "solver/policy_case.hpp"
#include "spec/policy/policy.hpp"

namespace halfopen {

/// Segments of one class that no rule decides.
struct Hole {
    SegmentClass segment = SegmentClass::None;
    std::vector<std::size_t> states;  ///< of the vocabulary
    std::uint8_t directions = 0;      ///< direction_original, direction_reply or both
    PolicyWitness witness;            ///< in the first of the states
};

struct DeadRule {
    enum class Why : std::uint8_t {
        Covered,     ///< earlier rules decide all that it matches
        Impossible,  ///< its conditions hold for nothing
        Unselected,  ///< no setting of the parameters that guard it, or no segment at all, selects it
    };
    std::size_t rule = 0;  ///< index into Policy::rules
    Why why = Why::Covered;
    std::vector<std::size_t> covered_by;  ///< earlier rules that decide some of what it matches
};

/// Both match some segment; which of them comes first decides.  The witness is any.
struct Overlap {
    std::size_t first = 0, second = 0;  ///< indices into Policy::rules
    PolicyWitness witness;
};

struct Lint {
    std::vector<Hole> holes;
    std::vector<DeadRule> dead;
    std::vector<Overlap> overlaps;
    bool clean() const { return holes.empty() && dead.empty(); }
};

/// overlaps: look for those as well, which takes longer.  std::runtime_error where Z3 gives up.
Lint lint(const Policy& policy, bool overlaps);

}  // namespace halfopen
