#include "cli/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/common.hpp"
#include "spec/world/setting.hpp"

namespace halfopen::cli {

namespace {

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

struct Kind {
    std::string_view name;
    Entries (*entries)();
};
constexpr std::array<Kind, catalog_kinds.size()> kinds{{
    {"scenarios", [] { return scenarios(false); }},
    {"variants", [] { return scenarios(true); }},
    {"endpoints", [] { return policies(PolicyKind::Endpoint); }},
    {"nats", [] { return policies(PolicyKind::Nat); }},
    {"fixes", fixes},
    {"predicates",
     [] { return both_vocabularies([](const Vocabulary& words) { return words.predicates; }); }},
    {"actions", [] { return both_vocabularies([](const Vocabulary& words) { return words.actions; }); }},
    {"parameters",
     [] { return both_vocabularies([](const Vocabulary& words) { return words.parameters; }); }},
    {"states", states},
    {"settings", settings},
}};
static_assert(std::equal(kinds.begin(), kinds.end(), catalog_kinds.begin(),
                         [](const Kind& kind, std::string_view name) { return kind.name == name; }));

}  // namespace

Entries entries_of(std::string_view kind) {
    return kinds[parse_choice(kind, catalog_kinds, Place{"list", 0, 0})].entries();
}

}  // namespace halfopen::cli
