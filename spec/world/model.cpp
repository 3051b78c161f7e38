#include "spec/world/model.hpp"

#include <algorithm>

#include "spec/nat/entered_states.hpp"

namespace halfopen {

namespace {

constexpr OriginRole roles_per_client = 3;
constexpr OriginRole first_client_role = 1;
constexpr OriginRole first_client_clock_role = 100;
constexpr OriginRole first_server_clock_role = 150;
constexpr OriginRole first_server_role = 200;

Policy bound_policy(const PolicyLibrary& library, PolicyKind kind, const std::string& name,
                    const std::vector<ParameterOverride>& overrides, const Place& place) {
    Policy policy;
    try {
        policy = library.load(kind, name);
    } catch (const InputError& error) {
        // A wrong name is the scenario's mistake: say where it stands there.
        const auto names = library.names(kind);
        const bool wrong_name = std::find(names.begin(), names.end(), name) == names.end();
        if (wrong_name && !name.ends_with(".toml")) {
            const std::vector<std::string_view> known(names.begin(), names.end());
            throw InputError(place, unknown_name("policy", name, known));
        }
        throw;
    }
    for (const ParameterOverride& change : overrides) policy.set(change.name, change.value, change.place);
    return policy;
}

template <class Node>
std::uint8_t index_by_name(const std::vector<Node>& nodes, const std::string& name) {
    const auto at =
        std::find_if(nodes.begin(), nodes.end(), [&](const Node& node) { return node.spec.name == name; });
    return static_cast<std::uint8_t>(at - nodes.begin());
}

/// Where the scenario says in which state a client's entry is, every NAT on the way has to have that state.
void require_states_of_entries(const std::vector<ClientNode>& clients, const std::vector<NatNode>& nats) {
    for (const ClientNode& client : clients) {
        if (!client.spec.value_places.contains("entry")) continue;
        for (std::string at = client.spec.behind; !at.empty();) {
            const NatNode& node = nats[index_by_name(nats, at)];
            if (const auto reason = why_never_in(node.nat.policy(), client.spec.entry))
                throw InputError(place_of_value(client.spec, "entry"), *reason);
            at = node.spec.behind;
        }
    }
}

}  // namespace

OriginRole client_isn_role(std::size_t client) {
    return static_cast<OriginRole>(first_client_role + roles_per_client * client);
}
OriginRole old_client_role(std::size_t client) {
    return static_cast<OriginRole>(client_isn_role(client) + 1);
}
OriginRole old_server_role(std::size_t client) {
    return static_cast<OriginRole>(client_isn_role(client) + 2);
}
OriginRole server_isn_role(std::size_t server) { return static_cast<OriginRole>(first_server_role + server); }

OriginRole client_clock_role(std::size_t client) {
    return static_cast<OriginRole>(first_client_clock_role + client);
}
OriginRole server_clock_role(std::size_t server) {
    return static_cast<OriginRole>(first_server_clock_role + server);
}
bool is_clock(OriginRole role) { return role >= first_client_clock_role && role < first_server_role; }

int owner_of(OriginRole role) {
    if (role < first_client_role || role >= first_client_clock_role) return -1;
    return (role - first_client_role) / roles_per_client;
}

bool is_given(OriginRole role) {
    const int client = owner_of(role);
    return role == literal_role || is_clock(role) ||
           (client >= 0 && role != client_isn_role(static_cast<std::size_t>(client)));
}

Model::Model(Scenario scenario, const PolicyLibrary& library) : scenario_(std::move(scenario)) {
    validate(scenario_);
    if (scenario_.client_limit > 0)
        scenario_.clients.resize(static_cast<std::size_t>(scenario_.client_limit));
    for (const ServerSpec& spec : scenario_.servers) {
        servers_.push_back({spec,
                            Endpoint(bound_policy(library, PolicyKind::Endpoint, spec.policy, spec.parameters,
                                                  place_of_value(spec, "policy"))),
                            Address{spec.ip, spec.port}});
    }
    for (const ClientSpec& spec : scenario_.clients) {
        const std::uint8_t server = index_by_name(servers_, spec.server);
        clients_.push_back({spec,
                            Endpoint(bound_policy(library, PolicyKind::Endpoint, spec.policy, spec.parameters,
                                                  place_of_value(spec, "policy"))),
                            servers_[server].address, server, no_link});
    }
    add_nats(library);
    require_states_of_entries(clients_, nats_);
    add_links();
    limit_timestamps();
    if (!scenario_.fault.nat.empty()) faulty_nat_ = index_by_name(nats_, scenario_.fault.nat);
    add_later_faults();
}

void Model::add_later_faults() {
    if (scenario_.fault.again == 0) return;
    const auto is_named = [](const std::string& name) {
        return [&name](const auto& node) { return node.spec.name == name; };
    };
    for (const std::string& which : scenario_.fault.which) {
        if (which == FaultSpec::same) {
            const NodeRef node = faulty_nat_ < 0
                                     ? NodeRef{}
                                     : NodeRef{NodeRef::Kind::Nat, static_cast<std::uint8_t>(faulty_nat_)};
            later_faults_.push_back({Failure::Kind::Scenario, node});
            continue;
        }
        const bool mapping = which.ends_with(FaultSpec::mapping_of);
        const std::string name =
            mapping ? which.substr(0, which.size() - FaultSpec::mapping_of.size()) : which;
        if (std::any_of(nats_.begin(), nats_.end(), is_named(name)))
            later_faults_.push_back({mapping ? Failure::Kind::Mapping : Failure::Kind::Nat,
                                     {NodeRef::Kind::Nat, index_by_name(nats_, name)}});
        else if (std::any_of(servers_.begin(), servers_.end(), is_named(name)))
            later_faults_.push_back(
                {Failure::Kind::Server, {NodeRef::Kind::Server, index_by_name(servers_, name)}});
        else if (std::any_of(clients_.begin(), clients_.end(), is_named(name)))
            later_faults_.push_back(
                {Failure::Kind::Client, {NodeRef::Kind::Client, index_by_name(clients_, name)}});
        // Else a client that does not take part (scenario.clients).
    }
}

void Model::add_nats(const PolicyLibrary& library) {
    for (const NatSpec& spec : scenario_.nats) {
        NatAddresses addresses{spec.inside_net, spec.inside_mask, spec.outside_ip, spec.busy_ports, {}};
        if (spec.port_mapping == NatSpec::PortMapping::Fixed) {
            for (const ClientSpec& client : scenario_.clients) {
                if (client.behind == spec.name) addresses.fixed_ports[client.ip] = client.outside_port;
            }
        }
        nats_.push_back({spec,
                         Nat(bound_policy(library, PolicyKind::Nat, spec.policy, spec.parameters,
                                          place_of_value(spec, "policy"))),
                         std::move(addresses),
                         Endpoint(bound_policy(library, PolicyKind::Endpoint, spec.host_policy, {},
                                               place_of_value(spec, "host_policy"))),
                         no_link});
    }
}

void Model::limit_timestamps() {
    const auto uses_them = [](const auto& node) { return node.endpoint.settings().timestamps; };
    if (std::none_of(clients_.begin(), clients_.end(), uses_them) &&
        std::none_of(servers_.begin(), servers_.end(), uses_them))
        return;
    // Longer than the way through all links, and by so much that "older by more than one" can be told even of
    // a stamp that has come all that way.
    oldest_timestamp_ = 3;
    for (const Link& link : links_) oldest_timestamp_ += link.delay;
}

void Model::add_links() {
    const auto both_ways = [this](NodeRef a, NodeRef b, std::int64_t delay) {
        links_.push_back({a, b, static_cast<std::uint32_t>(delay)});
        links_.push_back({b, a, static_cast<std::uint32_t>(delay)});
        return static_cast<LinkIndex>(links_.size() - 2);
    };
    using Kind = NodeRef::Kind;
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        const std::uint8_t nat = index_by_name(nats_, clients_[i].spec.behind);
        clients_[i].uplink = both_ways({Kind::Client, static_cast<std::uint8_t>(i)}, {Kind::Nat, nat},
                                       scenario_.network.inside_delay);
    }
    for (std::size_t i = 0; i < nats_.size(); ++i) {
        const NodeRef self{Kind::Nat, static_cast<std::uint8_t>(i)};
        if (!nats_[i].spec.behind.empty()) {
            nats_[i].uplink = both_ways(self, {Kind::Nat, index_by_name(nats_, nats_[i].spec.behind)},
                                        scenario_.network.inside_delay);
            continue;
        }
        for (std::size_t s = 0; s < servers_.size(); ++s)
            both_ways(self, {Kind::Server, static_cast<std::uint8_t>(s)}, scenario_.network.outside_delay);
    }
}

LinkIndex Model::link(NodeRef from, NodeRef to) const {
    for (std::size_t i = 0; i < links_.size(); ++i) {
        if (links_[i].from == from && links_[i].to == to) return static_cast<LinkIndex>(i);
    }
    return no_link;
}

const std::string& Model::name(NodeRef node) const {
    switch (node.kind) {
        case NodeRef::Kind::Client:
            return clients_[node.index].spec.name;
        case NodeRef::Kind::Nat:
            return nats_[node.index].spec.name;
        case NodeRef::Kind::Server:
            return servers_[node.index].spec.name;
    }
    return scenario_.name;
}

std::uint32_t Model::ip(NodeRef node) const {
    switch (node.kind) {
        case NodeRef::Kind::Client:
            return clients_[node.index].spec.ip;
        case NodeRef::Kind::Nat:
            return nats_[node.index].spec.outside_ip;
        case NodeRef::Kind::Server:
            return servers_[node.index].spec.ip;
    }
    return 0;
}

}  // namespace halfopen
