#include <fmt/format.h>

#include <algorithm>
#include <memory>

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

std::string names_of_bits(std::uint32_t bits, std::span<const std::string_view> names) {
    std::vector<std::string> list;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if ((bits & (1U << i)) != 0) list.emplace_back(names[i]);
    }
    return list.size() == names.size() ? "*" : joined(list, " ");
}

std::string conditions(const Rule& rule, const Vocabulary& words) {
    std::vector<std::string> list;
    for (const Condition& condition : rule.when) {
        const std::string_view name = condition.kind == Condition::Kind::Predicate
                                          ? words.predicates[condition.index].name
                                          : words.parameters[condition.index].name;
        list.push_back((condition.negated ? "not " : "") + std::string(name));
    }
    return joined(list, ", ");
}

std::string actions(const Rule& rule, const Vocabulary& words) {
    std::vector<std::string> list;
    for (const Action& action : rule.actions) {
        std::string text(words.actions[action.verb].name);
        if (words.actions[action.verb].takes_state) text += " " + std::string(words.states[action.state]);
        list.push_back(std::move(text));
    }
    return joined(list, ", ");
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
            names_of_bits(rule.states, words.states) + " / " + names_of_bits(rule.segments, words.segments);
        if (words.rules_have_direction && rule.directions != direction_both)
            where += rule.directions == direction_original ? " / original" : " / reply";
        text += fmt::format("      on   {}\n", where);
        if (!rule.when.empty()) text += fmt::format("      when {}\n", conditions(rule, words));
        text += fmt::format("      do   {}\n", actions(rule, words));
        text += fmt::format("      from {}\n", rule.source);
        if (!rule.note.empty()) text += fmt::format("      note {}\n", rule.note);
    }
    return text;
}

std::string shown_fix(const Fix& fix) {
    std::string text = fmt::format("{} ({}): {}\nfrom {}\n", fix.name, fix.party, fix.title, fix.source);
    for (const auto& [key, value] : fix.set) text += fmt::format("  {} = {}\n", key, value);
    return text;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string shown(const std::string& what) {
    const PolicyLibrary library = policy_library();
    const FixLibrary fixes = fix_library();
    const auto slash = what.find('/');
    const std::string folder = what.substr(0, slash == std::string::npos ? 0 : slash);
    const std::string name = slash == std::string::npos ? what : what.substr(slash + 1);
    if (folder == "endpoints") return shown_policy(library.load(PolicyKind::Endpoint, name));
    if (folder == "nats") return shown_policy(library.load(PolicyKind::Nat, name));
    if (folder == "fixes") return shown_fix(fixes.load(name));
    const auto endpoints = library.names(PolicyKind::Endpoint);
    const auto nats = library.names(PolicyKind::Nat);
    std::string text;
    const auto append = [&](const std::string& part) { text += (text.empty() ? "" : "\n") + part; };
    if (contains(endpoints, what)) append(shown_policy(library.load(PolicyKind::Endpoint, what)));
    if (contains(nats, what)) append(shown_policy(library.load(PolicyKind::Nat, what)));
    if (contains(fixes.names(), what)) append(shown_fix(fixes.load(what)));
    if (!text.empty()) return text;
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
    CLI::App* command = app.add_subcommand("show", "show a policy's table or a fix, with sources");
    command
        ->add_option("name", *name,
                     "a policy or fix; endpoints/NAME, nats/NAME or fixes/NAME where a name is in two")
        ->required();
    command->footer("Example: halfopen show endpoints/freebsd-7");
    command->callback([name, &chosen] {
        chosen = [name] {
            Output("-").write(shown(*name));
            return holds;
        };
    });
}

}  // namespace halfopen::cli
