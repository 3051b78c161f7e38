/// What only the whole scenario can show.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "spec/tcp/segment.hpp"
#include "spec/world/client_permutation.hpp"
#include "spec/world/scenario.hpp"

namespace halfopen {

namespace {

template <class Spec>
std::vector<std::string_view> names_of(const std::vector<Spec>& specs) {
    std::vector<std::string_view> names;
    for (const Spec& spec : specs) names.push_back(spec.name);
    return names;
}

void require_known(std::string_view what, const std::string& name, const std::vector<std::string_view>& known,
                   const Place& place) {
    if (std::find(known.begin(), known.end(), name) == known.end())
        throw InputError(place, unknown_name(what, name, known));
}

/// Following `behind` from a NAT must end at the servers.
void require_no_cycle(const Scenario& scenario) {
    for (const NatSpec& nat : scenario.nats) {
        const NatSpec* at = &nat;
        for (std::size_t hops = 0; !at->behind.empty(); ++hops) {
            if (hops > scenario.nats.size())
                throw InputError(nat.place, fmt::format("nat \"{}\" sits behind itself", nat.name));
            at = &*std::find_if(scenario.nats.begin(), scenario.nats.end(),
                                [&](const NatSpec& other) { return other.name == at->behind; });
        }
    }
}

void require_possible_later_faults(const Scenario& scenario) {
    const FaultSpec& fault = scenario.fault;
    std::vector<std::string> names{std::string(FaultSpec::same)};
    for (const ClientSpec& client : scenario.clients) names.push_back(client.name);
    for (const NatSpec& nat : scenario.nats) {
        names.push_back(nat.name);
        names.push_back(nat.name + std::string(FaultSpec::mapping_of));
    }
    for (const ServerSpec& server : scenario.servers) names.push_back(server.name);
    const std::vector<std::string_view> known(names.begin(), names.end());
    for (const std::string& which : fault.which)
        require_known("fault", which, known, place_of_value(fault, "which"));
    if (fault.again == 0) return;
    for (const ClientSpec& client : scenario.clients) {
        if (client.reconnect_at.empty() &&
            std::find(fault.which.begin(), fault.which.end(), client.name) != fault.which.end())
            throw InputError(
                place_of_value(fault, "which"),
                fmt::format("client \"{}\" cannot restart: it has no \"reconnect_at\"", client.name));
    }
}

}  // namespace

void validate(const Scenario& scenario) {
    const Place whole{scenario.file, 1, 1};
    if (scenario.clients.empty()) throw InputError(whole, "a scenario needs at least one [[client]]");
    if (scenario.nats.empty()) throw InputError(whole, "a scenario needs at least one [[nat]]");
    if (scenario.servers.empty()) throw InputError(whole, "a scenario needs at least one [[server]]");
    if (scenario.clients.size() > most_clients)
        throw InputError(scenario.clients[most_clients].place,
                         fmt::format("{} clients; at most {} can be explored together",
                                     scenario.clients.size(), most_clients));
    std::set<std::string_view> seen{"client", "nat", "server", "fault", "network", "scenario"};
    const auto require_unique = [&](const std::string& name, const Place& place) {
        if (!seen.insert(name).second)
            throw InputError(place, fmt::format("the name \"{}\" is taken; every node needs its own", name));
    };
    for (const auto& client : scenario.clients) require_unique(client.name, client.place);
    for (const auto& nat : scenario.nats) require_unique(nat.name, nat.place);
    for (const auto& server : scenario.servers) require_unique(server.name, server.place);

    const auto nats = names_of(scenario.nats);
    const auto servers = names_of(scenario.servers);
    for (const NatSpec& nat : scenario.nats) {
        if (!nat.behind.empty()) require_known("nat", nat.behind, nats, place_of_value(nat, "behind"));
    }
    require_no_cycle(scenario);
    std::set<std::pair<std::string, std::uint16_t>> outside;
    for (const ClientSpec& client : scenario.clients) {
        require_known("nat", client.behind, nats, place_of_value(client, "behind"));
        require_known("server", client.server, servers, place_of_value(client, "server"));
        const NatSpec& nat = *std::find_if(scenario.nats.begin(), scenario.nats.end(),
                                           [&](const NatSpec& n) { return n.name == client.behind; });
        if ((client.ip & nat.inside_mask) != nat.inside_net)
            throw InputError(
                client.place,
                fmt::format("client \"{}\" ({}) is not in the inside network of \"{}\" ({})", client.name,
                            ip_to_string(client.ip), nat.name, ip_to_string(nat.inside_net)));
        const bool connected = client.old_connection != ClientSpec::OldConnection::None;
        const bool kept = client.old_connection == ClientSpec::OldConnection::Kept;
        if (connected && !outside.emplace(client.server, client.outside_port).second)
            throw InputError(
                client.place,
                fmt::format("outside port {} towards \"{}\" is another client's; two connections "
                            "cannot share it",
                            client.outside_port, client.server));
        for (const std::string_view key :
             {"server_state", "server_snd_nxt", "server_rcv_nxt", "entry", "entry_address"}) {
            if (!connected && client.value_places.contains(key))
                throw InputError(place_of_value(client, key),
                                 fmt::format("client \"{}\" has no old connection that \"{}\" could be of",
                                             client.name, key));
        }
        if (kept && client.session > 0)
            throw InputError(place_of_value(client, "session"),
                             fmt::format("client \"{}\" keeps its connection; a session needs another "
                                         "\"old_connection\"",
                                         client.name));
        if (client.reconnect_at.empty() && !kept)
            throw InputError(client.place, fmt::format("client \"{}\" has no \"reconnect_at\"", client.name));
    }
    if (!scenario.fault.nat.empty())
        require_known("nat", scenario.fault.nat, nats, place_of_value(scenario.fault, "nat"));
    require_possible_later_faults(scenario);
}

void require_known_fixes(const Scenario& scenario, const FixLibrary& library) {
    for (const ExpectedFix& fix : scenario.fixes) library.load(fix.name, fix.place);
}

}  // namespace halfopen
