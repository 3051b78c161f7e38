#include <fmt/format.h>

#include <array>
#include <memory>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "spec/world/setting.hpp"

namespace halfopen::cli {

namespace {

constexpr std::array<std::string_view, 9> kinds{"scenarios",  "variants", "endpoints",  "nats",    "fixes",
                                                "predicates", "actions",  "parameters", "settings"};

std::string line(std::string_view name, std::string_view meaning) {
    return fmt::format("{:<34} {}\n", name, meaning);
}

std::string policies(PolicyKind kind) {
    const PolicyLibrary library = policy_library();
    std::string text;
    for (const std::string& name : library.names(kind)) text += line(name, library.load(kind, name).title);
    return text;
}

std::string scenarios(bool with_variants) {
    std::string text;
    for (const std::string& name : scenario_names()) {
        const Scenario scenario = read_scenario(spec_folder() + "/scenarios/" + name + ".toml");
        if (!with_variants) text += line(name, scenario.title);
        if (with_variants) {
            for (const VariantSpec& variant : scenario.variants)
                text += line(name + " --variant " + variant.name, variant.title);
        }
    }
    return text;
}

std::string fixes() {
    const FixLibrary library = fix_library();
    std::string text;
    for (const std::string& name : library.names()) {
        const Fix fix = library.load(name);
        text += line(name, fmt::format("{:<7} {}", fix.party, fix.title));
    }
    return text;
}

/// The same list for both vocabularies, under a heading each.
template <class Terms>
std::string both_vocabularies(const Terms& terms) {
    std::string text;
    for (const PolicyKind kind : {PolicyKind::Endpoint, PolicyKind::Nat}) {
        text += kind == PolicyKind::Endpoint ? "endpoints:\n" : "\nnats:\n";
        for (const auto& term : terms(vocabulary(kind))) text += "  " + line(term.name, term.meaning);
    }
    return text;
}

template <class Spec>
std::string settings(std::string_view group, std::span<const Setting<Spec>> all) {
    std::string text;
    for (const auto& setting : all) text += line(fmt::format("{}.{}", group, setting.key), setting.meaning);
    return text;
}

std::string listing(std::string_view kind) {
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
        default:
            break;
    }
    return settings("client", client_settings()) + settings("nat", nat_settings()) +
           settings("server", server_settings()) + settings("fault", fault_settings()) +
           settings("network", network_settings()) +
           line("scenario.clients", "how many of the clients take part, from the first") +
           line("client.*, nat.*, server.*",
                "any parameter of the node's policy: `halfopen list parameters`");
}

}  // namespace

void add_list(CLI::App& app, Run& chosen) {
    auto kind = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("list", "list what there is");
    command
        ->add_option(
            "kind", *kind,
            "scenarios, variants, endpoints, nats, fixes, predicates, actions, parameters or settings")
        ->required();
    command->footer("Example: halfopen list fixes");
    command->callback([kind, &chosen] {
        chosen = [kind] {
            Output("-").write(listing(*kind));
            return holds;
        };
    });
}

}  // namespace halfopen::cli
