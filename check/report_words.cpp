#include "check/report_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "counterexamples/narration.hpp"

namespace halfopen {

std::string painted(const ReportOptions& options, std::string_view code, const std::string& text) {
    return options.color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
}

std::string_view verdict_color(explorer::Verdict verdict) {
    using explorer::Verdict;
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

std::string verdict_and_worst(const CheckResult& result) {
    std::string text(to_string(result.verdict));
    if (result.worst_ms) text += ", " + describe_duration(*result.worst_ms);
    return text;
}

std::string unless_expected(const CheckResult& result, const std::optional<std::string>& expected) {
    return as_expected(result, expected) ? "" : fmt::format(" (expected {})", *expected);
}

std::optional<double> losing_share(const CheckResult& result) {
    std::optional<double> share;
    for (const LosingNumbers& numbers : result.losing)
        share =
            std::max(share.value_or(0), static_cast<double>(numbers.count) / static_cast<double>(all_values));
    return share;
}

std::uint64_t hanging_corner_values(const CheckResult& result) {
    std::uint64_t values = 0;
    for (const CornerReport& corner : result.corners) {
        if (corner.verdict != explorer::Verdict::Bounded) values += corner.count;
    }
    return values;
}

std::string losing_cell(const CheckResult& endless) {
    // Where generic numbers are safe, what is left are single corners.
    return endless.verdict == explorer::Verdict::Bounded
               ? fmt::format("{} of 2^32", hanging_corner_values(endless))
               : percent(losing_share(endless).value_or(0));
}

std::string_view answer(explorer::Verdict verdict) {
    using explorer::Verdict;
    switch (verdict) {
        case Verdict::Permanent:
        case Verdict::Unbounded:
        case Verdict::Storm:
            return "no";
        case Verdict::Bounded:
            return "yes";
        case Verdict::Inconclusive:
            break;
    }
    return "not known";
}

std::string how_to_go_on(const std::optional<std::string>& checkpoint) {
    if (!checkpoint) return {};
    return fmt::format("  go on with    the same command and --resume {}\n", *checkpoint);
}

}  // namespace halfopen
