/// Explanations, for people and for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "check/explain.hpp"
#include "check/report.hpp"

namespace halfopen {

/// The condition on the numbers, the proof and the runs that confirm it, the rules with their sources, the
/// run.
std::string explain_report(const Model& model, const Explanation& explanation, const ReportOptions& options);
nlohmann::ordered_json explain_json(const Model& model, const Explanation& explanation);

}  // namespace halfopen
