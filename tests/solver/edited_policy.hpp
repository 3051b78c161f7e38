/// Shipped policies with a flaw or a change.
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>

#include "spec/tcp/endpoint_vocabulary.hpp"
#include "tests/solver/both_readings.hpp"

namespace halfopen::testing {

inline Policy endpoint_policy(const std::string& name) {
    return shipped_policies().load(PolicyKind::Endpoint, name);
}
inline Policy nat_policy(const std::string& name) { return shipped_policies().load(PolicyKind::Nat, name); }

inline std::size_t index_of(const Policy& policy, const std::string& id) {
    const auto at = std::find_if(policy.rules.begin(), policy.rules.end(),
                                 [&](const Rule& rule) { return rule.id == id; });
    if (at == policy.rules.end()) throw std::invalid_argument(policy.name + " has no rule " + id);
    return static_cast<std::size_t>(at - policy.rules.begin());
}
inline Rule& rule_of(Policy& policy, const std::string& id) { return policy.rules[index_of(policy, id)]; }

inline Policy without(Policy policy, const std::string& id) {
    policy.rules.erase(policy.rules.begin() + static_cast<std::ptrdiff_t>(index_of(policy, id)));
    return policy;
}

/// A copy of the rule under another id, at the end of the table.
inline Rule& add_copy(Policy& policy, const std::string& id, const std::string& copy) {
    Rule rule = rule_of(policy, id);
    rule.id = copy;
    policy.rules.push_back(std::move(rule));
    return policy.rules.back();
}

inline Condition predicate(EndpointPredicate p, bool negated = false) {
    return {Condition::Kind::Predicate, static_cast<std::uint16_t>(p), negated};
}
inline Condition flag_is(EndpointParameter p, bool negated = false) {
    return {Condition::Kind::Parameter, static_cast<std::uint16_t>(p), negated};
}
inline Action act(EndpointAction verb) { return {static_cast<std::uint16_t>(verb), 0}; }

}  // namespace halfopen::testing
