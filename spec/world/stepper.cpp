#include "spec/world/stepper.hpp"

#include <algorithm>

#include "spec/world/recovery.hpp"

namespace halfopen {

namespace {

/// RPC_DEF_MIN_RESVPORT to RPC_DEF_MAX_RESVPORT of the Linux NFS client (net/sunrpc/xprtsock.c).
constexpr std::uint16_t lowest_client_port = 665, highest_client_port = 1023;

/// TCP_PAWS_MSL of Linux 2.6.24 (include/net/tcp.h).
constexpr std::uint32_t peer_stamp_counts_for = 60'000;

TimestampClock<ConcreteReading> clock_of(const HostClock& clock) {
    return clock.running ? TimestampClock<ConcreteReading>(clock.now) : std::nullopt;
}

bool has_failed(const ConcreteTcb& tcb) { return tcb.state == TcpState::Closed; }

/// All but the limiter is as it was before.
void hold(ConcreteTcb& tcb, const ConcreteTcb& before) {
    const std::uint32_t limiter = tcb.timer(TcpTimer::ChallengeLimit);
    tcb = before;
    tcb.timer(TcpTimer::ChallengeLimit) = limiter;
}

}  // namespace

void Stepper::emit(World& world, Step& step, LinkIndex link, const ConcreteSegment& segment,
                   Owner client) const {
    step.sent.push_back({segment, link});
    if (link != no_link) world.links[link].push_back({segment, model_.links()[link].delay, client});
}

void Stepper::send_from_client(World& world, Step& step, std::size_t client,
                               const ConcreteSegment& segment) const {
    emit(world, step, model_.clients()[client].uplink, segment, static_cast<std::uint8_t>(client));
}

void Stepper::send_from_server(World& world, Step& step, std::size_t server, Owner client,
                               const ConcreteSegment& segment) const {
    const NodeRef self{NodeRef::Kind::Server, static_cast<std::uint8_t>(server)};
    LinkIndex link = no_link;
    bool known = false;
    for (std::size_t i = 0; i < model_.nats().size(); ++i) {
        const NatNode& nat = model_.nats()[i];
        if (nat.uplink != no_link || nat.addresses.outside_ip != segment.destination.ip) continue;
        const bool knows = find_reply(world.nats[i].table, segment.source, segment.destination) != nullptr;
        if (known && !knows) continue;
        known = knows;
        link = model_.link(self, {NodeRef::Kind::Nat, static_cast<std::uint8_t>(i)});
    }
    emit(world, step, link, segment, client);
}

LinkIndex Stepper::towards_server(std::size_t nat, const ConcreteSegment& segment) const {
    if (model_.nats()[nat].uplink != no_link) return model_.nats()[nat].uplink;
    for (std::size_t s = 0; s < model_.servers().size(); ++s) {
        if (model_.servers()[s].address.ip == segment.destination.ip)
            return model_.link({NodeRef::Kind::Nat, static_cast<std::uint8_t>(nat)},
                               {NodeRef::Kind::Server, static_cast<std::uint8_t>(s)});
    }
    return no_link;
}

LinkIndex Stepper::towards_inside(std::size_t nat, const ConcreteSegment& segment) const {
    const NodeRef self{NodeRef::Kind::Nat, static_cast<std::uint8_t>(nat)};
    for (std::size_t i = 0; i < model_.clients().size(); ++i) {
        const NodeRef client{NodeRef::Kind::Client, static_cast<std::uint8_t>(i)};
        if (model_.ip(client) == segment.destination.ip && model_.link(self, client) != no_link)
            return model_.link(self, client);
    }
    for (std::size_t i = 0; i < model_.nats().size(); ++i) {
        const NodeRef inner{NodeRef::Kind::Nat, static_cast<std::uint8_t>(i)};
        if (i != nat && model_.ip(inner) == segment.destination.ip) return model_.link(self, inner);
    }
    return no_link;
}

/// conntrack -R before the first packet: mappings come back, window data does not (nats.md section 6).
void Stepper::restore_table(World& world, std::size_t index) const {
    const auto& restored = model_.nats()[index];
    ConcreteReading r = reading(world);
    for (std::size_t i = 0; i < model_.clients().size(); ++i) {
        const ClientSpec& spec = model_.clients()[i].spec;
        if (spec.behind != restored.spec.name) continue;
        restore(r, restored.nat, world.nats[index].table, Address{spec.ip, spec.port},
                Address{restored.addresses.outside_ip, spec.outside_port}, model_.clients()[i].server,
                IdleSide<ConcreteReading>{}, IdleSide<ConcreteReading>{}, Restored::Saved);
    }
}

void Stepper::strike_fault(World& world, Step& step) const {
    step.kind = Step::Kind::Fault;
    world.fault_pending = false;
    world.idle = timer_off;
    if (model_.faulty_nat() >= 0) {
        const FaultSpec& fault = model_.scenario().fault;
        const auto index = static_cast<std::size_t>(model_.faulty_nat());
        NatState& nat = world.nats[index];
        step.node = {NodeRef::Kind::Nat, static_cast<std::uint8_t>(index)};
        if (fault.table != FaultSpec::Table::Kept) nat.table = {};
        if (fault.down > 0) {
            nat.down = static_cast<std::uint32_t>(fault.down);
        } else if (fault.table == FaultSpec::Table::Restored) {
            restore_table(world, index);
        }
    }
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        if (model_.clients()[i].spec.old_connection == ClientSpec::OldConnection::Kept)
            world.clients[i].connected_before = false;  // its connection counts from now on, if it is of use
        if (model_.clients()[i].spec.old_connection == ClientSpec::OldConnection::Lost) {
            const Address local = world.clients[i].tcb.local;
            world.clients[i].tcb = {};
            world.clients[i].tcb.local = local;
        }
    }
}

