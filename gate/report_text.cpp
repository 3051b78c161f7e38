#include <fmt/format.h>

#include <algorithm>

#include "gate/reports.hpp"

namespace halfopen::gate {
namespace {

std::string change_text(const PolicyChange& change) {
    const char* const kind = change.kind == PolicyKind::Nat ? "nats" : "endpoints";
    if (!change.before) return fmt::format("  {}/{}  is new\n", kind, change.name);
    if (!change.after) return fmt::format("  {}/{}  is gone\n", kind, change.name);
    std::string text = fmt::format("  {}/{}\n", kind, change.name);
    const Vocabulary& words = vocabulary(change.kind);
    for (const PolicyDifference& d : change.diff.differences) {
        std::vector<std::string> segments, states;
        for (const SegmentClass segment : d.segments)
            segments.emplace_back(segment_class_names[static_cast<std::size_t>(segment)]);
        for (const std::size_t state : d.states) states.emplace_back(words.states[state]);
        const auto name = [](const Policy& policy, const std::optional<std::size_t>& rule) {
            return rule ? "[" + policy.rules[*rule].id + "]" : std::string("no rule");
        };
        text += fmt::format("    {} in {}: {} -> {}\n", joined(segments, ", "), joined(states, " "),
                            name(*change.before, d.old_rule), name(*change.after, d.new_rule));
    }
    for (const ParameterDifference& p : change.diff.parameters)
        text += fmt::format("    {}: {} -> {}\n", p.name, p.old_value, p.new_value);
    return text;
}

void list(std::string& text, const GateReport& report, const ReportContext& context, const char* title,
          bool (*belongs)(const PairingReport&), bool with_trace) {
    bool first = true;
    for (const PairingReport& pairing : report.pairings) {
        if (!belongs(pairing)) continue;
        if (first) text += fmt::format("\n{}\n", title);
        text += fmt::format("  {}  {}\n", pairing.id, pairing.title);
        for (const Finding& finding : pairing.findings) {
            text += fmt::format("    {}\n", finding_text(finding));
            if (finding.worse && !finding.place.file.empty())
                text += fmt::format("      {}:{}{}\n", shown_file(finding.place, context), finding.place.line,
                                    finding.rule.empty() ? "" : " [" + finding.rule + "]");
        }
        // One run tells what has become possible; the other forms have them all.
        if (with_trace && first && pairing.after) {
            text += "\n";
            std::string_view left = pairing.after->chart;
            while (!left.empty()) {
                const std::string_view line = left.substr(0, left.find('\n'));
                text += line.empty() ? "\n" : fmt::format("    {}\n", line);
                left.remove_prefix(std::min(left.size(), line.size() + 1));
            }
            text += "\n";
        }
        first = false;
    }
}

}  // namespace

std::string text_report(const GateReport& report, const ReportContext& context) {
    if (report.policies.empty())
        return fmt::format(
            "No policy does anything else than before; {} scenarios and variants are untouched.\n",
            report.untouched);
    std::string text = "Policies that changed\n";
    for (const PolicyChange& change : report.policies) text += change_text(change);
    const auto worse = [](const PairingReport& p) { return p.worse(); };
    const auto better = [](const PairingReport& p) { return p.better(); };
    const auto only_allowed = [](const PairingReport& p) {
        return !p.worse() && !p.better() && !p.findings.empty();
    };
    list(text, report, context, "Worse", worse, true);
    list(text, report, context, "Worse, and allowed", only_allowed, false);
    list(text, report, context, "Better", better, false);
    for (const PairingReport& pairing : report.pairings)
        if (pairing.undecided()) text += fmt::format("\nInconclusive: {}\n", pairing.id);
    for (const std::string& allowance : report.unused_allowances)
        text += fmt::format("\n--allow {} allows nothing: it is not needed\n", allowance);
    return text + "\n" + summary_line(report) + "\n";
}

}  // namespace halfopen::gate
