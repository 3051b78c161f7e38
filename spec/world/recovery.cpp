#include "spec/world/recovery.hpp"

#include <algorithm>

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

/// Whether the NAT carries the traffic of a connection whose ends are both ESTABLISHED.  A tracker of numbers
/// says so by its state.  One that keeps none may go on translating in another state (libalias after an early
/// reset, with a timer of 10 s): there the table is asked whether it passes a segment of each side and
/// restarts the timer.
bool carries(const Nat& nat, const ConntrackEntry<ConcreteReading>& entry) {
    if (entry.state == TrackState::Established) return true;
    if (nat.settings().keeps_numbers()) return false;
    ConntrackEntry<ConcreteReading> copy = entry;
    ConcreteReading r;
    ConcreteSegment segment;
    segment.flags = flag::ack;
    return track(r, nat, copy, segment, original).verdict == TrackVerdict::Accept &&
           track(r, nat, copy, segment, reply).verdict == TrackVerdict::Accept;
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
    const auto outside = follow(model, world, client, [&](std::uint8_t nat, const auto& entry) {
        path.hops.push_back({nat, static_cast<std::size_t>(&entry - world.nats[nat].table.entries.data())});
        return carries(model.nats()[nat].nat, entry);
    });
    if (!outside) return std::nullopt;
    path.server = model.clients()[client].server_index;
    const auto& connections = world.servers[path.server].connections;
    const auto at = std::find_if(connections.begin(), connections.end(),
                                 [&](const ConcreteTcb& c) { return c.remote == *outside; });
    if (at == connections.end() || at->state != TcpState::Established) return std::nullopt;
    // By value: numbers of different origin may agree by coincidence, and then they do agree.
    if (at->rcv_nxt.value != tcb.snd_nxt.value || at->snd_nxt.value != tcb.rcv_nxt.value) return std::nullopt;
    // What has not been answered may never be.
    for (const ConcreteTcb* end : {&tcb, &*at}) {
        if (end->unacked_data > 0 || end->keepalive_probes > 0) return std::nullopt;
    }
    path.connection = static_cast<std::size_t>(at - connections.begin());
    return path;
}

bool has_recovered(const Model& model, const World& world, std::size_t client) {
    return !world.fault_pending && !world.clients[client].connected_before &&
           working_path(model, world, client).has_value();
}

std::uint32_t recovery_marks(const Model& model, const World& world) {
    if (world.fault_pending) return 0;
    std::uint32_t marks = 0;
    bool all = nothing_in_flight(world);
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        if (has_recovered(model, world, i))
            marks |= 2U << i;
        else
            all = false;
    }
    return all ? marks | 1U : marks;
}

}  // namespace halfopen
