/// Scenario files: TOML tables whose keys are the settings of setting.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "spec/policy/toml_reader.hpp"
#include "spec/policy/vocabulary.hpp"
#include "spec/world/property_spec.hpp"
#include "spec/world/scenario.hpp"
#include "spec/world/setting.hpp"

namespace halfopen {

namespace {

constexpr std::array<std::string_view, 4> verdict_names{"bounded", "unbounded", "storm", "permanent"};

/// A scalar, or an array of scalars joined by commas: what --set would be given.
std::string value_as_text(const toml::node& node, const Place& place) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
    if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
    if (const auto* array = node.as_array()) {
        std::string joined;
        for (const toml::node& element : *array) {
            if (element.is_array() || element.is_table())
                throw InputError(place, "a list must hold plain values only");
            if (!joined.empty()) joined += ",";
            joined += value_as_text(element, place);
        }
        return joined;
    }
    throw InputError(place, "expected a string, a whole number, true or false, or a list of these");
}

template <class Spec>
std::vector<std::string_view> keys_of(std::span<const Setting<Spec>> settings) {
    std::vector<std::string_view> keys;
    for (const auto& setting : settings) keys.push_back(setting.key);
    return keys;
}

void require_single(const SettingSource& source, std::string_view key) {
    if (source.is_list)
        throw InputError(source.value, fmt::format("\"{}\" takes a single value, not a list", key));
}

/// A key is a setting of the node or, where the node has a policy, a parameter of its policy's vocabulary.
template <class Spec>
void assign(Spec& spec, std::span<const Setting<Spec>> settings, const Vocabulary* parameters,
            std::string_view key, std::string_view value, const SettingSource& source) {
    for (const auto& setting : settings) {
        if (setting.key == key) {
            if (!setting.is_list) require_single(source, key);
            setting.assign(spec, value, source.value);
            if constexpr (requires { spec.value_places; })
                spec.value_places.insert_or_assign(std::string(key), source.value);
            return;
        }
    }
    std::vector<std::string_view> known = keys_of(settings);
    if (parameters != nullptr) {
        for (const ParameterTerm& parameter : parameters->parameters) {
            if (parameter.name == key) {
                if (parameter.type != ParameterType::MillisecondList) require_single(source, key);
                if constexpr (requires { spec.parameters; })
                    spec.parameters.push_back({std::string(key), std::string(value), source.value});
                return;
            }
            known.push_back(parameter.name);
        }
    }
    throw InputError(source.key, unknown_name("key", key, known));
}

SettingSource source_of(const toml::key& key, const toml::node& value, const std::string& file) {
    return {place_of(key.source(), file), place_of(value.source(), file), value.is_array()};
}

template <class Spec>
void assign_all(Spec& spec, std::span<const Setting<Spec>> settings, const Vocabulary* parameters,
                const TableReader& table) {
    for (const auto& [key, node] : table.raw()) {
        const SettingSource source = source_of(key, node, table.file());
        assign(spec, settings, parameters, key.str(), value_as_text(node, source.value), source);
    }
}

template <class Spec>
void read_table(Spec& spec, std::span<const Setting<Spec>> settings, const Vocabulary* parameters,
                const TableReader& table) {
    spec.place = table.place();
    assign_all(spec, settings, parameters, table);
}

/// usable: the value is more than what a spec begins with.
template <class Spec>
void require(const Spec& spec, bool usable, std::string_view what, std::string_view key) {
    if (usable) return;
    if (spec.value_places.find(key) == spec.value_places.end())
        throw InputError(spec.place, fmt::format("{} has no \"{}\"; it is required", what, key));
    throw InputError(place_of_value(spec, key),
                     fmt::format("the \"{}\" of a {} cannot be empty or zero", key, what));
}

void read_sets(std::vector<std::pair<std::string, std::string>>& set, std::vector<SettingSource>& sources,
               const TableReader& table) {
    const auto sub = table.table("set");
    if (!sub) return;
    for (const auto& [key, node] : sub->raw()) {
        sources.push_back(source_of(key, node, table.file()));
        set.emplace_back(std::string(key.str()), value_as_text(node, sources.back().value));
    }
}

std::optional<std::string> read_verdict(const TableReader& table, std::string_view key) {
    if (!table.has(key)) return std::nullopt;
    const std::string name = table.text(key);
    parse_choice(name, verdict_names, table.place(key));
    return name;
}

void read_clients(Scenario& scenario, const TableReader& root) {
    for (const TableReader& table : root.tables("client")) {
        ClientSpec client;
        read_table(client, client_settings(), &endpoint_vocabulary(), table);
        require(client, !client.name.empty(), "client", "name");
        require(client, client.ip != 0, "client", "address");
        require(client, !client.policy.empty(), "client", "policy");
        require(client, !client.behind.empty(), "client", "behind");
        require(client, !client.server.empty(), "client", "server");
        require(client, client.port != 0, "client", "port");
        if (client.outside_port == 0) client.outside_port = client.port;
        scenario.clients.push_back(std::move(client));
    }
}

void read_nats(Scenario& scenario, const TableReader& root) {
    for (const TableReader& table : root.tables("nat")) {
        NatSpec nat;
        read_table(nat, nat_settings(), &nat_vocabulary(), table);
        require(nat, !nat.name.empty(), "nat", "name");
        require(nat, !nat.policy.empty(), "nat", "policy");
        require(nat, nat.inside_mask != 0, "nat", "inside");
        require(nat, nat.outside_ip != 0, "nat", "outside");
        require(nat, !nat.host_policy.empty(), "nat", "host_policy");
        scenario.nats.push_back(std::move(nat));
    }
}

void read_servers(Scenario& scenario, const TableReader& root) {
    for (const TableReader& table : root.tables("server")) {
        ServerSpec server;
        read_table(server, server_settings(), &endpoint_vocabulary(), table);
        require(server, !server.name.empty(), "server", "name");
        require(server, server.ip != 0, "server", "address");
        require(server, server.port != 0, "server", "port");
        require(server, !server.policy.empty(), "server", "policy");
        scenario.servers.push_back(std::move(server));
    }
}

template <class Spec>
bool set_nodes(std::vector<Spec>& specs, std::string_view group, std::string_view node,
               std::span<const Setting<Spec>> settings, const Vocabulary& parameters, std::string_view key,
               std::string_view value, const SettingSource& source) {
    bool found = false;
    for (Spec& spec : specs) {
        if (node != group && node != spec.name) continue;
        found = true;
        assign(spec, settings, &parameters, key, value, source);
    }
    return found;
}

void set_one(Scenario& scenario, std::string_view key, std::string_view value, const SettingSource& source) {
    const auto dot = key.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == key.size())
        throw InputError(source.key,
                         fmt::format("\"{}\" is not of the form GROUP.KEY, such as nat.policy", key));
    const std::string_view node = key.substr(0, dot);
    const std::string_view name = key.substr(dot + 1);
    if (node == "network") return assign(scenario.network, network_settings(), nullptr, name, value, source);
    if (node == "fault") return assign(scenario.fault, fault_settings(), nullptr, name, value, source);
    if (node == "scenario") {
        if (name != "clients") {
            constexpr std::array<std::string_view, 1> known{"clients"};
            throw InputError(source.key, unknown_name("key", name, known));
        }
        require_single(source, key);
        scenario.client_limit =
            parse_count(value, 1, static_cast<std::int64_t>(scenario.clients.size()), source.value);
        return;
    }
    bool found = set_nodes(scenario.clients, "client", node, client_settings(), endpoint_vocabulary(), name,
                           value, source);
    found |= set_nodes(scenario.nats, "nat", node, nat_settings(), nat_vocabulary(), name, value, source);
    found |= set_nodes(scenario.servers, "server", node, server_settings(), endpoint_vocabulary(), name,
                       value, source);
    if (found) return;
    std::vector<std::string_view> known{"client", "nat", "server", "fault", "network", "scenario"};
    for (const auto& client : scenario.clients) known.push_back(client.name);
    for (const auto& nat : scenario.nats) known.push_back(nat.name);
    for (const auto& server : scenario.servers) known.push_back(server.name);
    throw InputError(source.key, unknown_name("group", node, known));
}

}  // namespace

