#include "spec/policy/decision_table.hpp"

#include <optional>

namespace halfopen {

namespace {

/// Nothing where a guard by a parameter is false: then the rule is not there at all.
std::optional<CompiledRule> compile(const Policy& policy, const Vocabulary& words, std::size_t index) {
    const Rule& rule = policy.rules[index];
    CompiledRule compiled{static_cast<std::uint16_t>(index), {}, rule.actions};
    for (const Condition& term : rule.when) {
        if (term.kind == Condition::Kind::Predicate) {
            compiled.predicates.push_back(term);
        } else if (policy.flag(words.parameters[term.index].name) == term.negated) {
            return std::nullopt;
        }
    }
    return compiled;
}

bool has_bit(std::uint32_t set, std::size_t bit) { return ((set >> bit) & 1U) != 0; }

}  // namespace

DecisionTable::DecisionTable(const Policy& policy, const Vocabulary& words)
    : segments_(words.segments.size()), cells_(words.states.size() * words.segments.size() * 2) {
    constexpr std::array<std::uint8_t, 2> directions{direction_original, direction_reply};
    for (std::size_t index = 0; index < policy.rules.size(); ++index) {
        const auto compiled = compile(policy, words, index);
        if (!compiled) continue;
        const Rule& rule = policy.rules[index];
        for (std::size_t state = 0; state < words.states.size(); ++state)
            for (std::size_t segment = 0; segment < segments_; ++segment)
                for (std::size_t d = 0; d < directions.size(); ++d)
                    if (has_bit(rule.states, state) && has_bit(rule.segments, segment) &&
                        (rule.directions & directions[d]) != 0)
                        cells_[(state * segments_ + segment) * 2 + d].push_back(*compiled);
    }
}

}  // namespace halfopen
