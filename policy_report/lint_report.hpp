/// What `lint` found in policies.
#pragma once

#include <string>
#include <vector>

#include "policy_report/words.hpp"
#include "solver/policy_lint.hpp"

namespace halfopen {

/// lint() of each, spread over threads; in the order of the policies.
std::vector<Lint> lint_all(const std::vector<Policy>& policies, unsigned threads);

/// list_overlaps: each pair of rules, and not only how many.
std::string lint_text(const Policy& policy, const Lint& lint, bool list_overlaps);
ReportJson lint_json(const Policy& policy, const Lint& lint);

}  // namespace halfopen
