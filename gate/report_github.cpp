#include <fmt/format.h>

#include <algorithm>

#include "gate/reports.hpp"

namespace halfopen::gate {
namespace {

/// As GitHub's runner reads them (actions/toolkit, packages/core/src/command.ts).
std::string escaped(std::string_view text, bool property) {
    std::string safe;
    for (const char c : text) {
        if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
            safe += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        else
            safe += c;
    }
    return safe;
}

}  // namespace

std::string github_report(const GateReport& report, const ReportContext& context) {
    std::string text;
    for (const PairingReport& pairing : report.pairings)
        for (const Finding& finding : pairing.findings) {
            if (!finding.worse) continue;
            std::string properties;
            if (!finding.place.file.empty())
                properties =
                    fmt::format("file={},line={},", escaped(shown_file(finding.place, context), true),
                                std::max(finding.place.line, 1U));
            const std::string title = fmt::format("halfopen: {}: {}", to_string(finding.kind), pairing.id);
            std::string message =
                fmt::format("{}\n{}: {}", pairing.title, meaning(finding.kind), finding_text(finding));
            if (!finding.rule.empty()) message += fmt::format("\nby rule [{}]", finding.rule);
            text += fmt::format("::{} {}title={}::{}\n", finding.allowed ? "notice" : "error", properties,
                                escaped(title, true), escaped(message, false));
        }
    return text + fmt::format("::notice title=halfopen gate::{}\n", escaped(summary_line(report), false));
}

}  // namespace halfopen::gate
