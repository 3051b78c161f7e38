#include "spec/policy/policy_parser.hpp"

#include <fmt/format.h>

#include "spec/policy/parameter_value.hpp"
#include "spec/policy/rule_merge.hpp"
#include "spec/policy/rule_reader.hpp"
#include "spec/policy/toml_reader.hpp"

namespace halfopen {

namespace {

std::string one_line_text(const TableReader& table, std::string_view key) {
    std::string text = table.text(key);
    if (text.find('\n') != std::string::npos)
        throw InputError(table.place(key), fmt::format("{} must be one line", in_quotes(key)));
    return text;
}

/// What a policy has before its own file says anything: the parent's, or the vocabulary's defaults.
Policy inherited(const Vocabulary& words, const TableReader& file, const ParentResolver& parent) {
    Policy policy;
    if (file.has("extends")) {
        policy = parent(file.text("extends"), file.place("extends"));
        policy.ancestry.insert(policy.ancestry.begin(), policy.name);
    }
    for (const ParameterTerm& term : words.parameters)
        policy.parameters.try_emplace(std::string(term.name), default_value(term));
    policy.kind = words.kind;
    return policy;
}

void read_parameters(const Vocabulary& words, const TableReader& table, Policy& policy) {
    for (const PlacedText& key : table.keys()) {
        const ParameterTerm& term = parameter_term(words, key.text, key.place);
        policy.parameters.insert_or_assign(
            key.text, parameter_from_toml(term, *table.raw().get(key.text), table.file()));
    }
}

std::vector<WrittenRule> read_rules(const Vocabulary& words, const TableReader& file) {
    std::vector<WrittenRule> rules;
    for (const TableReader& table : file.tables("rule")) rules.push_back(read_rule(words, table));
    return rules;
}

}  // namespace

Policy parse_policy(const Vocabulary& words, std::string_view text, const std::string& file,
                    const ParentResolver& parent) {
    const toml::table root = parse_toml(file, text);
    const TableReader table(root, file, "policy");
    table.only({"name", "title", "description", "extends", "parameters", "rule"});

    // Its own file is checked first, so that a mistake in it is not hidden behind one in its parent.
    const std::string name = one_line_text(table, "name");
    const std::string title = one_line_text(table, "title");
    const std::string description = table.text_or("description", "");
    std::vector<WrittenRule> rules = read_rules(words, table);

    Policy policy = inherited(words, table, parent);
    policy.name = name;
    policy.title = title;
    policy.description = description;
    policy.file = file;
    if (const auto parameters = table.table("parameters")) read_parameters(words, *parameters, policy);
    policy.rules = merge_rules(std::move(policy.rules), std::move(rules));
    return policy;
}

}  // namespace halfopen
