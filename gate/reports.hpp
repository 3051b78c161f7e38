/// The gate's result in the forms that people and CI systems read.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "gate/gate.hpp"

namespace halfopen::gate {

inline constexpr std::array<std::string_view, 6> report_formats{"text",   "json",  "markdown",
                                                                "github", "sarif", "junit"};

struct ReportContext {
    std::filesystem::path root;  ///< files are named relative to it (that of the repository, for GitHub)
    std::string version;         ///< of Halfopen
};

/// format: one of report_formats.
std::string render(std::string_view format, const GateReport& report, const ReportContext& context);

std::string text_report(const GateReport& report, const ReportContext& context);
nlohmann::ordered_json json_report(const GateReport& report, const ReportContext& context);
/// For a job summary: the first regression as a Mermaid chart.
std::string markdown_report(const GateReport& report, const ReportContext& context);
/// Workflow commands: an annotation at the rule of each regression.
std::string github_report(const GateReport& report, const ReportContext& context);
/// SARIF 2.1.0; the trace as a code flow through the rules.
nlohmann::ordered_json sarif_report(const GateReport& report, const ReportContext& context);
/// One test case for each pairing that was checked.
std::string junit_report(const GateReport& report, const ReportContext& context);

/// "2 pairings got worse, 1 better, 30 unchanged; 12 untouched".
std::string summary_line(const GateReport& report);
/// "verdict: bounded, 3 s at worst -> permanent".
std::string finding_text(const Finding& finding);
/// Relative to the root where the file lies below it; with '/' between folders.
std::string shown_file(const Place& place, const ReportContext& context);
/// The rule of a trace's step in the candidate's policies; null where it is none of theirs.
const Rule* rule_of(const PairingReport& pairing, const OutcomeStep& step);
/// Who did it: the node's name.
std::string actor_of(const PairingReport& pairing, const OutcomeStep& step);

}  // namespace halfopen::gate
