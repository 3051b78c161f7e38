/// Side properties on request (design §6), and those that a scenario states itself, each with the shortest
/// run that violates it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/check.hpp"
#include "spec/world/property_spec.hpp"

namespace halfopen {

struct PropertyResult {
    std::string name;
    std::string what;  ///< what is required
    bool holds = true;
    Trace trace;  ///< where violated: a run with the fewest steps that shows it
};

struct PropertyCheck {
    explorer::StopReason stopped = explorer::StopReason::Complete;
    std::uint64_t states = 0, transitions = 0;
    std::vector<PropertyResult> results;    ///< as asked for; empty where a limit was hit
    std::optional<std::string> checkpoint;  ///< as in CheckResult

    bool all_hold() const;
};

/// leak, cross, collateral, storm, and the scenario's own.
std::vector<std::string> property_names(const std::vector<PropertySpec>& own);

/// Explores every order of events (nothing is merged: conditions may look at several nodes at once) and looks
/// for violations in all that can be reached before everybody has recovered.  Throws InputError where a name
/// is none of property_names().
PropertyCheck check_properties(const Model& model, const std::vector<std::string>& names,
                               const std::vector<PropertySpec>& own, const CheckOptions& options);

}  // namespace halfopen
