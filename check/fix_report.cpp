/// The result of a search for fixes, for a terminal.
#include <fmt/format.h>

#include <algorithm>

#include "check/report.hpp"
#include "check/report_words.hpp"
#include "check/text_table.hpp"
#include "counterexamples/narration.hpp"
#include "policy_report/exposure_report.hpp"

namespace halfopen {

namespace {

/// "bounded, 0 ms to 3 s": the fastest and the slowest recovery.
std::string verdict_and_times(const CheckResult& result) {
    if (!result.worst_ms || !result.best_ms || *result.best_ms == *result.worst_ms)
        return verdict_and_worst(result);
    return fmt::format("{}, {} to {}", to_string(result.verdict), describe_duration(*result.best_ms),
                       describe_duration(*result.worst_ms));
}

/// Of the server that is cheapest to attack.
std::string weakest(const std::vector<ServerExposure>& exposure) {
    if (exposure.empty()) return "-";
    double least = exposure.front().exposure.expected();
    for (const ServerExposure& one : exposure) least = std::min(least, one.exposure.expected());
    return segment_count(least);
}

std::string names(const std::vector<Fix>& fixes) {
    std::string text;
    for (const Fix& fix : fixes) text += (text.empty() ? "" : " + ") + fix.name;
    return text;
}

std::string titles(const std::vector<Fix>& fixes) {
    std::string text;
    for (const Fix& fix : fixes) text += (text.empty() ? "" : "; ") + fix.title;
    return text;
}

std::string parties(const FixSetOutcome& one) {
    std::vector<std::string> all;
    for (const Fix& fix : one.fixes) {
        if (std::find(all.begin(), all.end(), fix.party) == all.end()) all.push_back(fix.party);
    }
    std::string text;
    for (const std::string& party : all) text += (text.empty() ? "" : " + ") + party;
    return text;
}

std::string helping_table(const std::vector<FixSetOutcome>& sets, const ReportOptions& options) {
    if (sets.empty()) return "  nothing\n";
    Table table({"party", "fixes", "gives up, tries again", "never gives up", "ISNs lost", "proof",
                 "side effects", "blind reset", "what it is"});
    for (const FixSetOutcome& one : sets)
        table.add({parties(one), names(one.fixes),
                   verdict_and_times(one.result) + unless_expected(one.result, one.expected),
                   verdict_and_worst(*one.endless), losing_cell(*one.endless), to_string(one.proof),
                   property_list(one.result.properties), weakest(one.exposure), titles(one.fixes)});
    return table.str(options, [&](std::size_t row, std::size_t column, const std::string& cell) {
        if (column == 2) return painted(options, verdict_color(sets[row - 1].result.verdict), cell);
        if (column == 3) return painted(options, verdict_color(sets[row - 1].endless->verdict), cell);
        return cell;
    });
}

std::string of_no_use_table(const std::vector<FixSetOutcome>& singles, const ReportOptions& options) {
    Table table({"party", "fix", "gives up, tries again", "never gives up", "ISNs lost", "side effects",
                 "what it is"});
    std::vector<explorer::Verdict> verdicts;
    for (const FixSetOutcome& one : singles) {
        if (one.helps()) continue;
        verdicts.push_back(one.result.verdict);
        table.add({parties(one), names(one.fixes),
                   verdict_and_worst(one.result) + unless_expected(one.result, one.expected),
                   verdict_and_worst(*one.endless), losing_cell(*one.endless),
                   property_list(one.result.properties), titles(one.fixes)});
    }
    if (verdicts.empty()) return {};
    return "\nof no use alone\n" +
           table.str(options, [&](std::size_t row, std::size_t column, const std::string& cell) {
               return column == 2 ? painted(options, verdict_color(verdicts[row - 1]), cell) : cell;
           });
}

/// What the words of the column "proof" leave open.
std::string proof_notes(const FixSearch& found) {
    std::string text;
    bool own = false, alone = false;
    for (const FixSetOutcome& one : found.minimal) {
        own |= one.proof.own_only;
        alone |= one.proof.status == FixProof::Status::ProvedAlone;
        if (!one.proof.why.empty()) text += fmt::format("  {}: {}\n", names(one.fixes), one.proof.why);
    }
    if (text.empty()) return {};
    return "\nwhat is not proved\n" + text +
           (alone ? "  (alone: of each client whose outside port nobody else is given before it has "
                    "recovered)\n"
                  : "") +
           (own ? "  (own: of the scenario's old connections as they are when the fault strikes)\n" : "");
}

std::string search_line(const FixSearch& found) {
    const std::size_t singles = found.singles.size();
    std::string text = fmt::format("\ntried {} alone", singles);
    if (found.largest > 1)
        text += fmt::format(
            " and {} together, in sets of up to {}; {} not tried because a part of them helps, {} because "
            "they do not go "
            "together",
            found.tried - singles, found.largest, found.skipped, found.incompatible);
    else if (singles > 1)
        text += "; --max-size 2 tries sets of two as well";
    return text + "\n";
}

}  // namespace

std::string fix_sets_report(const Scenario& scenario, const FixSearch& found, const ReportOptions& options) {
    std::string text = fmt::format("{}: {}\n", scenario.name, scenario.title);
    text += fmt::format("without a fix: {}; side effects: {}; blind reset: {} spoofed segments\n\n",
                        verdict_and_times(found.before), property_list(found.before.properties),
                        weakest(found.exposure_before));
    text += "what helps, and no part of it alone\n" + helping_table(found.minimal, options);
    text += proof_notes(found);
    text += of_no_use_table(found.singles, options);
    return text + search_line(found);
}

}  // namespace halfopen
