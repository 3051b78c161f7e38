#include "spec/world/client_symmetry.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <tuple>

#include "spec/world/leaf_visitor.hpp"

namespace halfopen {

namespace {

/// What the scenario says of a client, but for its name, its address and its old connection.
bool said_alike(const ClientNode& a, const ClientNode& b) {
    const ClientSpec &x = a.spec, &y = b.spec;
    const auto parameters = [](const ClientSpec& spec) {
        std::vector<std::pair<std::string, std::string>> all;
        for (const ParameterOverride& change : spec.parameters) all.emplace_back(change.name, change.value);
        return all;
    };
    return std::tie(x.policy, x.behind, x.server, x.port, x.old_connection, x.reconnect_at, x.reconnect_delay,
                    x.reconnect_delay_max, x.session) ==
               std::tie(y.policy, y.behind, y.server, y.port, y.old_connection, y.reconnect_at,
                        y.reconnect_delay, y.reconnect_delay_max, y.session) &&
           parameters(x) == parameters(y);
}

/// Whether the NAT treats all inside addresses alike, and does nothing in the order of addresses.
bool treats_alike(const NatNode& node, std::size_t servers) {
    const NatSettings& settings = node.nat.settings();
    const bool unique_outside = settings.ports.filtering == Filtering::Connection || servers == 1;
    return node.addresses.fixed_ports.empty() && settings.ports.per_client == 0 && !settings.expiry_resets &&
           unique_outside;
}

/// Whether one of the later faults is the client's own.
bool may_restart(const Model& model, std::size_t client) {
    return std::any_of(model.later_faults().begin(), model.later_faults().end(), [&](const Failure& failure) {
        return failure.kind == Failure::Kind::Client && failure.node.index == client;
    });
}

bool scenario_tells_apart(const Model& model) {
    const Scenario& scenario = model.scenario();
    return scenario.network.order != NetworkSpec::Order::Any ||
           scenario.fault.table == FaultSpec::Table::Restored || scenario.fault.idle > 0 ||
           !std::all_of(model.nats().begin(), model.nats().end(),
                        [&](const NatNode& nat) { return treats_alike(nat, model.servers().size()); });
}

LinkIndex downlink_of(const Model& model, std::size_t client) {
    const Link& up = model.links()[model.clients()[client].uplink];
    return model.link(up.to, up.from);
}

/// What tells two clients of a world apart, without a look at their addresses and roles.
class ClientOrder {
   public:
    ClientOrder(const Model& model, const World& world) : model_(model), world_(world) {}

    bool operator()(std::uint8_t a, std::uint8_t b) const { return compare(a, b) < 0; }

   private:
    std::strong_ordering compare(std::uint8_t a, std::uint8_t b) const {
        const ClientState &x = world_.clients[a], &y = world_.clients[b];
        const auto schedule = [](const ClientState& c) {
            return std::tie(c.connected_before, c.has_drawn, c.tcb.state, c.reconnect, c.failures,
                            c.tcb.timers, c.tcb.retransmits, c.port, c.clock_running);
        };
        if (const auto order = schedule(x) <=> schedule(y); order != 0) return order;
        for (const NatState& nat : world_.nats) {
            if (const auto order = compare_entries(nat.table.entries, ip(a), ip(b)); order != 0) return order;
        }
        const LinkIndex up_a = model_.clients()[a].uplink, up_b = model_.clients()[b].uplink;
        if (const auto order = compare_links(up_a, up_b); order != 0) return order;
        if (const auto order = compare_links(downlink_of(model_, a), downlink_of(model_, b)); order != 0)
            return order;
        const auto numbers = [](const ClientState& c) {
            return std::tie(c.tcb.iss.value, c.tcb.snd_nxt.value, c.tcb.rcv_nxt.value, c.clock.value,
                            c.tcb.unacked_data, c.tcb.challenge_acks, c.tcb.keepalive_probes);
        };
        if (const auto order = numbers(x) <=> numbers(y); order != 0) return order;
        return compare_segments_of(a, b);
    }

    std::uint32_t ip(std::uint8_t client) const { return model_.clients()[client].spec.ip; }

    /// Both lists are sorted by inside address: each client's entries stand together.
    template <class Entries>
    static std::strong_ordering compare_entries(const Entries& entries, std::uint32_t a, std::uint32_t b) {
        const auto next_of = [&](auto at, std::uint32_t ip) {
            return std::find_if(at, entries.end(), [ip](const auto& entry) { return entry.inside.ip == ip; });
        };
        auto x = next_of(entries.begin(), a), y = next_of(entries.begin(), b);
        while (x != entries.end() && y != entries.end()) {
            const auto known = [](const auto& e) {
                return std::tie(e.outside, e.state, e.timeout, e.inside.port, e.destination);
            };
            if (const auto order = known(*x) <=> known(*y); order != 0) return order;
            x = next_of(x + 1, a);
            y = next_of(y + 1, b);
        }
        return (x != entries.end()) <=> (y != entries.end());
    }

