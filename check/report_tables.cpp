#include <fmt/format.h>

#include <algorithm>

#include "check/report.hpp"
#include "check/report_words.hpp"
#include "counterexamples/narration.hpp"

namespace halfopen {

namespace {

using explorer::Verdict;

/// Left-aligned columns; the last one is cut off where the terminal ends.
class Table {
   public:
    explicit Table(std::vector<std::string> header) { rows_.push_back(std::move(header)); }
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    /// paint(row, column, text) colours a cell after it has been padded; row 0 is the header.
    template <class Paint>
    std::string str(const ReportOptions& options, Paint&& paint) const {
        std::vector<std::size_t> widths(rows_.front().size(), 0);
        for (const auto& row : rows_) {
            for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
        }
        std::string text;
        for (std::size_t r = 0; r < rows_.size(); ++r) {
            std::string line = "  ";
            std::size_t columns = 2;  // without what colours add
            for (std::size_t c = 0; c < rows_[r].size(); ++c) {
                const bool last = c + 1 == rows_[r].size();
                std::string cell = last ? rows_[r][c] : fmt::format("{:<{}}", rows_[r][c], widths[c]);
                if (options.width > 0 && columns + cell.size() > options.width)
                    cell.resize(options.width - std::min(options.width, columns));
                columns += cell.size() + 2;
                const std::string shown = r == 0 ? painted(options, "2", cell) : paint(r, c, cell);
                line += shown + (last ? "" : "  ");
            }
            text += line + "\n";
        }
        return text;
    }

   private:
    std::vector<std::vector<std::string>> rows_;
};

std::string worst_cell(const CheckResult& result) {
    if (result.worst_ms) return describe_duration(*result.worst_ms);
    return result.verdict == Verdict::Inconclusive ? "?" : "never";
}

/// "bounded, 3 s", "unbounded".
std::string verdict_and_worst(const CheckResult& result) {
    std::string text(to_string(result.verdict));
    if (result.worst_ms) text += ", " + describe_duration(*result.worst_ms);
    return text;
}

std::string unless_expected(const CheckResult& result, const std::optional<std::string>& expected) {
    return as_expected(result, expected) ? "" : fmt::format(" (expected {})", *expected);
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

}  // namespace

std::string fixes_report(const std::vector<FixOutcome>& outcomes, const ReportOptions& options) {
    Table table({"party", "fix", "gives up, tries again", "never gives up", "ISNs lost", "side effects",
                 "what it is"});
    for (const FixOutcome& outcome : outcomes) {
        // Where generic numbers are safe, what is left are single corners.
        const auto share = losing_share(outcome.endless);
        const std::string losing = outcome.endless.verdict == Verdict::Bounded
                                       ? fmt::format("{} of 2^32", hanging_corner_values(outcome.endless))
                                       : percent(share.value_or(0));
        table.add({outcome.fix.party, outcome.fix.name,
                   verdict_and_worst(outcome.result) + unless_expected(outcome.result, outcome.expected),
                   verdict_and_worst(outcome.endless), losing, property_list(outcome.result.properties),
                   outcome.fix.title});
    }
    return table.str(options, [&](std::size_t row, std::size_t column, const std::string& cell) {
        if (column == 2) return painted(options, verdict_color(outcomes[row - 1].result.verdict), cell);
        if (column == 3) return painted(options, verdict_color(outcomes[row - 1].endless.verdict), cell);
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
