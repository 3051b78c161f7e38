#include "solver/policy_outcome.hpp"

namespace halfopen {

PolicyOutcome outcome_of(const Endpoint& endpoint, const PolicyWitness& witness) {
    ConcreteReading r;
    PolicyOutcome outcome;
    outcome.tcb = witness.tcb;
    outcome.step =
        receive(r, endpoint, *outcome.tcb, witness.segment, std::optional(r.literal(shown_fresh_isn)));
    outcome.rule = outcome.step.rule;
    return outcome;
}

PolicyOutcome outcome_of(const Nat& nat, const PolicyWitness& witness) {
    ConcreteReading r;
    PolicyOutcome outcome;
    outcome.entry = witness.entry;
    outcome.tracked = track(r, nat, *outcome.entry, witness.segment,
                            witness.at.direction == direction_reply ? reply : original, &outcome.answers);
    outcome.rule = outcome.tracked.rule;
    return outcome;
}

PolicyOutcome outcome_of(const Policy& policy, const PolicyWitness& witness) {
    const auto own = [&](PolicyOutcome outcome, const Policy& copy) {
        if (outcome.rule != nullptr) outcome.rule = &policy.rules[outcome.rule - copy.rules.data()];
        outcome.step.rule = outcome.tracked.rule = outcome.rule;
        return outcome;
    };
    if (policy.kind == PolicyKind::Endpoint) {
        const Endpoint endpoint(policy);
        return own(outcome_of(endpoint, witness), endpoint.policy());
    }
    const Nat nat(policy);
    return own(outcome_of(nat, witness), nat.policy());
}

bool same_behaviour(const PolicyOutcome& a, const PolicyOutcome& b) {
    return (a.rule == nullptr) == (b.rule == nullptr) && a.step.sent == b.step.sent &&
           a.step.event == b.step.event && a.tcb == b.tcb && a.tracked.verdict == b.tracked.verdict &&
           a.tracked.delete_entry == b.tracked.delete_entry && a.entry == b.entry && a.answers == b.answers;
}

}  // namespace halfopen