    std::strong_ordering compare_links(LinkIndex a, LinkIndex b) const {
        const auto &x = world_.links[a], &y = world_.links[b];
        if (const auto order = x.size() <=> y.size(); order != 0) return order;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const auto looks = [](const InFlight& f) {
                return std::tie(f.segment.flags, f.delay, f.segment.seq.value, f.segment.ack.value);
            };
            if (const auto order = looks(x[i]) <=> looks(y[i]); order != 0) return order;
        }
        return std::strong_ordering::equal;
    }

    /// The segments of both on links that are not theirs alone: whose comes first.
    std::strong_ordering compare_segments_of(std::uint8_t a, std::uint8_t b) const {
        for (const auto& link : world_.links) {
            for (const InFlight& flying : link) {
                if (flying.client == a) return std::strong_ordering::less;
                if (flying.client == b) return std::strong_ordering::greater;
            }
        }
        return std::strong_ordering::equal;
    }

    const Model& model_;
    const World& world_;
};

template <class List, class Key>
void restore_order(List& list, const Key& key) {
    std::sort(list.begin(), list.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

}  // namespace

ClientSymmetry::ClientSymmetry(const Model& model) {
    if (scenario_tells_apart(model)) return;
    const auto& clients = model.clients();
    std::vector<bool> placed(clients.size());
    for (std::size_t i = 0; i < clients.size(); ++i) {
        // A clock of time stamps belongs to its host for ever.
        if (placed[i] || clients[i].endpoint.settings().timestamps) continue;
        std::vector<std::uint8_t> group{static_cast<std::uint8_t>(i)};
        for (std::size_t j = i + 1; j < clients.size(); ++j) {
            if (placed[j] || !said_alike(clients[i], clients[j])) continue;
            if (may_restart(model, i) != may_restart(model, j)) continue;
            placed[j] = true;
            group.push_back(static_cast<std::uint8_t>(j));
        }
        if (group.size() > 1) groups_.push_back(std::move(group));
    }
}

bool ClientSymmetry::interchangeable(std::size_t client) const {
    return std::any_of(groups_.begin(), groups_.end(), [&](const auto& group) {
        return std::find(group.begin(), group.end(), client) != group.end();
    });
}

ClientPermutation ClientSymmetry::sorted(const Model& model, const World& world) const {
    ClientPermutation permutation;
    if (world.fault_pending) return permutation;
    const ClientOrder before(model, world);
    for (const auto& group : groups_) {
        std::array<std::uint8_t, most_clients> order{};
        std::copy(group.begin(), group.end(), order.begin());
        const auto end = order.begin() + static_cast<std::ptrdiff_t>(group.size());
        if (std::is_sorted(order.begin(), end, before)) continue;
        std::stable_sort(order.begin(), end, before);
        for (std::size_t i = 0; i < group.size(); ++i) permutation.place[order[i]] = group[i];
    }
    return permutation;
}

std::vector<std::vector<OriginRole>> ClientSymmetry::roles() const {
    std::vector<std::vector<OriginRole>> all;
    for (const auto& group : groups_) {
        all.emplace_back();
        for (const std::uint8_t client : group) all.back().push_back(client_isn_role(client));
    }
    return all;
}

void permute_clients(const Model& model, World& world, const ClientPermutation& permutation) {
    const std::size_t count = world.clients.size();
    const auto place = [&](std::size_t client) { return permutation.place[client]; };
    const std::vector<ClientState> clients = world.clients;
    for (std::size_t i = 0; i < count; ++i) world.clients[place(i)] = clients[i];
    const auto links = world.links;
    for (std::size_t i = 0; i < count; ++i) {
        world.links[model.clients()[place(i)].uplink] = links[model.clients()[i].uplink];
        world.links[downlink_of(model, place(i))] = links[downlink_of(model, i)];
    }
    AddressVisitor move([&](Address& address) {
        for (std::size_t i = 0; i < count; ++i) {
            if (model.clients()[i].spec.ip != address.ip) continue;
            address.ip = model.clients()[place(i)].spec.ip;
            return;
        }
    });
    fields(move, world);
    for (auto& link : world.links) {
        for (InFlight& flying : link) {
            if (flying.client < count) flying.client = place(flying.client);
        }
    }
    for (Origin& origin : world.origins) {
        const int owner = owner_of(origin.role);
        if (owner < 0 || is_given(origin.role)) continue;
        origin.role = client_isn_role(place(static_cast<std::size_t>(owner)));
    }
    for (NatState& nat : world.nats)
        restore_order(nat.table.entries, [](const auto& e) { return std::pair(e.inside, e.destination); });
    for (ServerState& server : world.servers)
        restore_order(server.connections, [](const ConcreteTcb& tcb) { return tcb.remote; });
}

}  // namespace halfopen
