/// Results for people and for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "check/batch.hpp"
#include "check/fix_sets.hpp"

namespace halfopen {

struct ReportOptions {
    bool color = false;
    bool fold = true;
    bool brief = false;  ///< the trace without what became of clients that recovered, and without rule ids;
                         ///< fixes without their blind-reset exposure
    std::size_t width = 0;  ///< of the terminal; 0: lines may be of any length
};

/// "unbounded  recovery stays possible, but a run exists that never recovers"
std::string describe_verdict(explorer::Verdict verdict);
/// "2147418111 of 2^32 (50.0 %): ISS - RCV.NXT in [65536, 2147483646]", "all 2^32: any ISS".
std::string describe_share(const LosingNumbers& numbers);

/// Verdict, times, numbers that lose, corners, side properties, trace.
std::string check_report(const Model& model, const CheckResult& result,
                         const std::optional<std::string>& expected, const ReportOptions& options);
/// The verdict in a line, and the trace.
std::string trace_report(const Model& model, const CheckResult& result, const ReportOptions& options);
nlohmann::ordered_json check_json(const Model& model, const CheckResult& result,
                                  const std::optional<std::string>& expected);

/// One line a fix.
std::string fixes_report(const std::vector<FixSetOutcome>& singles, const ReportOptions& options);

/// What helps, by party, and what does not; with the state of things without a fix.
std::string fix_sets_report(const Scenario& scenario, const FixSearch& found, const ReportOptions& options);
nlohmann::ordered_json fixes_json(const Scenario& scenario, const FixSearch& found);

/// One line a variant.
std::string variants_report(const std::vector<VariantOutcome>& outcomes, const ReportOptions& options);
/// The answers to the questions that variants ask ("Does it take two clients?"), one line each; empty where
/// none asks.
std::string questions_report(const std::vector<VariantOutcome>& outcomes, const ReportOptions& options);
nlohmann::ordered_json variants_json(const std::vector<VariantOutcome>& outcomes);

}  // namespace halfopen
