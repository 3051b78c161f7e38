#include "check/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "counterexamples/chart.hpp"
#include "counterexamples/narration.hpp"

namespace halfopen {

namespace {

using explorer::Verdict;

std::string painted(const ReportOptions& options, std::string_view code, const std::string& text) {
    return options.color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

std::string_view verdict_color(Verdict verdict) {
    switch (verdict) {
        case Verdict::Bounded:
            return "32;1";
        case Verdict::Inconclusive:
            return "35;1";
        case Verdict::Unbounded:
            return "33;1";
        default:
            return "31;1";
    }
}

std::string percent(double share) {
    // Never rounds to a certainty that is none.
    if (share > 0 && share < 0.0005) return "<0.1 %";
    if (share < 1 && share > 0.9995) return ">99.9 %";
    return fmt::format("{:.1f} %", 100 * share);
}

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

std::string property_list(const Properties& p) {
    std::string list;
    const auto add = [&](bool on, std::string_view name) {
        if (on) list += (list.empty() ? "" : ", ") + std::string(name);
    };
    add(p.leak, "leak");
    add(p.cross, "cross");
    add(p.collateral, "collateral");
    add(p.storm, "storm");
    return list.empty() ? "none" : list;
}

std::string verdict_cell(const CheckResult& result) { return std::string(to_string(result.verdict)); }

std::string worst_cell(const CheckResult& result) {
    if (result.worst_ms) return describe_duration(*result.worst_ms);
    return result.verdict == Verdict::Inconclusive ? "?" : "never";
}

/// The largest share of numbers that lose, over all meetings.
std::optional<double> losing_share(const CheckResult& result) {
    std::optional<double> share;
    for (const LosingNumbers& numbers : result.losing)
        share =
            std::max(share.value_or(0), static_cast<double>(numbers.count) / static_cast<double>(all_values));
    return share;
}

/// Corners in which a bounded system hangs after all.
std::uint64_t hanging_corner_values(const CheckResult& result) {
    std::uint64_t values = 0;
    for (const CornerReport& corner : result.corners) {
        if (corner.verdict != Verdict::Bounded) values += corner.count;
    }
    return values;
}

class Table {
   public:
    explicit Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    /// paint(row, column, text) colours a cell after it has been padded.
    template <class Paint>
    std::string str(Paint&& paint) const {
        std::vector<std::size_t> widths(rows_.front().size(), 0);
        for (const auto& row : rows_) {
            for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
        }
        std::string text;
        for (std::size_t r = 0; r < rows_.size(); ++r) {
            std::string line = " ";
            for (std::size_t c = 0; c < rows_[r].size(); ++c) {
                const bool last = c + 1 == rows_[r].size();
                const std::string cell = last ? rows_[r][c] : fmt::format("{:<{}}", rows_[r][c], widths[c]);
                line += " " + paint(r, c, cell) + (last ? "" : " ");
            }
            text += line + "\n";
        }
        return text;
    }

   private:
    std::vector<std::vector<std::string>> rows_;
};

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
    std::string condition;
    for (const Interval& interval : numbers.intervals) {
        condition += condition.empty() ? "" : " or ";
        if (interval.size == 1)
            condition += fmt::format("{}", interval.first);
        else
            condition += fmt::format("[{}, {}]", interval.first, interval.first + interval.size - 1);
    }
    return fmt::format("{} of {} ({}): ISS - RCV.NXT in {}", numbers.count, all_values,
                       percent(static_cast<double>(numbers.count) / static_cast<double>(all_values)),
                       condition);
}

namespace {

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
        return text;
    }
    if (result.worst_ms)
        text += fmt::format("  recovery     {} at best, {} at worst, after the fault\n",
                            describe_duration(*result.best_ms), describe_duration(*result.worst_ms));
    else if (result.best_ms)
        text += fmt::format("  recovery     {} at best\n", describe_duration(*result.best_ms));
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
    text += fmt::format("  properties   {}\n", property_list(result.properties));
    if (result.proof.attempted)
        text += result.proof.proved
                    ? fmt::format(
                          "  cells        {} cells in {} draws cover all 2^32 numbers: proved by Z3 for {} "
                          "comparisons\n",
                          result.proof.cells, result.proof.contexts, result.proof.comparisons)
                    : fmt::format("  cells        {}: {}\n", painted(options, "31;1", "NOT PROVED"),
                                  result.proof.failure);
    text += fmt::format("  explored     {} states, {} transitions, {} deep, in {} ms\n", result.states,
                        result.transitions, result.depth, result.elapsed.count());
    if (!result.trace.steps.empty())
        text += "\n" + chart(model, result.trace, ChartOptions{options.color, options.fold, options.width});
    return text;
}

std::string trace_report(const Model& model, const CheckResult& result, const ReportOptions& options) {
    const std::string text = verdict_line(result, options) + "\n";
    if (result.trace.steps.empty()) return text;
    return text + chart(model, result.trace, ChartOptions{options.color, options.fold, options.width});
}

std::string fixes_report(const std::vector<FixOutcome>& outcomes, const ReportOptions& options) {
    Table table({"party", "fix", "verdict", "worst", "endless connect()", "ISNs that lose", "side effects",
                 "what it is"});
    for (const FixOutcome& outcome : outcomes) {
        std::string verdict = verdict_cell(outcome.result);
        if (!as_expected(outcome.result, outcome.expected))
            verdict += " (expected " + *outcome.expected + ")";
        std::string endless = verdict_cell(outcome.endless);
        if (outcome.endless.worst_ms) endless += ", " + describe_duration(*outcome.endless.worst_ms);
        // Where generic numbers are safe, what is left are single corners.
        const auto share = losing_share(outcome.endless);
        const std::string losing = outcome.endless.verdict == Verdict::Bounded
                                       ? fmt::format("{} of 2^32", hanging_corner_values(outcome.endless))
                                       : percent(share.value_or(0));
        table.add({outcome.fix.party, outcome.fix.name, verdict, worst_cell(outcome.result), endless, losing,
                   property_list(outcome.result.properties), outcome.fix.title});
    }
    return table.str([&](std::size_t row, std::size_t column, const std::string& cell) {
        if (row == 0) return painted(options, "2", cell);
        if (column == 2) return painted(options, verdict_color(outcomes[row - 1].result.verdict), cell);
        if (column == 4) return painted(options, verdict_color(outcomes[row - 1].endless.verdict), cell);
        return cell;
    });
}

std::string variants_report(const std::vector<VariantOutcome>& outcomes, const ReportOptions& options) {
    Table table({"variant", "verdict", "worst", "ISNs that lose", "what it is"});
    for (const VariantOutcome& outcome : outcomes) {
        std::string verdict = verdict_cell(outcome.result);
        if (!as_expected(outcome.result, outcome.variant.expect))
            verdict += " (expected " + *outcome.variant.expect + ")";
        const auto share = losing_share(outcome.result);
        table.add({outcome.variant.name, verdict, worst_cell(outcome.result), share ? percent(*share) : "-",
                   outcome.variant.title});
    }
    std::string text = table.str([&](std::size_t row, std::size_t column, const std::string& cell) {
        if (row == 0) return painted(options, "2", cell);
        if (column == 1) return painted(options, verdict_color(outcomes[row - 1].result.verdict), cell);
        return cell;
    });
    bool first = true;
    for (const VariantOutcome& outcome : outcomes) {
        if (outcome.variant.question.empty()) continue;
        if (first) text += "\n";
        first = false;
        const bool hangs = outcome.result.verdict == Verdict::Permanent ||
                           outcome.result.verdict == Verdict::Unbounded ||
                           outcome.result.verdict == Verdict::Storm;
        const std::string answer = outcome.result.verdict == Verdict::Inconclusive ? "not known"
                                   : hangs                                         ? "no"
                                                                                   : "yes";
        text += fmt::format("  {} {} ({}: {})\n", outcome.variant.question, painted(options, "1", answer),
                            outcome.variant.name, to_string(outcome.result.verdict));
    }
    return text;
}

}  // namespace halfopen
