#include "policy_report/policy_table.hpp"

#include <fmt/format.h>

#include "spec/policy/duration.hpp"
#include "spec/policy/parameter_value.hpp"

namespace halfopen {
namespace {

std::string all_or_joined(const std::vector<std::string>& chosen, std::size_t all) {
    return chosen.size() == all ? "*" : joined(chosen, " ");
}

std::string where(const Rule& rule, const Vocabulary& words) {
    const std::string segments =
        all_or_joined(names_of_bits(rule.segments, words.segments), words.segments.size());
    const std::string states = all_or_joined(names_of_bits(rule.states, words.states), words.states.size());
    std::string text =
        (segments == "*" ? "any segment" : segments) + " in " + (states == "*" ? "any state" : states);
    if (words.rules_have_direction && rule.directions != direction_both)
        text += fmt::format(", {} direction", direction_name(rule.directions));
    return text;
}

/// As a policy file would have it, with times in their units.
std::string value_text(const ParameterTerm& term, const ParameterValue& value) {
    if (term.type == ParameterType::Milliseconds)
        return text_from_milliseconds(std::get<std::int64_t>(value));
    if (term.type != ParameterType::MillisecondList) return to_text(term, value);
    std::vector<std::string> times;
    for (const std::int64_t ms : std::get<std::vector<std::int64_t>>(value))
        times.push_back(text_from_milliseconds(ms));
    return joined(times, ",");
}

std::string unconfirmed_text(const Policy& policy) {
    std::vector<std::string> ids;
    for (const Rule& rule : policy.rules)
        if (rule.unconfirmed) ids.push_back(rule.id);
    if (ids.empty()) return "unconfirmed: none\n";
    return fmt::format("unconfirmed: {} of {} rules, marked \"?\" below: {}\n", ids.size(),
                       policy.rules.size(), joined(ids, ", "));
}

}  // namespace

std::string policy_table_text(const Policy& policy) {
    const Vocabulary& words = vocabulary(policy.kind);
    std::string text = fmt::format("{}: {}\n", policy.name, policy.title);
    if (!policy.ancestry.empty())
        text += fmt::format("extends {}\n", joined(policy.ancestry, ", which extends "));
    text += unconfirmed_text(policy);
    if (!policy.description.empty()) text += "\n" + policy.description + "\n";
    text += "\nparameters\n";
    for (const ParameterTerm& term : words.parameters) {
        std::string line = fmt::format("  {:<40} {}", term.name,
                                       value_text(term, policy.parameters.find(term.name)->second));
        while (line.ends_with(' ')) line.pop_back();
        text += line + "\n";
    }
    text += "\nrules, the first that matches decides\n";
    for (const Rule& rule : policy.rules) {
        text += fmt::format("{} {}{}\n", rule.unconfirmed ? "?" : " ", rule.id,
                            rule.unconfirmed ? "  (unconfirmed)" : "");
        text += fmt::format("      on   {}\n", where(rule, words));
        if (!rule.when.empty())
            text += fmt::format("      when {}\n", joined(conditions_of(rule, words), ", "));
        text += fmt::format("      do   {}\n", joined(actions_of(rule, words), ", "));
        text += fmt::format("      from {}  ({})\n", rule.source, short_place(rule.place));
        if (!rule.note.empty()) text += fmt::format("      note {}\n", rule.note);
    }
    return text;
}

ReportJson policy_table_json(const Policy& policy) {
    const Vocabulary& words = vocabulary(policy.kind);
    ReportJson parameters = ReportJson::object();
    for (const ParameterTerm& term : words.parameters)
        parameters[std::string(term.name)] = to_text(term, policy.parameters.find(term.name)->second);
    ReportJson rules = ReportJson::array();
    for (const Rule& rule : policy.rules) {
        ReportJson one{{"id", rule.id},
                       {"states", names_of_bits(rule.states, words.states)},
                       {"segments", names_of_bits(rule.segments, words.segments)},
                       {"when", conditions_of(rule, words)},
                       {"do", actions_of(rule, words)},
                       {"source", rule.source},
                       {"unconfirmed", rule.unconfirmed},
                       {"file", rule.place.file},
                       {"line", rule.place.line}};
        if (words.rules_have_direction) one["direction"] = direction_name(rule.directions);
        if (!rule.note.empty()) one["note"] = rule.note;
        rules.push_back(std::move(one));
    }
    return {{"name", policy.name},        {"kind", kind_name(policy.kind)},      {"title", policy.title},
            {"extends", policy.ancestry}, {"parameters", std::move(parameters)}, {"rules", std::move(rules)}};
}

}  // namespace halfopen
