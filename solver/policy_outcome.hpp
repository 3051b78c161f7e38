/// What a policy does with one concrete segment.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "solver/policy_case.hpp"
#include "spec/nat/nat.hpp"
#include "spec/policy/policy.hpp"
#include "spec/tcp/endpoint.hpp"

namespace halfopen {

struct PolicyOutcome {
    const Rule* rule = nullptr;          ///< null: no rule decides it
    EndpointStep<ConcreteReading> step;  ///< of an endpoint, and the TCB afterwards:
    std::optional<ConcreteTcb> tcb;
    Tracked tracked;  ///< of a NAT, and the entry afterwards:
    std::optional<ConntrackEntry<ConcreteReading>> entry;
    std::vector<ConcreteSegment> answers;  ///< what the NAT itself sends back
};

/// The number that outcome_of() gives to a connection that a SYN opens.
inline constexpr std::uint32_t shown_fresh_isn = 7'000'000;

/// What the endpoint does with the segment of a witness.  Its rule belongs to the endpoint.
PolicyOutcome outcome_of(const Endpoint& endpoint, const PolicyWitness& witness);
PolicyOutcome outcome_of(const Nat& nat, const PolicyWitness& witness);
/// The same for either kind; the rule is the policy's own.
PolicyOutcome outcome_of(const Policy& policy, const PolicyWitness& witness);

/// Whether the same is sent or forwarded and the same becomes of the connection, whatever the rules are
/// called.
bool same_behaviour(const PolicyOutcome& a, const PolicyOutcome& b);

}  // namespace halfopen
