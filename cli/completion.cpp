#include "cli/completion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/application.hpp"
#include "cli/arguments.hpp"
#include "cli/catalog.hpp"
#include "cli/common.hpp"
#include "spec/policy/vocabulary.hpp"
#include "spec/world/property_spec.hpp"

namespace halfopen::cli {

namespace {

/// How far the words before the cursor have led.
struct Reached {
    const CLI::App* app = nullptr;
    const CLI::Option* waiting = nullptr;  ///< an option that has not got its value yet
    std::size_t positionals = 0;
    std::string first;  ///< the first positional: the scenario of most commands
    bool only_positionals = false;
};

const CLI::Option* option_named(const CLI::App& app, const std::string& name) {
    for (const CLI::Option* option : options_of(app))
        if (option->check_name(name)) return option;
    return nullptr;
}

void read_word(Reached& at, const std::string& word) {
    if (at.waiting != nullptr) {
        at.waiting = nullptr;
    } else if (!at.only_positionals && word == "--") {
        at.only_positionals = true;
    } else if (!at.only_positionals && word.size() > 1 && word.front() == '-') {
        const CLI::Option* option = option_named(*at.app, word);
        if (option != nullptr && takes_value(*option)) at.waiting = option;
    } else {
        for (const CLI::App* command : commands_of(*at.app)) {
            if (command->get_name() != word) continue;
            at = Reached{};
            at.app = command;
            return;
        }
        if (at.positionals++ == 0) at.first = word;
    }
}

void add_entries(Completion& found, std::string_view kind, const std::string& prefix = "") {
    for (const Entry& entry : entries_of(kind))
        found.candidates.push_back({prefix + entry.name, entry.meaning});
}

void add_variants(Completion& found, const std::string& scenario) {
    ExploreOptions options;
    options.scenario = scenario;
    for (const VariantSpec& variant : load_scenario(options).variants)
        found.candidates.push_back({variant.name, variant.title});
}

void add_properties(Completion& found, const std::string& scenario) {
    found.candidates.insert(found.candidates.end(),
                            {{"leak", "a segment left a NAT untranslated"},
                             {"cross", "a segment of one client changed another's connection"},
                             {"collateral", "a recovered connection was killed"},
                             {"storm", "segments chase each other without time passing"}});
    ExploreOptions options;
    options.scenario = scenario;
    for (const PropertySpec& property : read_properties(load_scenario(options)))
        found.candidates.push_back({property.name, property.title});
}

std::vector<std::string> words_of(const ParameterTerm& parameter) {
    if (parameter.type == ParameterType::Flag) return {"true", "false"};
    return {parameter.choices.begin(), parameter.choices.end()};
}

/// The parameters of both vocabularies, with `group` before them where one has to be named.
void add_parameters(Completion& found, const std::string& key, bool with_group) {
    constexpr std::array<std::pair<std::string_view, PolicyKind>, 3> groups{
        {{"client.", PolicyKind::Endpoint}, {"server.", PolicyKind::Endpoint}, {"nat.", PolicyKind::Nat}}};
    for (const auto& [group, kind] : groups) {
        if (!with_group && group == "server.") continue;
        for (const ParameterTerm& parameter : vocabulary(kind).parameters) {
            const std::string name = fmt::format("{}{}=", with_group ? group : "", parameter.name);
            if (key.empty()) found.candidates.push_back({name, std::string(parameter.meaning)});
            if (key != name) continue;
            for (const std::string& value : words_of(parameter))
                found.candidates.push_back({name + value, ""});
        }
    }
}

/// "GROUP.KEY=" while there is no '='; then values, of those keys that have a list of them.
void add_settings(Completion& found, const std::string& current) {
    const auto equals = current.find('=');
    const std::string key = equals == std::string::npos ? "" : current.substr(0, equals + 1);
    found.goes_on = key.empty();
    if (key.empty()) {
        for (const Entry& entry : entries_of("settings"))
            if (entry.name.find('*') == std::string::npos)
                found.candidates.push_back({entry.name + "=", entry.meaning});
    }
    add_parameters(found, key, true);
    if (key == "nat.policy=") add_entries(found, "nats", key);
    if (key == "client.policy=" || key == "server.policy=" || key == "nat.host_policy=")
        add_entries(found, "endpoints", key);
}

void add_values_of_kind(Completion& found, const std::string& kind, const Reached& at,
                        const std::string& current) {
    if (kind == argument::file || kind == argument::scenario || kind == argument::policy ||
        kind == argument::endpoint || kind == argument::nat)
        found.files = true;
    if (kind == argument::folder) found.folders = true;
    if (kind == argument::scenario) add_entries(found, "scenarios");
    if (kind == argument::fix) add_entries(found, "fixes");
    if (kind == argument::policy || kind == argument::endpoint) add_entries(found, "endpoints");
    if (kind == argument::policy || kind == argument::nat) add_entries(found, "nats");
    if (kind == argument::variant && !at.first.empty()) add_variants(found, at.first);
    if (kind == argument::property && !at.first.empty()) add_properties(found, at.first);
    if (kind == argument::setting) add_settings(found, current);
    if (kind == argument::parameter) {
        const auto equals = current.find('=');
        found.goes_on = equals == std::string::npos;
        add_parameters(found, found.goes_on ? "" : current.substr(0, equals + 1), false);
    }
}

void add_values(Completion& found, const CLI::Option& option, const Reached& at, const std::string& current) {
    for (const std::string& value : values_of(option)) {
        const bool is_word =
            std::any_of(value.begin(), value.end(), [](char c) { return c >= 'a' && c <= 'z'; });
        if (is_word)
            found.candidates.push_back({value, ""});
        else
            add_values_of_kind(found, value, at, current);
    }
}

void add_options(Completion& found, const CLI::App& app) {
    for (const CLI::Option* option : options_of(app))
        found.candidates.push_back({"--" + option->get_lnames().front(), option->get_description()});
}

void keep_what_begins(Completion& found, const std::string& current) {
    std::erase_if(found.candidates, [&](const Candidate& c) { return c.text.rfind(current, 0) != 0; });
    const auto by_text = [](const Candidate& a, const Candidate& b) { return a.text < b.text; };
    std::stable_sort(found.candidates.begin(), found.candidates.end(), by_text);
    const auto same = [](const Candidate& a, const Candidate& b) { return a.text == b.text; };
    found.candidates.erase(std::unique(found.candidates.begin(), found.candidates.end(), same),
                           found.candidates.end());
}

}  // namespace

Completion complete(const CLI::App& app, const std::vector<std::string>& before, const std::string& current) {
    Reached at;
    at.app = &app;
    for (const std::string& word : before) read_word(at, word);
    Completion found;
    if (at.waiting != nullptr) {
        add_values(found, *at.waiting, at, current);
    } else if (!at.only_positionals && current.rfind("--", 0) == 0 &&
               current.find('=') != std::string::npos) {
        const std::string name = current.substr(0, current.find('=') + 1);
        const CLI::Option* option = option_named(*at.app, name.substr(0, name.size() - 1));
        if (option != nullptr && takes_value(*option))
            add_values(found, *option, at, current.substr(name.size()));
        for (Candidate& candidate : found.candidates) candidate.text = name + candidate.text;
    } else if (!at.only_positionals && !current.empty() && current.front() == '-') {
        add_options(found, *at.app);
    } else {
        for (const CLI::App* command : commands_of(*at.app))
            found.candidates.push_back({command->get_name(), command->get_description()});
        const auto positionals = positionals_of(*at.app);
        const std::size_t last = positionals.size() - 1;
        if (!positionals.empty() && (at.positionals <= last || takes_many(*positionals.back())))
            add_values(found, *positionals[std::min(at.positionals, last)], at, current);
    }
    keep_what_begins(found, current);
    return found;
}

}  // namespace halfopen::cli
