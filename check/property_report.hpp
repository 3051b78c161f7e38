/// Properties, for people and for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "check/properties.hpp"
#include "check/report.hpp"

namespace halfopen {

/// Each property with the run that violates it.
std::string properties_report(const Model& model, const PropertyCheck& check, const ReportOptions& options);
nlohmann::ordered_json properties_json(const Model& model, const PropertyCheck& check);

}  // namespace halfopen
