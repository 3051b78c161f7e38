/// Whether two endpoints do the same with every segment of a kind: their steps run on unknown numbers and
/// compared.
#pragma once

#include <z3++.h>

#include <optional>

#include "solver/policy_case.hpp"
#include "spec/tcp/endpoint.hpp"

namespace halfopen {

/// region: a solver whose assertions are what is possible, and that these rules are the ones that decide
/// (null: none).  Left as it was.  Returns where in the region the endpoints differ in what they send, tell
/// the application or remember; nothing where they do not.
std::optional<z3::expr> endpoint_outcomes_differ(z3::context& context, z3::solver& region,
                                                 const Endpoint& before, const Rule* old_rule,
                                                 const Endpoint& after, const Rule* new_rule,
                                                 const PolicyCase& at);

}  // namespace halfopen
