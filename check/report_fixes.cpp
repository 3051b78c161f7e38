/// What fixes do, as tables.
#include <fmt/format.h>

#include "check/report.hpp"
#include "check/report_words.hpp"
#include "check/table.hpp"
#include "policy_report/exposure_report.hpp"

namespace halfopen {

namespace {

using explorer::Verdict;

/// Corners in which a bounded system hangs after all.
std::uint64_t hanging_corner_values(const CheckResult& result) {
    std::uint64_t values = 0;
    for (const CornerReport& corner : result.corners) {
        if (corner.verdict != Verdict::Bounded) values += corner.count;
    }
    return values;
}

/// Where generic numbers are safe, what is left are single corners.
std::string numbers_lost(const FixSet& set) {
    return set.endless.verdict == Verdict::Bounded
               ? fmt::format("{} of 2^32", hanging_corner_values(set.endless))
               : percent(losing_share(set.endless).value_or(0));
}

template <class Get>
std::string joined_by(const std::vector<Fix>& fixes, std::string_view between, Get&& get) {
    std::string text;
    for (const Fix& fix : fixes) text += (text.empty() ? "" : std::string(between)) + get(fix);
    return text;
}

std::vector<std::string> row(const FixSet& set, const ReportOptions& options) {
    std::string parties, names = "(none)", what = "the scenario as it is";
    if (!set.fixes.empty()) {
        for (const std::string& party : set.parties()) parties += (parties.empty() ? "" : ", ") + party;
        names = joined_by(set.fixes, " + ", [](const Fix& fix) { return fix.name; });
        what = joined_by(set.fixes, "; ", [](const Fix& fix) { return fix.title; });
    }
    std::vector<std::string> cells{parties,
                                   names,
                                   verdict_and_worst(set.result) + unless_expected(set.result, set.expected),
                                   verdict_and_worst(set.endless),
                                   numbers_lost(set),
                                   property_list(set.result.properties)};
    if (!options.brief) cells.push_back(segment_count(set.exposure));
    cells.push_back(what);
    return cells;
}

std::string table_of(const std::vector<const FixSet*>& sets, const std::string& who, const std::string& what,
                     const ReportOptions& options) {
    std::vector<std::string> header{who,         what,          "gives up, tries again", "never gives up",
                                    "ISNs lost", "side effects"};
    if (!options.brief) header.emplace_back("blind reset");
    header.emplace_back("what it is");
    Table table(std::move(header));
    for (const FixSet* set : sets) table.add(row(*set, options));
    return table.str(options, [&](std::size_t at, std::size_t column, const std::string& cell) {
        if (column == 2) return painted(options, verdict_color(sets[at - 1]->result.verdict), cell);
        if (column == 3) return painted(options, verdict_color(sets[at - 1]->endless.verdict), cell);
        return cell;
    });
}

}  // namespace

std::string fixes_report(const FixSearch& search, const ReportOptions& options) {
    std::vector<const FixSet*> sets{&search.before};
    for (const FixSet& set : search.singles) sets.push_back(&set);
    return table_of(sets, "party", "fix", options);
}

std::string fix_sets_report(const FixSearch& search, const ReportOptions& options) {
    std::string text =
        fmt::format("  {} of {} larger sets work; {} were not tried, because a smaller one works",
                    search.larger.size(), search.tried, search.supersets);
    if (search.contradictions > 0)
        text += fmt::format(", {} because they contradict themselves", search.contradictions);
    text += "\n";
    if (search.larger.empty()) return text;
    std::vector<const FixSet*> sets;
    for (const FixSet& set : search.larger) sets.push_back(&set);
    return text + table_of(sets, "parties", "fixes", options);
}

}  // namespace halfopen
