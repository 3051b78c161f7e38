#include "policy_report/lint_report.hpp"

#include <fmt/format.h>

#include "policy_report/witness_text.hpp"
#include "solver/side_by_side.hpp"

namespace halfopen {
namespace {

std::string_view why_text(DeadRule::Why why) {
    switch (why) {
        case DeadRule::Why::Covered:
            return "earlier rules decide all that it matches";
        case DeadRule::Why::Impossible:
            return "its conditions hold for no segment in any of its states";
        case DeadRule::Why::Unselected:
            return "no setting of the parameters that guard it selects it for any segment";
    }
    return {};
}

std::vector<std::string> ids_of(const Policy& policy, const std::vector<std::size_t>& rules) {
    std::vector<std::string> ids;
    for (const std::size_t rule : rules) ids.push_back(policy.rules[rule].id);
    return ids;
}

std::vector<std::string> names_of(const std::vector<std::size_t>& states, const Vocabulary& words) {
    std::vector<std::string> names;
    for (const std::size_t state : states) names.emplace_back(words.states[state]);
    return names;
}

std::string rule_text(const Policy& policy, std::size_t index) {
    const Rule& rule = policy.rules[index];
    return fmt::format("{} ({})", rule.id, short_place(rule.place));
}

/// Whichever comes first, the same happens.
bool same_actions(const Policy& policy, const Overlap& overlap) {
    return policy.rules[overlap.first].actions == policy.rules[overlap.second].actions;
}

}  // namespace

std::vector<Lint> lint_all(const std::vector<Policy>& policies, bool overlaps, unsigned threads) {
    std::vector<Lint> results(policies.size());
    side_by_side(policies.size(), threads, [&](std::size_t i) { results[i] = lint(policies[i], overlaps); });
    return results;
}

std::string lint_text(const Policy& policy, const Lint& lint, bool overlaps) {
    const Vocabulary& words = vocabulary(policy.kind);
    std::size_t matter = 0;
    for (const Overlap& overlap : lint.overlaps) matter += same_actions(policy, overlap) ? 0 : 1;
    std::string text =
        fmt::format("{:<10} {:<20} {:>3} rules  {:<10} {}", kind_name(policy.kind), policy.name,
                    policy.rules.size(), lint.holes.empty() ? "total" : "NOT TOTAL",
                    lint.dead.empty() ? "none dead" : fmt::format("{} DEAD", lint.dead.size()));
    if (overlaps)
        text += fmt::format("  {} pairs overlap, of {} the order matters", lint.overlaps.size(), matter);
    text += "\n";
    for (const Hole& hole : lint.holes) {
        text += fmt::format(
            "  no rule for {} in {}{}\n", segment_class_names[static_cast<std::size_t>(hole.segment)],
            joined(names_of(hole.states, words), " "),
            words.rules_have_direction ? fmt::format(", direction {}", direction_name(hole.directions)) : "");
        text += fmt::format("      such as {}\n", to_string(hole.witness.segment));
        const std::string with = with_text(policy, hole.witness);
        text += fmt::format("      in {}{}\n", words.states[hole.witness.at.state],
                            with.empty() ? "" : " with " + with);
    }
    for (const DeadRule& dead : lint.dead) {
        text += fmt::format("  dead: {}: {}\n", rule_text(policy, dead.rule), why_text(dead.why));
        if (!dead.covered_by.empty())
            text += fmt::format("      namely {}\n", joined(ids_of(policy, dead.covered_by), ", "));
    }
    if (!overlaps) return text;
    for (const Overlap& overlap : lint.overlaps)
        text += fmt::format("  {} before {}{}\n      both match {} in {}\n", rule_text(policy, overlap.first),
                            rule_text(policy, overlap.second),
                            same_actions(policy, overlap) ? ", which do the same" : "",
                            to_string(overlap.witness.segment), state_text(policy.kind, overlap.witness.at));
    return text;
}

ReportJson lint_json(const Policy& policy, const Lint& lint, bool overlaps) {
    const Vocabulary& words = vocabulary(policy.kind);
    ReportJson holes = ReportJson::array();
    for (const Hole& hole : lint.holes) {
        ReportJson one{{"segment", segment_class_names[static_cast<std::size_t>(hole.segment)]},
                       {"states", names_of(hole.states, words)}};
        if (words.rules_have_direction) one["direction"] = direction_name(hole.directions);
        one["witness"] = witness_json(hole.witness);
        holes.push_back(std::move(one));
    }
    ReportJson dead = ReportJson::array();
    for (const DeadRule& rule : lint.dead)
        dead.push_back({{"rule", policy.rules[rule.rule].id},
                        {"why", why_text(rule.why)},
                        {"covered_by", ids_of(policy, rule.covered_by)},
                        {"file", policy.rules[rule.rule].place.file},
                        {"line", policy.rules[rule.rule].place.line}});
    ReportJson pairs = ReportJson::array();
    for (const Overlap& overlap : lint.overlaps)
        pairs.push_back({{"first", policy.rules[overlap.first].id},
                         {"second", policy.rules[overlap.second].id},
                         {"same_actions", same_actions(policy, overlap)},
                         {"state", words.states[overlap.witness.at.state]},
                         {"witness", witness_json(overlap.witness)}});
    ReportJson json{{"name", policy.name},   {"kind", kind_name(policy.kind)}, {"rules", policy.rules.size()},
                    {"clean", lint.clean()}, {"holes", std::move(holes)},      {"dead", std::move(dead)}};
    if (overlaps) json["overlaps"] = std::move(pairs);
    return json;
}

}  // namespace halfopen
