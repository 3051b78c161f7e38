#include <fmt/format.h>

#include "gate/reports.hpp"

namespace halfopen::gate {
namespace {

/// XML 1.0 has no place for most control characters, not even escaped.
std::string escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            default:
                safe += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
        }
    }
    return safe;
}

std::string body(const PairingReport& pairing, const ReportContext& context) {
    std::string text;
    for (const Finding& finding : pairing.findings) {
        text += finding_text(finding) + "\n";
        if (finding.worse && !finding.place.file.empty())
            text += fmt::format("  {}:{} [{}]\n", shown_file(finding.place, context), finding.place.line,
                                finding.rule);
    }
    if (pairing.after) text += "\n" + pairing.after->chart;
    return text;
}

}  // namespace

std::string junit_report(const GateReport& report, const ReportContext& context) {
    std::size_t failures = 0, skipped = 0;
    std::string cases;
    for (const PairingReport& pairing : report.pairings) {
        cases += fmt::format("    <testcase classname=\"halfopen.gate\" name=\"{}\"", escaped(pairing.id));
        if (pairing.worse()) {
            ++failures;
            std::string message;
            for (const Finding& finding : pairing.findings)
                if (finding.worse && !finding.allowed)
                    message += (message.empty() ? "" : "; ") + finding_text(finding);
            cases +=
                fmt::format(">\n      <failure type=\"worse\" message=\"{}\">{}</failure>\n    </testcase>\n",
                            escaped(message), escaped(body(pairing, context)));
        } else if (pairing.undecided()) {
            ++skipped;
            cases += ">\n      <skipped message=\"inconclusive: a limit was hit first\"/>\n    </testcase>\n";
        } else if (!pairing.findings.empty()) {
            cases += fmt::format(">\n      <system-out>{}</system-out>\n    </testcase>\n",
                                 escaped(body(pairing, context)));
        } else {
            cases += "/>\n";
        }
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"halfopen gate\" "
        "tests=\"{}\" "
        "failures=\"{}\" errors=\"0\" skipped=\"{}\">\n{}  </testsuite>\n</testsuites>\n",
        report.pairings.size(), failures, skipped, cases);
}

}  // namespace halfopen::gate
