#include "spec/policy/rule_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace halfopen {

namespace {

constexpr std::string_view any_name = "*";
constexpr std::string_view synchronized_name = "synchronized";
/// FIN_WAIT is conntrack's name for both of TCP's.
constexpr std::array<std::string_view, 8> synchronized_states{
    "ESTABLISHED", "FIN_WAIT", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT"};
constexpr std::string_view negation = "not ";

std::optional<std::uint16_t> index_in(std::span<const std::string_view> names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::uint16_t>(found - names.begin());
}

template <class T>
std::vector<std::string_view> names_of(std::span<const T> terms) {
    std::vector<std::string_view> names;
    for (const T& term : terms) names.push_back(term.name);
    return names;
}

std::uint32_t bit(std::size_t index) { return std::uint32_t{1} << index; }

std::uint32_t all_of(std::span<const std::string_view> names) {
    std::uint32_t set = 0;
    for (std::size_t i = 0; i < names.size(); ++i) set |= bit(i);
    return set;
}

std::uint16_t one_state(const Vocabulary& words, std::string_view name, const Place& place) {
    if (const auto index = index_in(words.states, name)) return *index;
    throw InputError(place, unknown_name("state", name, words.states));
}

/// The term without its negation, as an index into predicates or parameters.
std::optional<Condition> plain_condition(const Vocabulary& words, std::string_view name) {
    if (const auto index = index_in(names_of(words.predicates), name))
        return Condition{Condition::Kind::Predicate, *index, false};
    if (const auto index = index_in(names_of(words.parameters), name))
        return Condition{Condition::Kind::Parameter, *index, false};
    return std::nullopt;
}

}  // namespace

std::uint32_t state_set(const Vocabulary& words, const PlacedText& name) {
    if (name.text == any_name) return all_of(words.states);
    std::uint32_t set = 0;
    if (name.text == synchronized_name)
        for (const std::string_view state : synchronized_states)
            if (const auto index = index_in(words.states, state)) set |= bit(*index);
    if (set != 0) return set;
    if (const auto index = index_in(words.states, name.text)) return bit(*index);
    std::vector<std::string_view> allowed(words.states.begin(), words.states.end());
    allowed.insert(allowed.end(), {synchronized_name, any_name});
    throw InputError(name.place, unknown_name("state", name.text, allowed, allowed.size()));
}

std::uint32_t segment_set(const Vocabulary& words, const PlacedText& name) {
    if (name.text == any_name) return all_of(words.segments);
    if (const auto index = index_in(words.segments, name.text)) return bit(*index);
    std::vector<std::string_view> allowed(words.segments.begin(), words.segments.end());
    allowed.push_back(any_name);
    throw InputError(name.place, unknown_name("segment", name.text, allowed));
}

Condition condition(const Vocabulary& words, const PlacedText& term) {
    std::string_view name = term.text;
    auto found = plain_condition(words, name);
    if (!found && name.starts_with(negation)) {
        name.remove_prefix(negation.size());
        found = plain_condition(words, name);
        if (found) found->negated = true;
    }
    if (!found) {
        std::vector<std::string_view> known = names_of(words.predicates);
        for (const ParameterTerm& parameter : words.parameters)
            if (parameter.type == ParameterType::Flag) known.push_back(parameter.name);
        throw InputError(term.place, unknown_name("predicate", name, known));
    }
    if (found->kind == Condition::Kind::Parameter &&
        words.parameters[found->index].type != ParameterType::Flag)
        throw InputError(term.place, fmt::format("{} is a parameter but no flag; only flags can guard a rule",
                                                 in_quotes(name)));
    return *found;
}

Action action_of(const Vocabulary& words, const PlacedText& text) {
    const std::vector<std::string_view> names = names_of(words.actions);
    if (const auto verb = index_in(names, text.text)) {
        if (words.actions[*verb].takes_state)
            throw InputError(text.place,
                             fmt::format("action {} needs a state, as in {}", in_quotes(text.text),
                                         in_quotes(fmt::format("{} {}", text.text, words.states.front()))));
        return {*verb, 0};
    }
    const std::size_t space = text.text.rfind(' ');
    if (space == std::string::npos) throw InputError(text.place, unknown_name("action", text.text, names));
    const std::string_view verb_name = std::string_view(text.text).substr(0, space);
    const std::string_view argument = std::string_view(text.text).substr(space + 1);
    const auto verb = index_in(names, verb_name);
    if (verb && words.actions[*verb].takes_state) return {*verb, one_state(words, argument, text.place)};
    if (verb && index_in(words.states, argument))
        throw InputError(text.place, fmt::format("action {} takes no state", in_quotes(verb_name)));
    // "entr CLOSED": the state is right, so only the verb can be meant.
    const bool state_is_right = index_in(words.states, argument).has_value();
    throw InputError(text.place, unknown_name("action", state_is_right ? verb_name : text.text, names));
}

}  // namespace halfopen
