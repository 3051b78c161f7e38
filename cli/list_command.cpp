#include <fmt/format.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "spec/world/setting.hpp"

namespace halfopen::cli {

namespace {

constexpr std::array<std::string_view, 10> kinds{"scenarios", "variants",   "endpoints", "nats",
                                                 "fixes",     "predicates", "actions",   "parameters",
                                                 "states",    "settings"};

struct Entry {
    std::string group;  ///< heading, or empty
    std::string name;
    std::string meaning;
};
using Entries = std::vector<Entry>;

Entries policies(PolicyKind kind) {
    const PolicyLibrary library = policy_library();
    Entries entries;
    for (const std::string& name : library.names(kind))
        entries.push_back({"", name, library.load(kind, name).title});
    return entries;
}

Entries scenarios(bool variants) {
    Entries entries;
    for (const std::string& name : scenario_names()) {
        const Scenario scenario = read_scenario(spec_folder() + "/scenarios/" + name + ".toml");
        if (!variants) entries.push_back({"", name, scenario.title});
        if (!variants) continue;
        for (const VariantSpec& variant : scenario.variants)
            entries.push_back({name, variant.name, variant.title});
    }
    return entries;
}

Entries fixes() {
    const FixLibrary library = fix_library();
    Entries entries;
    for (const std::string& name : library.names()) {
        const Fix fix = library.load(name);
        entries.push_back({"", name, fmt::format("{}: {}", fix.party, fix.title)});
    }
    return entries;
}

/// The same list for both vocabularies, each under its own heading.
template <class Terms>
Entries both_vocabularies(const Terms& terms) {
    Entries entries;
    for (const PolicyKind kind : {PolicyKind::Endpoint, PolicyKind::Nat}) {
        for (const auto& term : terms(vocabulary(kind)))
            entries.push_back({kind == PolicyKind::Endpoint ? "endpoints" : "nats", std::string(term.name),
                               std::string(term.meaning)});
    }
    return entries;
}

Entries states() {
    Entries entries;
    for (const PolicyKind kind : {PolicyKind::Endpoint, PolicyKind::Nat}) {
        for (const std::string_view name : vocabulary(kind).states)
            entries.push_back({kind == PolicyKind::Endpoint ? "endpoints" : "nats", std::string(name), ""});
    }
    return entries;
}

template <class Spec>
void add_settings(Entries& entries, std::string_view group, std::span<const Setting<Spec>> all) {
    for (const auto& setting : all)
        entries.push_back({"", fmt::format("{}.{}", group, setting.key), std::string(setting.meaning)});
}

Entries settings() {
    Entries entries;
    add_settings(entries, "client", client_settings());
    add_settings(entries, "nat", nat_settings());
    add_settings(entries, "server", server_settings());
    add_settings(entries, "fault", fault_settings());
    add_settings(entries, "network", network_settings());
    entries.push_back({"", "scenario.clients", "how many of the clients take part, from the first"});
    entries.push_back(
        {"", "client.*, nat.*, server.*", "any parameter of the node's policy: `halfopen list parameters`"});
    return entries;
}

Entries entries_of(std::string_view kind) {
    switch (parse_choice(kind, kinds, Place{"list", 0, 0})) {
        case 0:
            return scenarios(false);
        case 1:
            return scenarios(true);
        case 2:
            return policies(PolicyKind::Endpoint);
        case 3:
            return policies(PolicyKind::Nat);
        case 4:
            return fixes();
        case 5:
            return both_vocabularies([](const Vocabulary& words) { return words.predicates; });
        case 6:
            return both_vocabularies([](const Vocabulary& words) { return words.actions; });
        case 7:
            return both_vocabularies([](const Vocabulary& words) { return words.parameters; });
        case 8:
            return states();
        default:
            return settings();
    }
}

std::string as_text(const Entries& entries) {
    std::string text;
    std::string group;
    for (const Entry& entry : entries) {
        if (entry.group != group) {
            text += fmt::format("{}{}:\n", text.empty() ? "" : "\n", entry.group);
            group = entry.group;
        }
        std::string line = fmt::format("{}{:<34} {}", group.empty() ? "" : "  ", entry.name, entry.meaning);
        while (line.ends_with(' ')) line.pop_back();
        text += line + "\n";
    }
    return text;
}

std::string as_json(const Entries& entries) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Entry& entry : entries) {
        nlohmann::ordered_json one{{"name", entry.name}, {"meaning", entry.meaning}};
        if (!entry.group.empty()) one["of"] = entry.group;
        list.push_back(std::move(one));
    }
    return list.dump(2) + "\n";
}

}  // namespace

void add_list(CLI::App& app, Run& chosen) {
    auto kind = std::make_shared<std::string>();
    auto options = std::make_shared<ReportTo>();
    CLI::App* command = app.add_subcommand("list", "list what there is");
    command
        ->add_option("kind", *kind,
                     "scenarios, variants, endpoints, nats, fixes, predicates, actions, parameters, states "
                     "or settings")
        ->required();
    add_report_options(*command, *options);
    command->footer("Example: halfopen list fixes");
    command->callback([kind, options, &chosen] {
        chosen = [kind, options] {
            const bool json = wants_json(*options);
            const Entries entries = entries_of(*kind);
            Output(options->output).write(json ? as_json(entries) : as_text(entries));
            return holds;
        };
    });
}

}  // namespace halfopen::cli