void Stepper::bring_nat_up(World& world, Step& step) const {
    step.kind = Step::Kind::NatUp;
    NatState& nat = world.nats[step.node.index];
    nat.down = timer_off;
    if (model_.scenario().fault.table == FaultSpec::Table::Restored) restore_table(world, step.node.index);
}

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

std::optional<Number> Stepper::client_isn(World& world, Step& step, Choices& choices,
                                          std::size_t client) const {
    ClientState& state = world.clients[client];
    const EndpointSettings& settings = model_.clients()[client].endpoint.settings();
    if (state.clock_running) return state.clock;
    const auto isn = draw_isn(world, step, choices, client_isn_role(client), !state.connected_before);
    // The clock matters only to those who will ask it again.
    if (isn && settings.isn_source == IsnSource::Clock && !settings.syn_never_gives_up) {
        state.clock_running = true;
        state.clock = *isn;
    }
    return isn;
}

std::optional<std::uint16_t> Stepper::client_port(const World& world, Step& step, Choices& choices,
                                                  std::size_t client) const {
    const ClientState& state = world.clients[client];
    switch (model_.clients()[client].spec.port_choice) {
        case ClientSpec::PortChoice::Same:
            return state.port;
        case ClientSpec::PortChoice::Next:
            // xs_next_srcport(): counts down and wraps.
            return state.port <= lowest_client_port ? highest_client_port
                                                    : static_cast<std::uint16_t>(state.port - 1);
        case ClientSpec::PortChoice::Random:
            break;
    }
    // xs_get_random_port(): worth telling apart are the ports that somebody else holds, here or at the
    // server.
    std::vector<std::uint16_t> held;
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        if (i != client) held.push_back(world.clients[i].port);
    }
    for (const ServerState& server : world.servers) {
        for (const ConcreteTcb& tcb : server.connections) held.push_back(tcb.remote.port);
    }
    for (const NatState& nat : world.nats) {
        for (const auto& entry : nat.table.entries) {
            held.push_back(entry.outside.port);
            held.push_back(entry.inside.port);
        }
    }
    std::sort(held.begin(), held.end());
    held.erase(std::unique(held.begin(), held.end()), held.end());
    std::erase_if(held, [](std::uint16_t p) { return p < lowest_client_port || p > highest_client_port; });
    constexpr std::uint32_t all = highest_client_port - lowest_client_port + 1;
    std::vector<PortChoice> ports;
    for (const std::uint16_t port : held) ports.push_back({port, 1, all});
    for (std::uint16_t port = highest_client_port; port >= lowest_client_port; --port) {
        if (std::binary_search(held.begin(), held.end(), port)) continue;
        ports.push_back({port, all - static_cast<std::uint32_t>(held.size()), all});
        break;
    }
    const auto draw = choices.take({Draw::Kind::LocalPort, 0, std::move(ports), false});
    if (!draw) return std::nullopt;
    step.draws.push_back(*draw);
    return static_cast<std::uint16_t>(draw->value);
}

