#include "policy_report/words.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace halfopen {

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : std::string(separator)) + part;
    return text;
}

std::vector<std::string> names_of_bits(std::uint32_t bits, std::span<const std::string_view> names) {
    std::vector<std::string> list;
    for (std::size_t i = 0; i < names.size(); ++i)
        if ((bits & (1U << i)) != 0) list.emplace_back(names[i]);
    return list;
}

std::vector<std::string> conditions_of(const Rule& rule, const Vocabulary& words) {
    std::vector<std::string> list;
    for (const Condition& condition : rule.when) {
        const std::string_view name = condition.kind == Condition::Kind::Predicate
                                          ? words.predicates[condition.index].name
                                          : words.parameters[condition.index].name;
        list.push_back((condition.negated ? "not " : "") + std::string(name));
    }
    return list;
}

std::vector<std::string> actions_of(const Rule& rule, const Vocabulary& words) {
    std::vector<std::string> list;
    for (const Action& action : rule.actions) {
        std::string text(words.actions[action.verb].name);
        if (words.actions[action.verb].takes_state) text += " " + std::string(words.states[action.state]);
        list.push_back(std::move(text));
    }
    return list;
}

std::string_view direction_name(std::uint8_t directions) {
    if (directions == direction_both) return "both";
    return directions == direction_original ? "original" : "reply";
}

std::string_view kind_name(PolicyKind kind) { return kind == PolicyKind::Endpoint ? "endpoint" : "nat"; }

std::string short_place(const Place& place) {
    return fmt::format("{}:{}", std::filesystem::path(place.file).filename().string(), place.line);
}

}  // namespace halfopen
