#include <fmt/format.h>

#include <algorithm>

#include "check/report.hpp"
#include "check/report_words.hpp"
#include "check/text_table.hpp"
#include "counterexamples/narration.hpp"

namespace halfopen {

namespace {

using explorer::Verdict;

std::string worst_cell(const CheckResult& result) {
    if (result.worst_ms) return describe_duration(*result.worst_ms);
    return result.verdict == Verdict::Inconclusive ? "?" : "never";
}

}  // namespace

std::string fixes_report(const std::vector<FixSetOutcome>& singles, const ReportOptions& options) {
    Table table({"party", "fix", "gives up, tries again", "never gives up", "ISNs lost", "side effects",
                 "what it is"});
    for (const FixSetOutcome& single : singles) {
        const Fix& fix = single.fixes.front();
        table.add({fix.party, fix.name,
                   verdict_and_worst(single.result) + unless_expected(single.result, single.expected),
                   verdict_and_worst(*single.endless), losing_cell(*single.endless),
                   property_list(single.result.properties), fix.title});
    }
    return table.str(options, [&](std::size_t row, std::size_t column, const std::string& cell) {
        if (column == 2) return painted(options, verdict_color(singles[row - 1].result.verdict), cell);
        if (column == 3) return painted(options, verdict_color(singles[row - 1].endless->verdict), cell);
        return cell;
    });
}

std::string variants_report(const std::vector<VariantOutcome>& outcomes, const ReportOptions& options) {
    Table table({"variant", "verdict", "worst", "ISNs lost", "what it is"});
    for (const VariantOutcome& outcome : outcomes) {
        const auto share = losing_share(outcome.result);
        table.add({outcome.variant.name,
                   std::string(to_string(outcome.result.verdict)) +
                       unless_expected(outcome.result, outcome.variant.expect),
                   worst_cell(outcome.result), share ? percent(*share) : "-", outcome.variant.title});
    }
    return table.str(options, [&](std::size_t row, std::size_t column, const std::string& cell) {
        return column == 1 ? painted(options, verdict_color(outcomes[row - 1].result.verdict), cell) : cell;
    });
}

std::string questions_report(const std::vector<VariantOutcome>& outcomes, const ReportOptions& options) {
    Table table({"question", "answer", "variant", "verdict", "what it is"});
    std::vector<Verdict> verdicts;
    for (const VariantOutcome& outcome : outcomes) {
        if (outcome.variant.question.empty()) continue;
        verdicts.push_back(outcome.result.verdict);
        table.add(
            {outcome.variant.question, std::string(answer(outcome.result.verdict)), outcome.variant.name,
             verdict_and_worst(outcome.result) + unless_expected(outcome.result, outcome.variant.expect),
             outcome.variant.title});
    }
    if (verdicts.empty()) return {};
    return table.str(options, [&](std::size_t row, std::size_t column, const std::string& cell) {
        if (column == 1) return painted(options, "1", cell);
        if (column == 3) return painted(options, verdict_color(verdicts[row - 1]), cell);
        return cell;
    });
}

}  // namespace halfopen
