#include "solver/rule_regions.hpp"

#include <algorithm>

namespace halfopen {
namespace {

/// What a rule does in a state: to enter the state that one is in is nothing, for a tracker.
std::vector<Action> effect(const RuleFormulas& table, const CompiledRule* rule, std::size_t state) {
    if (rule == nullptr) return {};
    std::vector<Action> actions = rule->actions;
    if (table.policy().kind == PolicyKind::Nat) {
        const Vocabulary& words = vocabulary(PolicyKind::Nat);
        std::erase_if(actions, [&](const Action& action) {
            return words.actions[action.verb].takes_state && action.state == state;
        });
    }
    return actions;
}

/// The pairs (i, j) of the two lists, each with its rules and "matches nothing else" at its end, where the
/// effects are unlike and neither rule's conditions come before the other in its list.
/// alike(region, region): they match the same.
template <class Region, class Alike>
std::vector<UnlikePair> pairs_of(const RuleFormulas& old_table, const std::vector<Region>& before,
                                 const RuleFormulas& new_table, const std::vector<Region>& after,
                                 const PolicyCase& at, const Alike& alike) {
    const auto effects = [&](const RuleFormulas& table, const std::vector<Region>& regions) {
        std::vector<std::vector<Action>> all;
        for (const Region& region : regions) all.push_back(effect(table, region.rule, at.state));
        return all;
    };
    // Whatever it matches never comes to a later one.
    const auto first_alike = [&](const Region& region, const std::vector<Region>& others) {
        std::size_t i = 0;
        while (i < others.size() && !alike(others[i], region)) ++i;
        return i;
    };
    const auto old_effects = effects(old_table, before), new_effects = effects(new_table, after);
    std::vector<std::size_t> in_before, in_after;
    for (const Region& region : after) in_before.push_back(first_alike(region, before));
    for (const Region& region : before) in_after.push_back(first_alike(region, after));
    std::vector<UnlikePair> pairs;
    for (std::size_t i = 0; i < before.size(); ++i)
        for (std::size_t j = 0; j < after.size(); ++j) {
            const bool both_or_neither = (before[i].rule == nullptr) == (after[j].rule == nullptr);
            if (both_or_neither && old_effects[i] == new_effects[j]) continue;
            if (in_after[i] < j || in_before[j] < i) continue;
            pairs.push_back({i, j});
        }
    return pairs;
}

struct WordedRule {
    const CompiledRule* rule;
};

std::vector<WordedRule> worded(const RuleFormulas& table, const PolicyCase& at) {
    std::vector<WordedRule> all;
    for (const CompiledRule& rule : table.rules(at)) all.push_back({&rule});
    all.push_back({nullptr});
    return all;
}

}  // namespace

std::vector<RuleRegion> rule_regions(z3::context& context, RuleFormulas& table, const PolicyCase& at) {
    std::vector<RuleRegion> all;
    z3::expr left = context.bool_val(true);
    for (const CompiledRule& rule : table.rules(at)) {
        const z3::expr matches = table.matches(at, rule);
        if (matches.is_false()) continue;
        all.push_back({&rule, matches, left && matches});
        // Not simplified as a whole: that would go through all that came before again and again.
        left = left && (!matches).simplify();
        if (matches.is_true()) return all;
    }
    all.push_back({nullptr, context.bool_val(true), left});
    return all;
}

std::vector<UnlikePair> unlike_pairs(const RuleFormulas& old_table, const std::vector<RuleRegion>& before,
                                     const RuleFormulas& new_table, const std::vector<RuleRegion>& after,
                                     const PolicyCase& at) {
    return pairs_of(old_table, before, new_table, after, at,
                    [](const RuleRegion& a, const RuleRegion& b) { return z3::eq(a.matches, b.matches); });
}

bool says_the_same(const RuleFormulas& old_table, const RuleFormulas& new_table, const PolicyCase& at) {
    // A NAT's choices decide what its window test means.
    const bool same_meaning = old_table.policy().kind == PolicyKind::Endpoint ||
                              old_table.policy().parameters == new_table.policy().parameters;
    return same_meaning && pairs_of(old_table, worded(old_table, at), new_table, worded(new_table, at), at,
                                    [](const WordedRule& a, const WordedRule& b) {
                                        if (a.rule == nullptr || b.rule == nullptr) return a.rule == b.rule;
                                        return a.rule->predicates == b.rule->predicates;
                                    })
                               .empty();
}

}  // namespace halfopen
