#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "spec/policy/parameter_value.hpp"

namespace halfopen::cli {

namespace {

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : std::string(separator)) + part;
    return text;
}

std::vector<std::string> names_of_bits(std::uint32_t bits, std::span<const std::string_view> names) {
    std::vector<std::string> list;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if ((bits & (1U << i)) != 0) list.emplace_back(names[i]);
    }
    return list;
}

std::string all_or_joined(const std::vector<std::string>& chosen, std::size_t all) {
    return chosen.size() == all ? "*" : joined(chosen, " ");
}

std::vector<std::string> conditions(const Rule& rule, const Vocabulary& words) {
    std::vector<std::string> list;
    for (const Condition& condition : rule.when) {
        const std::string_view name = condition.kind == Condition::Kind::Predicate
                                          ? words.predicates[condition.index].name
                                          : words.parameters[condition.index].name;
        list.push_back((condition.negated ? "not " : "") + std::string(name));
    }
    return list;
}

std::vector<std::string> actions(const Rule& rule, const Vocabulary& words) {
    std::vector<std::string> list;
    for (const Action& action : rule.actions) {
        std::string text(words.actions[action.verb].name);
        if (words.actions[action.verb].takes_state) text += " " + std::string(words.states[action.state]);
        list.push_back(std::move(text));
    }
    return list;
}

std::string shown_policy(const Policy& policy) {
    const Vocabulary& words = vocabulary(policy.kind);
    std::string text = fmt::format("{}: {}\n", policy.name, policy.title);
    if (!policy.ancestry.empty())
        text += fmt::format("extends {}\n", joined(policy.ancestry, ", which extends "));
    if (!policy.description.empty()) text += "\n" + policy.description + "\n";
    text += "\nparameters\n";
    for (const ParameterTerm& term : words.parameters)
        text +=
            fmt::format("  {:<40} {}\n", term.name, to_text(term, policy.parameters.find(term.name)->second));
    text += "\nrules, the first that matches decides\n";
    for (const Rule& rule : policy.rules) {
        text += fmt::format("  {}{}\n", rule.id, rule.unconfirmed ? "  (unconfirmed)" : "");
        std::string where =
            all_or_joined(names_of_bits(rule.states, words.states), words.states.size()) + " / " +
            all_or_joined(names_of_bits(rule.segments, words.segments), words.segments.size());
        if (words.rules_have_direction && rule.directions != direction_both)
            where += rule.directions == direction_original ? " / original" : " / reply";
        text += fmt::format("      on   {}\n", where);
        if (!rule.when.empty()) text += fmt::format("      when {}\n", joined(conditions(rule, words), ", "));
        text += fmt::format("      do   {}\n", joined(actions(rule, words), ", "));
        text += fmt::format("      from {}\n", rule.source);
        if (!rule.note.empty()) text += fmt::format("      note {}\n", rule.note);
    }
    return text;
}

using Json = nlohmann::ordered_json;

std::string_view direction_name(std::uint8_t directions) {
    if (directions == direction_both) return "both";
    return directions == direction_original ? "original" : "reply";
}

Json policy_json(const Policy& policy) {
    const Vocabulary& words = vocabulary(policy.kind);
    Json parameters = Json::object();
    for (const ParameterTerm& term : words.parameters)
        parameters[std::string(term.name)] = to_text(term, policy.parameters.find(term.name)->second);
    Json rules = Json::array();
    for (const Rule& rule : policy.rules) {
        Json one{{"id", rule.id},
                 {"states", names_of_bits(rule.states, words.states)},
                 {"segments", names_of_bits(rule.segments, words.segments)},
                 {"when", conditions(rule, words)},
                 {"do", actions(rule, words)},
                 {"source", rule.source},
                 {"unconfirmed", rule.unconfirmed},
                 {"file", rule.place.file},
                 {"line", rule.place.line}};
        if (words.rules_have_direction) one["direction"] = direction_name(rule.directions);
        if (!rule.note.empty()) one["note"] = rule.note;
        rules.push_back(std::move(one));
    }
    return {{"name", policy.name},
            {"kind", policy.kind == PolicyKind::Endpoint ? "endpoint" : "nat"},
            {"title", policy.title},
            {"extends", policy.ancestry},
            {"parameters", std::move(parameters)},
            {"rules", std::move(rules)}};
}

Json fix_json(const Fix& fix) {
    Json set = Json::object();
    for (const auto& [key, value] : fix.set) set[key] = value;
    return {{"name", fix.name},
            {"kind", "fix"},
            {"party", fix.party},
            {"title", fix.title},
            {"description", fix.description},
            {"source", fix.source},
            {"set", std::move(set)}};
}

std::string shown_fix(const Fix& fix) {
    std::string text = fmt::format("{} ({}): {}\n", fix.name, fix.party, fix.title);
    if (!fix.description.empty()) text += fix.description + "\n";
    text += fmt::format("from {}\n", fix.source);
    for (const auto& [key, value] : fix.set) text += fmt::format("  {} = {}\n", key, value);
    return text;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// Everything of that name, as text and as JSON.
struct Shown {
    std::string text;
    Json json = Json::array();

    void add(const Policy& policy) {
        text += (text.empty() ? "" : "\n") + shown_policy(policy);
        json.push_back(policy_json(policy));
    }
    void add(const Fix& fix) {
        text += (text.empty() ? "" : "\n") + shown_fix(fix);
        json.push_back(fix_json(fix));
    }
};

Shown shown(const std::string& what) {
    const PolicyLibrary library = policy_library();
    const FixLibrary fixes = fix_library();
    const auto slash = what.find('/');
    const std::string folder = what.substr(0, slash == std::string::npos ? 0 : slash);
    const std::string name = slash == std::string::npos ? what : what.substr(slash + 1);
    Shown found;
    if (folder == "endpoints") found.add(library.load(PolicyKind::Endpoint, name));
    if (folder == "nats") found.add(library.load(PolicyKind::Nat, name));
    if (folder == "fixes") found.add(fixes.load(name));
    if (!found.text.empty()) return found;
    const auto endpoints = library.names(PolicyKind::Endpoint);
    const auto nats = library.names(PolicyKind::Nat);
    if (contains(endpoints, what)) found.add(library.load(PolicyKind::Endpoint, what));
    if (contains(nats, what)) found.add(library.load(PolicyKind::Nat, what));
    if (contains(fixes.names(), what)) found.add(fixes.load(what));
    if (!found.text.empty()) return found;
    std::vector<std::string> all = endpoints;
    all.insert(all.end(), nats.begin(), nats.end());
    for (const std::string& fix : fixes.names()) all.push_back(fix);
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    const std::vector<std::string_view> known(all.begin(), all.end());
    throw InputError(unknown_name("policy or fix", what, known));
}

}  // namespace

void add_show(CLI::App& app, Run& chosen) {
    auto name = std::make_shared<std::string>();
    auto options = std::make_shared<ReportTo>();
    CLI::App* command = app.add_subcommand("show", "show a policy's table or a fix, with sources");
    command
        ->add_option("name", *name,
                     "a policy or fix; endpoints/NAME, nats/NAME or fixes/NAME where a name is in two")
        ->required();
    add_report_options(*command, *options);
    command->footer("Example: halfopen show endpoints/freebsd-7");
    command->callback([name, options, &chosen] {
        chosen = [name, options] {
            const bool json = wants_json(*options);
            const Shown found = shown(*name);
            Output(options->output).write(json ? found.json.dump(2) + "\n" : found.text);
            return holds;
        };
    });
}

}  // namespace halfopen::cli
