/// How two policies differ.
#pragma once

#include <string>

#include "policy_report/words.hpp"
#include "solver/policy_diff.hpp"

namespace halfopen {

std::string diff_text(const Policy& before, const Policy& after, const PolicyDiff& diff);
ReportJson diff_json(const Policy& before, const Policy& after, const PolicyDiff& diff);

}  // namespace halfopen
