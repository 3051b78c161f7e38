/// Scenario files: TOML tables whose keys are the settings of setting.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "spec/policy/toml_reader.hpp"
#include "spec/policy/vocabulary.hpp"
#include "spec/world/scenario.hpp"
#include "spec/world/setting.hpp"

namespace halfopen {

namespace {

constexpr std::array<std::string_view, 4> verdict_names{"bounded", "unbounded", "storm", "permanent"};

Place place_of(const toml::node& node, const std::string& file) {
    return {file, static_cast<std::uint32_t>(node.source().begin.line),
            static_cast<std::uint32_t>(node.source().begin.column)};
}

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

/// A key is a setting of the node or, where the node has a policy, a parameter of its policy's vocabulary.
template <class Spec>
void assign(Spec& spec, std::span<const Setting<Spec>> settings, const Vocabulary* parameters,
            std::string_view key, std::string_view value, const Place& place) {
    for (const auto& setting : settings) {
        if (setting.key == key) {
            setting.assign(spec, value, place);
            return;
        }
    }
    std::vector<std::string_view> known = keys_of(settings);
    if (parameters != nullptr) {
        for (const ParameterTerm& parameter : parameters->parameters) {
            if (parameter.name == key) {
                if constexpr (requires { spec.parameters; })
                    spec.parameters.push_back({std::string(key), std::string(value), place});
                return;
            }
            known.push_back(parameter.name);
        }
    }
    throw InputError(place, unknown_name("key", key, known));
}

template <class Spec>
void read_table(Spec& spec, std::span<const Setting<Spec>> settings, const Vocabulary* parameters,
                const toml::table& table, const std::string& file) {
    spec.place = place_of(table, file);
    for (const auto& [key, node] : table) {
        const Place place = place_of(node, file);
        assign(spec, settings, parameters, key.str(), value_as_text(node, place), place);
    }
}

void require(bool given, const Place& place, std::string_view what, std::string_view key) {
    if (!given) throw InputError(place, fmt::format("{} has no \"{}\"; it is required", what, key));
}

void read_sets(std::vector<std::pair<std::string, std::string>>& set, std::vector<Place>& places,
               const TableReader& table) {
    const auto sub = table.table("set");
    if (!sub) return;
    for (const auto& [key, node] : sub->raw()) {
        places.push_back(place_of(node, table.file()));
        set.emplace_back(std::string(key.str()), value_as_text(node, places.back()));
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
        read_table(client, client_settings(), &endpoint_vocabulary(), table.raw(), scenario.file);
        require(!client.name.empty(), client.place, "client", "name");
        require(client.ip != 0, client.place, "client", "address");
        require(!client.policy.empty(), client.place, "client", "policy");
        require(client.port != 0, client.place, "client", "port");
        if (client.outside_port == 0) client.outside_port = client.port;
        scenario.clients.push_back(std::move(client));
    }
}

void read_nats(Scenario& scenario, const TableReader& root) {
    for (const TableReader& table : root.tables("nat")) {
        NatSpec nat;
        read_table(nat, nat_settings(), &nat_vocabulary(), table.raw(), scenario.file);
        require(!nat.name.empty(), nat.place, "nat", "name");
        require(!nat.policy.empty(), nat.place, "nat", "policy");
        require(nat.inside_mask != 0, nat.place, "nat", "inside");
        require(nat.outside_ip != 0, nat.place, "nat", "outside");
        require(!nat.host_policy.empty(), nat.place, "nat", "host_policy");
        scenario.nats.push_back(std::move(nat));
    }
}

void read_servers(Scenario& scenario, const TableReader& root) {
    for (const TableReader& table : root.tables("server")) {
        ServerSpec server;
        read_table(server, server_settings(), &endpoint_vocabulary(), table.raw(), scenario.file);
        require(!server.name.empty(), server.place, "server", "name");
        require(server.ip != 0, server.place, "server", "address");
        require(server.port != 0, server.place, "server", "port");
        require(!server.policy.empty(), server.place, "server", "policy");
        scenario.servers.push_back(std::move(server));
    }
}

template <class Spec>
bool set_nodes(std::vector<Spec>& specs, std::string_view group, std::string_view node,
               std::span<const Setting<Spec>> settings, const Vocabulary& parameters, std::string_view key,
               std::string_view value, const Place& place) {
    bool found = false;
    for (Spec& spec : specs) {
        if (node != group && node != spec.name) continue;
        found = true;
        assign(spec, settings, &parameters, key, value, place);
    }
    return found;
}

}  // namespace

Scenario parse_scenario(std::string_view text, const std::string& file) {
    const toml::table parsed = parse_toml(file, text);
    const TableReader root(parsed, file, "scenario");
    constexpr std::array<std::string_view, 12> keys{"name",   "title",   "description", "source",
                                                    "expect", "client",  "nat",         "server",
                                                    "fault",  "network", "variant",     "fix"};
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
    if (const auto fault = root.table("fault"))
        read_table(scenario.fault, fault_settings(), nullptr, fault->raw(), file);
    if (const auto network = root.table("network")) {
        for (const auto& [key, node] : network->raw()) {
            const Place place = place_of(node, file);
            assign(scenario.network, network_settings(), nullptr, key.str(), value_as_text(node, place),
                   place);
        }
    }
    for (const TableReader& table : root.tables("variant")) {
        constexpr std::array<std::string_view, 5> variant_keys{"name", "title", "question", "set", "expect"};
        table.only(variant_keys);
        VariantSpec variant{table.text("name"), table.text("title"), {}, read_verdict(table, "expect"), {},
                            table.text_or("question", "")};
        read_sets(variant.set, variant.places, table);
        scenario.variants.push_back(std::move(variant));
    }
    for (const TableReader& table : root.tables("fix")) {
        constexpr std::array<std::string_view, 2> fix_keys{"name", "expect"};
        table.only(fix_keys);
        scenario.fixes.push_back({table.text("name"), read_verdict(table, "expect"), table.place("name")});
    }
    validate(scenario);
    return scenario;
}

Scenario read_scenario(const std::string& file) { return parse_scenario(read_text_file(file), file); }

void apply_setting(Scenario& scenario, std::string_view key, std::string_view value, const Place& place) {
    const auto dot = key.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == key.size())
        throw InputError(place, fmt::format("\"{}\" is not of the form GROUP.KEY, such as nat.policy", key));
    const std::string_view node = key.substr(0, dot);
    const std::string_view name = key.substr(dot + 1);
    if (node == "network") return assign(scenario.network, network_settings(), nullptr, name, value, place);
    if (node == "fault") return assign(scenario.fault, fault_settings(), nullptr, name, value, place);
    if (node == "scenario") {
        if (name != "clients") {
            constexpr std::array<std::string_view, 1> known{"clients"};
            throw InputError(place, unknown_name("key", name, known));
        }
        scenario.client_limit =
            parse_count(value, 1, static_cast<std::int64_t>(scenario.clients.size()), place);
        return;
    }
    bool found = set_nodes(scenario.clients, "client", node, client_settings(), endpoint_vocabulary(), name,
                           value, place);
    found |= set_nodes(scenario.nats, "nat", node, nat_settings(), nat_vocabulary(), name, value, place);
    found |= set_nodes(scenario.servers, "server", node, server_settings(), endpoint_vocabulary(), name,
                       value, place);
    if (found) return;
    std::vector<std::string_view> known{"client", "nat", "server", "fault", "network", "scenario"};
    for (const auto& client : scenario.clients) known.push_back(client.name);
    for (const auto& nat : scenario.nats) known.push_back(nat.name);
    for (const auto& server : scenario.servers) known.push_back(server.name);
    throw InputError(place, unknown_name("group", node, known));
}

void apply_fix(Scenario& scenario, const Fix& fix) {
    for (std::size_t i = 0; i < fix.set.size(); ++i)
        apply_setting(scenario, fix.set[i].first, fix.set[i].second,
                      i < fix.places.size() ? fix.places[i] : Place{});
}

void apply_variant(Scenario& scenario, const VariantSpec& variant) {
    for (std::size_t i = 0; i < variant.set.size(); ++i)
        apply_setting(scenario, variant.set[i].first, variant.set[i].second, variant.places[i]);
}

}  // namespace halfopen
