#include <fmt/format.h>

#include "gate/reports.hpp"

namespace halfopen::gate {
namespace {

/// For a cell of a table.
std::string cell(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        if (c == '|' || c == '`' || c == '*' || c == '_' || c == '[' || c == '\\') safe += '\\';
        if (c == '<')
            safe += "&lt;";
        else if (c == '\n')
            safe += ' ';
        else
            safe += c;
    }
    return safe;
}

}  // namespace

std::string markdown_report(const GateReport& report, const ReportContext& context) {
    std::string text = fmt::format("## Halfopen gate: {}\n\n{}.\n",
                                   report.worse() ? "something got worse" : "passed", summary_line(report));
    if (!report.policies.empty()) {
        text += "\nChanged policies:";
        const char* comma = " ";
        for (const PolicyChange& change : report.policies) {
            text += fmt::format("{}`{}`{}", comma, change.name,
                                !change.before  ? " (new)"
                                : !change.after ? " (gone)"
                                                : "");
            comma = ", ";
        }
        text += "\n";
    }
    bool rows = false;
    for (const PairingReport& pairing : report.pairings)
        for (const Finding& finding : pairing.findings) {
            if (!rows) text += "\n| | pairing | what | before | after | rule |\n|---|---|---|---|---|---|\n";
            rows = true;
            const std::string rule =
                finding.rule.empty() ? ""
                                     : fmt::format("{} ({}:{})", finding.rule,
                                                   shown_file(finding.place, context), finding.place.line);
            text += fmt::format("| {} | {} | {} | {} | {} | {} |\n",
                                !finding.worse    ? "better"
                                : finding.allowed ? "allowed"
                                                  : "**worse**",
                                cell(pairing.id), to_string(finding.kind), cell(finding.before),
                                cell(finding.after), cell(rule));
        }
    for (const PairingReport& pairing : report.pairings) {
        if (!pairing.worse() || !pairing.after || pairing.after->steps.empty()) continue;
        text += fmt::format("\nThe first that got worse, {}: {}\n\n```mermaid\n{}```\n", cell(pairing.id),
                            cell(pairing.title), pairing.after->mermaid);
        break;
    }
    return text;
}

}  // namespace halfopen::gate
