#include "spec/world/stepper.hpp"

#include <algorithm>

#include "spec/world/recovery.hpp"

namespace halfopen {

namespace {

/// TCP_PAWS_MSL of Linux 2.6.24 (include/net/tcp.h).
constexpr std::uint32_t peer_stamp_counts_for = 60'000;

/// All but the limiter is as it was before.
void hold(ConcreteTcb& tcb, const ConcreteTcb& before) {
    const std::uint32_t limiter = tcb.timer(TcpTimer::ChallengeLimit);
    tcb = before;
    tcb.timer(TcpTimer::ChallengeLimit) = limiter;
}

}  // namespace

void Stepper::expire_entries(World& world, Step& step) const {
    step.kind = Step::Kind::EntryExpires;
    step.reason = "conntrack timeout";
    const std::size_t index = step.node.index;
    ConcreteReading r = reading(world);
    for (const auto& segment : expire(r, model_.nats()[index].nat, world.nats[index].table)) {
        const bool inwards = towards_inside(index, segment) != no_link;
        emit(world, step, inwards ? towards_inside(index, segment) : towards_server(index, segment), segment,
             nobody);
    }
}

void Stepper::pass_time(World& world, Step& step, std::uint32_t ms) const {
    step.kind = Step::Kind::Time;
    step.elapsed = ms;
    // A client that has its connection back uses it: traffic keeps what belongs to it alive, so its timers
    // stand.  Not so the limiter's, which no traffic starts anew.
    struct Held {
        ConcreteTcb client, server;
        std::vector<std::uint32_t> timeouts;
        WorkingPath path;
    };
    std::vector<std::optional<Held>> held(world.clients.size());
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        const auto path = world.clients[i].connected_before ? std::nullopt : working_path(model_, world, i);
        if (!path) continue;
        held[i] =
            Held{world.clients[i].tcb, world.servers[path->server].connections[path->connection], {}, *path};
        for (const auto& hop : path->hops)
            held[i]->timeouts.push_back(world.nats[hop.nat].table.entries[hop.entry].timeout);
    }
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        ClientState& client = world.clients[i];
        const EndpointSettings& settings = model_.clients()[i].endpoint.settings();
        halfopen::pass_time(client.tcb, ms);
        if (client.reconnect != timer_off) client.reconnect -= ms;
        if (client.clock_running) client.clock.value += settings.isn_clock_per_ms * ms;
    }
    age_timestamps(world, ms);
    bool down = false;
    for (NatState& nat : world.nats) {
        if (nat.down != timer_off) {
            nat.down -= ms;
            down = true;
        }
        halfopen::pass_time(nat.table, ms);
    }
    for (ServerState& server : world.servers) {
        for (ConcreteTcb& tcb : server.connections) halfopen::pass_time(tcb, ms);
    }
    for (auto& link : world.links) {
        for (InFlight& flying : link) flying.delay -= ms;
    }
    for (std::size_t i = 0; i < held.size(); ++i) {
        if (!held[i]) continue;
        const WorkingPath& path = held[i]->path;
        hold(world.clients[i].tcb, held[i]->client);
        hold(world.servers[path.server].connections[path.connection], held[i]->server);
        for (std::size_t h = 0; h < path.hops.size(); ++h)
            world.nats[path.hops[h].nat].table.entries[path.hops[h].entry].timeout = held[i]->timeouts[h];
    }
    const bool reconnecting = std::any_of(world.clients.begin(), world.clients.end(),
                                          [](const ClientState& client) { return !client.connected_before; });
    if (world.idle != timer_off) world.idle -= ms;
    step.counts = !down && reconnecting && !world.fault_pending;
    // The limiter's clock sends nothing: that it has run out is part of time passing.
    ConcreteReading r = reading(world);
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        if (world.clients[i].tcb.timer(TcpTimer::ChallengeLimit) == 0)
            halfopen::expire(r, model_.clients()[i].endpoint, world.clients[i].tcb, TcpTimer::ChallengeLimit);
    }
    for (std::size_t s = 0; s < world.servers.size(); ++s) {
        for (ConcreteTcb& tcb : world.servers[s].connections) {
            if (tcb.timer(TcpTimer::ChallengeLimit) == 0)
                halfopen::expire(r, model_.servers()[s].endpoint, tcb, TcpTimer::ChallengeLimit);
        }
    }
}

