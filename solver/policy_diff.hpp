/// Which segments two policies of a kind treat differently, as behaviour: what is sent or forwarded, and what
/// becomes of the connection.  Ids, texts and sources are no difference, and neither is one rule in the place
/// of two.
///
/// Times, limits and choices that no rule is guarded by are compared as parameters, not as behaviour:
/// otherwise a longer timer would be a difference of every rule that starts it.  An endpoint's steps are
/// compared with the same parameters on both sides, keepalive on; a NAT's window test with each policy's own.
///
/// Exact for endpoints: where two rules act in different words, their steps are run on unknown numbers.  Two
/// rules of a NAT that act in different words count as different wherever both decide.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "solver/policy_outcome.hpp"

namespace halfopen {

struct PolicyDifference {
    /// Indices into Policy::rules; nothing: no rule decides.
    std::optional<std::size_t> old_rule, new_rule;
    std::vector<SegmentClass> segments;
    std::vector<std::size_t> states;
    std::uint8_t directions = 0;
    PolicyWitness
        witness;  ///< of one segment class in one state, where the two do not do the same if that can be
};

struct ParameterDifference {
    std::string name, old_value, new_value;
};

struct PolicyDiff {
    std::vector<PolicyDifference> differences;
    std::vector<ParameterDifference> parameters;
    bool same() const { return differences.empty() && parameters.empty(); }
};

/// Both of the same kind.  std::runtime_error where Z3 gives up.
PolicyDiff diff(const Policy& before, const Policy& after);

}  // namespace halfopen
