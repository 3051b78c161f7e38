#include "spec/world/recovery.hpp"

#include <algorithm>

#include "spec/world/connected.hpp"

namespace halfopen {

namespace {

/// Follows a client's connection outwards, hop by hop.  visit(nat index, entry) -> go on?
template <class Visit>
std::optional<Address> follow(const Model& model, const World& world, std::size_t client, Visit&& visit) {
    const ClientNode& node = model.clients()[client];
    Address source = world.clients[client].tcb.local;
    LinkIndex link = node.uplink;
    while (link != no_link) {
        const NodeRef nat = model.links()[link].to;
        const auto* entry = find_original(world.nats[nat.index].table, source, node.server);
        if (entry == nullptr || !visit(nat.index, *entry)) return std::nullopt;
        source = entry->outside;
        link = model.nats()[nat.index].uplink;
    }
    return source;
}

bool nothing_in_flight(const World& world) {
    return std::all_of(world.links.begin(), world.links.end(), [](const auto& link) { return link.empty(); });
}

}  // namespace

boost::container::static_vector<Address, 9> source_addresses(const Model& model, const World& world,
                                                             std::size_t client) {
    boost::container::static_vector<Address, 9> sources{world.clients[client].tcb.local};
    follow(model, world, client, [&](std::uint8_t, const auto& entry) {
        sources.push_back(entry.outside);
        return true;
    });
    return sources;
}

std::optional<Address> outside_address(const Model& model, const World& world, std::size_t client) {
    return follow(model, world, client, [](std::uint8_t, const auto&) { return true; });
}

std::optional<WorkingPath> working_path(const Model& model, const World& world, std::size_t client) {
    const ConcreteTcb& tcb = world.clients[client].tcb;
    if (tcb.state != TcpState::Established) return std::nullopt;
    WorkingPath path;
    ConcreteReading r;  // by value: numbers of different origin may agree by coincidence, and then they do
    const auto outside = follow(model, world, client, [&](std::uint8_t nat, const auto& entry) {
        path.hops.push_back({nat, static_cast<std::size_t>(&entry - world.nats[nat].table.entries.data())});
        return carries(r, model.nats()[nat].nat, entry);
    });
    if (!outside) return std::nullopt;
    path.server = model.clients()[client].server_index;
    const auto& connections = world.servers[path.server].connections;
    const auto at = std::find_if(connections.begin(), connections.end(),
                                 [&](const ConcreteTcb& c) { return c.remote == *outside; });
    if (at == connections.end() || at->state != TcpState::Established) return std::nullopt;
    if (!numbers_agree(r, tcb, *at) || !nothing_unanswered(tcb) || !nothing_unanswered(*at))
        return std::nullopt;
    path.connection = static_cast<std::size_t>(at - connections.begin());
    return path;
}

bool has_recovered(const Model& model, const World& world, std::size_t client) {
    return !world.fault_pending && !world.clients[client].connected_before &&
           working_path(model, world, client).has_value();
}

bool all_have_recovered(const Model& model, const World& world) {
    if (!nothing_in_flight(world)) return false;
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        if (!has_recovered(model, world, i)) return false;
    }
    return true;
}

std::uint32_t recovery_marks(const Model& model, const World& world) {
    if (world.fault_pending) return 0;
    std::uint32_t marks = 0;
    bool all = nothing_in_flight(world) && world.faults_to_come == 0;
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        if (has_recovered(model, world, i))
            marks |= 2U << i;
        else
            all = false;
    }
    return all ? marks | 1U : marks;
}

}  // namespace halfopen
