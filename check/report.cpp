#include "check/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "check/report_words.hpp"
#include "counterexamples/chart.hpp"
#include "counterexamples/narration.hpp"

namespace halfopen {

namespace {

using explorer::Verdict;

std::string_view reason_text(explorer::StopReason reason) {
    switch (reason) {
        case explorer::StopReason::Timeout:
            return "the time limit (--timeout) was reached";
        case explorer::StopReason::Memory:
            return "the memory limit (--memory) was reached";
        case explorer::StopReason::Depth:
            return "the depth limit (--max-depth) was reached";
        case explorer::StopReason::Interrupted:
            return "it was interrupted";
        case explorer::StopReason::Complete:
            break;
    }
    return "complete";
}

}  // namespace

std::string describe_verdict(Verdict verdict) {
    switch (verdict) {
        case Verdict::Bounded:
            return "every run recovers";
        case Verdict::Unbounded:
            return "recovery stays possible, but a run exists that never recovers";
        case Verdict::Storm:
            return "a run exists in which segments chase each other without time passing";
        case Verdict::Permanent:
            return "a state can be reached from which no run recovers";
        case Verdict::Inconclusive:
            return "a limit was hit first";
    }
    return {};
}

std::string describe_share(const LosingNumbers& numbers) {
    if (numbers.count == all_values) return "all 2^32: any ISS";
    std::string condition;
    for (const Interval& interval : numbers.intervals) {
        condition += condition.empty() ? "" : " or ";
        if (interval.size == 1)
            condition += fmt::format("{}", interval.first);
        else
            condition += fmt::format("[{}, {}]", interval.first, interval.first + interval.size - 1);
    }
    return fmt::format("{} of 2^32 ({}): ISS - RCV.NXT in {}", numbers.count,
                       percent(static_cast<double>(numbers.count) / static_cast<double>(all_values)),
                       condition);
}

namespace {

ChartOptions chart_options(const ReportOptions& options) {
    return {options.color, options.fold, options.brief, options.width};
}

std::string verdict_line(const CheckResult& result, const ReportOptions& options) {
    return fmt::format(
        "  {}  {}\n", painted(options, verdict_color(result.verdict), std::string(to_string(result.verdict))),
        describe_verdict(result.verdict));
}

/// One line for all meetings with the same numbers.
std::string losing_lines(const Model& model, const CheckResult& result) {
    if (result.losing.empty()) return {};
    const bool alike = std::all_of(
        result.losing.begin(), result.losing.end(),
        [&](const LosingNumbers& numbers) { return numbers.intervals == result.losing.front().intervals; });
    if (alike)
        return fmt::format("  ISNs         an attempt that meets an old connection loses for {}\n",
                           describe_share(result.losing.front()));
    std::string text;
    for (const LosingNumbers& numbers : result.losing) {
        text += fmt::format("  ISNs         {} meeting {}'s old connection loses for {}\n",
                            model.clients()[numbers.client].spec.name,
                            model.clients()[numbers.met_client].spec.name, describe_share(numbers));
    }
    return text;
}

}  // namespace

std::string check_report(const Model& model, const CheckResult& result,
                         const std::optional<std::string>& expected, const ReportOptions& options) {
    const Scenario& scenario = model.scenario();
    std::string text = fmt::format("{}: {}\n\n", scenario.name, scenario.title);
    text += verdict_line(result, options);
    if (result.verdict != Verdict::Inconclusive && !as_expected(result, expected))
        text +=
            fmt::format("  {}  the scenario expects {}\n", painted(options, "31;1", "UNEXPECTED"), *expected);
    if (result.verdict == Verdict::Inconclusive) {
        text += fmt::format("  {}, after {} states and {} transitions; nothing is claimed\n",
                            reason_text(result.stopped), result.states, result.transitions);
        return text + how_to_go_on(result.checkpoint);
    }
    if (result.worst_ms)
        text += fmt::format("  recovery     {} at best, {} at worst, after the fault\n",
                            describe_duration(*result.best_ms), describe_duration(*result.worst_ms));
    else if (result.best_ms)
        text += fmt::format("  recovery     {} at best\n", describe_duration(*result.best_ms));
    if (result.wears_out)
        text +=
            "  rounds       each leaves less room in a mapping, so that without numbers from corners none "
            "goes on "
            "for ever\n";
    text += losing_lines(model, result);
    if (result.escape_per_attempt && *result.escape_per_attempt < 1)
        text += fmt::format(
            "  attempts     each gets through with probability {} at least, whatever the order of events\n",
            percent(*result.escape_per_attempt));
    for (const CornerReport& corner : result.corners) {
        text +=
            fmt::format("  corner       {} ({} of 2^32): {}{}\n", corner.condition, corner.count,
                        to_string(corner.verdict),
                        corner.verdict == Verdict::Bounded ? ", " + describe_duration(corner.worst_ms) : "");
    }
    if (!result.corners_complete) text += "  corners      not looked into: a limit was reached\n";
    text += how_to_go_on(result.checkpoint);
    text += fmt::format("  properties   {}\n", property_list(result.properties));
    if (result.proof.attempted)
        text += result.proof.proved
                    ? fmt::format(
                          "  cells        {} cells in {} draws cover all 2^32 numbers: proved by Z3 for {} "
                          "comparisons{}\n",
                          result.proof.cells, result.proof.contexts, result.proof.comparisons,
                          result.proof.joint ? ", and sums of two" : "")
                    : fmt::format("  cells        {}: {}\n", painted(options, "31;1", "NOT PROVED"),
                                  result.proof.failure);
    text += fmt::format("  explored     {} states, {} transitions, {} deep, in {} ms\n", result.states,
                        result.transitions, result.depth, result.elapsed.count());
    if (!result.trace.steps.empty()) text += "\n" + chart(model, result.trace, chart_options(options));
    return text;
}

std::string trace_report(const Model& model, const CheckResult& result, const ReportOptions& options) {
    const std::string text = verdict_line(result, options) + "\n";
    if (result.trace.steps.empty()) return text;
    return text + chart(model, result.trace, chart_options(options));
}

}  // namespace halfopen
