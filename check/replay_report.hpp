/// What became of a proof's counterexamples in worlds of the scenario, for people and for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "check/counterexample_replay.hpp"
#include "check/report.hpp"

namespace halfopen {

/// One line each, and the first run that was found; empty where there were no counterexamples.
std::string replay_report(const std::vector<Replay>& replays, const ReportOptions& options);
nlohmann::ordered_json replay_json(const std::vector<Replay>& replays);

/// The first run that was found, as `halfopen check` writes it (docs/json-format.md); null where none was.
nlohmann::ordered_json found_run_json(const std::vector<Replay>& replays);

}  // namespace halfopen
