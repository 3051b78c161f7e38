/// What `lint` found in policies.
#pragma once

#include <string>
#include <vector>

#include "policy_report/words.hpp"
#include "solver/policy_lint.hpp"

namespace halfopen {

/// lint() of each, spread over threads; in the order of the policies.
std::vector<Lint> lint_all(const std::vector<Policy>& policies, bool overlaps, unsigned threads);

/// overlaps: they were looked for.
std::string lint_text(const Policy& policy, const Lint& lint, bool overlaps);
ReportJson lint_json(const Policy& policy, const Lint& lint, bool overlaps);

}  // namespace halfopen