std::optional<Number> Stepper::draw_isn(World& world, Step& step, Choices& choices, OriginRole role,
                                        bool repeated) const {
    const auto draw = choices.take({Draw::Kind::Isn, role, {}, repeated});
    if (!draw) return std::nullopt;
    step.draws.push_back(*draw);
    if (draw->corner) step.tag_bits |= tag::corner;
    world.origins.push_back({role, draw->value});
    const auto slot = static_cast<OriginSlot>(world.origins.size() - 1);
    if (draw->corner) world.corner = slot;
    return Number{draw->value, slot};
}

void Stepper::after_server(World& world, Step& step, std::size_t server, const ConcreteTcb& tcb,
                           const EndpointStep<ConcreteReading>& result) const {
    step.rule = result.rule;
    step.reason = result.reason;
    step.event = result.event;
    const Owner client = opener_of(world.origins[tcb.irs.origin].role);
    for (const auto& segment : result.sent) send_from_server(world, step, server, client, segment);
    if (result.remembers_peer) remember_peer(world, server, tcb);
    if (tcb.state == TcpState::Closed || tcb.state == TcpState::Listen) return;
    ConcreteTcb kept = tcb;
    if (result.event == ConnectionEvent::Closed && kept.state == TcpState::CloseWait) {
        ConcreteReading r = reading(world);
        for (const auto& segment : close(r, model_.servers()[server].endpoint, kept).sent)
            send_from_server(world, step, server, client, segment);
    }
    auto& connections = world.servers[server].connections;
    const auto at = std::find_if(connections.begin(), connections.end(),
                                 [&](const ConcreteTcb& other) { return kept.remote < other.remote; });
    connections.insert(at, kept);
}

ConcreteTcb Stepper::listener(ConcreteReading& r, const World& world, std::size_t index,
                              std::uint32_t peer_ip) const {
    const ServerNode& node = model_.servers()[index];
    const ServerState& server = world.servers[index];
    std::optional<Number> newest;
    for (const PeerStamp& peer : server.peers.list) {
        if (peer.ip == peer_ip) newest = peer.newest;
    }
    return listening(r, node.endpoint, node.address, clock_of(server.timestamps), newest);
}

void Stepper::remember_peer(World& world, std::size_t server, const ConcreteTcb& tcb) const {
    ConcreteReading r = reading(world);
    std::vector<PeerStamp>& peers = world.servers[server].peers.list;
    const Number newest = tcb.timestamps.recent;
    const auto at = std::find_if(peers.begin(), peers.end(),
                                 [&](const PeerStamp& peer) { return peer.ip >= tcb.remote.ip; });
    if (at == peers.end() || at->ip != tcb.remote.ip)
        peers.insert(at, {tcb.remote.ip, newest, peer_stamp_counts_for});
    else if (r.decide(not_before(r, newest, at->newest)))
        *at = {tcb.remote.ip, newest, peer_stamp_counts_for};
}

void Stepper::fire_client_timer(World& world, Step& step, TcpTimer timer) const {
    step.kind = Step::Kind::Timer;
    step.timer = timer;
    ConcreteReading r = reading(world);
    const std::size_t index = step.node.index;
    ClientState& client = world.clients[index];
    // The SYN-ACK that a fault seemed to come too late for has been lost: an attempt like any other.
    if (client.tcb.state == TcpState::SynSent && client.reconnect != timer_off &&
        !is_answered(model_, world, index, std::nullopt)) {
        client.connected_before = false;
        client.reconnect = timer_off;
    }
    const auto result = halfopen::expire(r, model_.clients()[index].endpoint, client.tcb, timer);
    after_client(world, step, index, result);
}

void Stepper::fire_server_timer(World& world, Step& step, TcpTimer timer, std::size_t connection) const {
    step.kind = Step::Kind::Timer;
    step.timer = timer;
    ConcreteReading r = reading(world);
    auto& connections = world.servers[step.node.index].connections;
    ConcreteTcb tcb = connections[connection];
    connections.erase(connections.begin() + static_cast<std::ptrdiff_t>(connection));
    const auto result = halfopen::expire(r, model_.servers()[step.node.index].endpoint, tcb, timer);
    after_server(world, step, step.node.index, tcb, result);
}

}  // namespace halfopen