void Stepper::connect(World& world, Step& step, Choices& choices) const {
    step.kind = Step::Kind::Connect;
    const std::size_t index = step.node.index;
    const ClientNode& node = model_.clients()[index];
    ClientState& client = world.clients[index];
    ConcreteReading r = reading(world);
    if (client.connected_before && client.tcb.state != TcpState::Closed) {
        for (const auto& segment : abort(r, node.endpoint, client.tcb).sent)
            send_from_client(world, step, index, segment);
    }
    const auto port = client_port(world, step, choices, index);
    if (!port) return;
    if (*port != client.port) client.clock_running = false;  // another 4-tuple, another place on the clock
    client.port = *port;
    const auto isn = client_isn(world, step, choices, index);
    if (!isn) return;
    if (!step.draws.empty()) step.tag_bits |= tag::attempt;
    client.connected_before = false;
    client.reconnect = timer_off;
    r = reading(world);
    const auto result = halfopen::connect(r, node.endpoint, client.tcb, Address{node.spec.ip, *port},
                                          node.server, *isn, clock_of(client.timestamps));
    after_client(world, step, index, result);
}

void Stepper::write(World& world, Step& step) const {
    step.kind = Step::Kind::Write;
    const std::size_t index = step.node.index;
    ClientState& client = world.clients[index];
    client.reconnect = timer_off;
    ConcreteReading r = reading(world);
    after_client(world, step, index,
                 send(r, model_.clients()[index].endpoint, client.tcb, outstanding_bytes));
}

void Stepper::schedule_reconnect(World& world, std::size_t index) const {
    ClientState& client = world.clients[index];
    const ClientSpec& spec = model_.clients()[index].spec;
    const Address local = client.tcb.local;
    client.tcb = {};
    client.tcb.local = local;
    // The first reconnect is on its way already.
    if (client.connected_before && client.reconnect != timer_off) return;
    const std::int64_t delay = std::min(spec.reconnect_delay << client.failures, spec.reconnect_delay_max);
    client.reconnect = static_cast<std::uint32_t>(std::max<std::int64_t>(delay, 1));
    if (delay < spec.reconnect_delay_max && spec.reconnect_delay > 0) ++client.failures;
}

void Stepper::after_client(World& world, Step& step, std::size_t index,
                           const EndpointStep<ConcreteReading>& result) const {
    ClientState& client = world.clients[index];
    step.rule = result.rule;
    step.reason = result.reason;
    step.event = result.event;
    for (const auto& segment : result.sent) send_from_client(world, step, index, segment);
    if (result.event == ConnectionEvent::Established) {
        client.failures = 0;
        client.clock_running = false;
        const std::int64_t session = model_.clients()[index].spec.session;
        if (session > 0 && !client.connected_before) client.reconnect = static_cast<std::uint32_t>(session);
    }
    if (result.event == ConnectionEvent::Closed && client.tcb.state == TcpState::CloseWait) {
        ConcreteReading r = reading(world);
        for (const auto& segment : close(r, model_.clients()[index].endpoint, client.tcb).sent)
            send_from_client(world, step, index, segment);
    }
    // Until a session is over the next connect() is not thought of.
    if (has_failed(client.tcb) && !client.connected_before) client.reconnect = timer_off;
    if (has_failed(client.tcb) && client.reconnect == timer_off) schedule_reconnect(world, index);
    if (has_failed(client.tcb)) {
        const Address local = client.tcb.local;
        client.tcb = {};
        client.tcb.local = local;
    }
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

void Stepper::end_session(World& world, Step& step) const {
    step.kind = Step::Kind::Timer;
    const std::size_t index = step.node.index;
    const auto path = working_path(model_, world, index);
    world.clients[index].reconnect = timer_off;
    ConcreteReading r = reading(world);
    if (!path) {
        auto result = close(r, model_.clients()[index].endpoint, world.clients[index].tcb);
        result.reason = "the client closes: no answer";
        return after_client(world, step, index, result);
    }
    step.node = {NodeRef::Kind::Server, path->server};
    auto& connections = world.servers[path->server].connections;
    ConcreteTcb tcb = connections[path->connection];
    connections.erase(connections.begin() + static_cast<std::ptrdiff_t>(path->connection));
    auto result = close(r, model_.servers()[path->server].endpoint, tcb);
    result.reason = "the server closes: the request is answered";
    after_server(world, step, path->server, tcb, result);
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
    const auto result =
        halfopen::expire(r, model_.clients()[index].endpoint, world.clients[index].tcb, timer);
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