Scenario parse_scenario(std::string_view text, const std::string& file) {
    const toml::table parsed = parse_toml(file, text);
    const TableReader root(parsed, file, "scenario");
    constexpr std::array<std::string_view, 13> keys{"name",    "title", "description", "source", "expect",
                                                    "client",  "nat",   "server",      "fault",  "network",
                                                    "variant", "fix",   "property"};
    root.only(keys);
    Scenario scenario;
    scenario.file = file;
    scenario.name = root.text("name");
    scenario.title = root.text("title");
    scenario.description = root.text_or("description", "");
    scenario.source = root.text("source");
    scenario.expect = read_verdict(root, "expect");
    read_clients(scenario, root);
    read_nats(scenario, root);
    read_servers(scenario, root);
    if (const auto fault = root.table("fault")) read_table(scenario.fault, fault_settings(), nullptr, *fault);
    if (const auto network = root.table("network"))
        assign_all(scenario.network, network_settings(), nullptr, *network);
    for (const TableReader& table : root.tables("variant")) {
        constexpr std::array<std::string_view, 5> variant_keys{"name", "title", "question", "set", "expect"};
        table.only(variant_keys);
        VariantSpec variant{
            table.text("name"),           table.text("title"), {}, read_verdict(table, "expect"), {},
            table.text_or("question", "")};
        read_sets(variant.set, variant.sources, table);
        scenario.variants.push_back(std::move(variant));
    }
    for (const TableReader& table : root.tables("fix")) {
        constexpr std::array<std::string_view, 2> fix_keys{"name", "expect"};
        table.only(fix_keys);
        scenario.fixes.push_back({table.text("name"), read_verdict(table, "expect"), table.place("name")});
    }
    validate(scenario);
    // Whoever asks for them reads them; what is wrong with them is said at once.
    if (root.has("property")) parse_properties(text, scenario);
    return scenario;
}

Scenario read_scenario(const std::string& file) { return parse_scenario(read_text_file(file), file); }

void apply_setting(Scenario& scenario, std::string_view key, std::string_view value, const Place& place) {
    set_one(scenario, key, value, {place, place, false});
}

void apply_fix(Scenario& scenario, const Fix& fix) {
    for (std::size_t i = 0; i < fix.set.size(); ++i)
        set_one(scenario, fix.set[i].first, fix.set[i].second,
                i < fix.sources.size() ? fix.sources[i] : SettingSource{});
}

void apply_variant(Scenario& scenario, const VariantSpec& variant) {
    for (std::size_t i = 0; i < variant.set.size(); ++i)
        set_one(scenario, variant.set[i].first, variant.set[i].second, variant.sources[i]);
}

}  // namespace halfopen
