/// How a scenario begins: every client connected, or what is left of that, and the fault about to strike.
#include <tuple>

#include "spec/world/world_system.hpp"

namespace halfopen {

namespace {

Number named_number(World& world, OriginRole role, std::uint32_t value) {
    world.origins.push_back({role, value});
    return {value, static_cast<OriginSlot>(world.origins.size() - 1)};
}

/// The sides of a NAT that keeps a state for each, as state_of_sides() reads them back.
std::pair<SideState, SideState> sides_of(TrackState state) {
    switch (state) {
        case TrackState::SynSent:
            return {SideState::SynSent, SideState::Closed};
        case TrackState::SynRecv:
            return {SideState::SynSent, SideState::SynSent};
        case TrackState::FinWait:
        case TrackState::CloseWait:
            return {SideState::Closing, SideState::Established};
        case TrackState::LastAck:
            return {SideState::Closing, SideState::Closing};
        case TrackState::TimeWait:
            return {SideState::FinWait2, SideState::FinWait2};
        case TrackState::Close:
            return {SideState::TimeWait, SideState::TimeWait};
        default:
            return {SideState::Established, SideState::Established};
    }
}

/// Makes of an idle connection's entry one in another state.  In SYN_SENT the SYN just before the client's
/// numbers has been seen and no answer, in SYN_RECV the SYN-ACK before the server's as well.
void put_into_state(const Nat& nat, ConntrackEntry<ConcreteReading>& entry, TrackState state,
                    Number client_next, Number server_next) {
    if (state == TrackState::Established) return;
    ConcreteReading r;
    entry.state = state;
    entry.timeout = nat.settings().timeout(state);
    if (nat.settings().side_states)
        std::tie(entry.peers[original].side, entry.peers[reply].side) = sides_of(state);
    if (state != TrackState::SynSent && state != TrackState::SynRecv) return;
    entry.assured = false;
    const Number syn = r.plus(client_next, 0U - 1U), syn_ack = r.plus(server_next, 0U - 1U);
    const bool answered = state == TrackState::SynRecv;
    if (!answered) {
        const SideState side = entry.peers[reply].side;
        entry.peers[reply] = unknown_side(r);
        entry.peers[reply].side = side;
        entry.seen_reply = false;
        entry.peers[original].maxack_set = false;
        entry.peers[original].td_maxack = r.literal(0);
    }
    if (!nat.settings().packet_memory) return;
    entry.last_class = answered ? SegmentClass::SynAck : SegmentClass::Syn;
    entry.last_direction = answered ? reply : original;
    entry.last_seq = answered ? syn_ack : syn;
    entry.last_end = answered ? server_next : client_next;
    entry.last_ack = answered ? client_next : r.literal(0);
}

/// Puts the mapping of an old connection into every NAT on its way; the address that the server sees it
/// under.
Address map_old_connection(const Model& model, World& world, std::size_t client, Number client_next,
                           Number server_next) {
    const ClientNode& node = model.clients()[client];
    Address source{node.spec.ip, node.spec.port};
    ConcreteReading r(world.origins);
    const std::uint32_t server_window = model.servers()[node.server_index].endpoint.settings().rcv_wnd;
    for (LinkIndex link = node.uplink; link != no_link;) {
        const std::uint8_t nat = model.links()[link].to.index;
        link = model.nats()[nat].uplink;
        const bool outermost = link == no_link;
        const std::uint32_t nat_ip = model.nats()[nat].addresses.outside_ip;
        const bool other_ip = outermost && node.spec.entry_address != 0;
        const Address outside{other_ip ? node.spec.entry_address : nat_ip,
                              outermost ? node.spec.outside_port : source.port};
        if (node.spec.entry != TrackState::None) {
            restore(r, model.nats()[nat].nat, world.nats[nat].table, source, outside, node.server,
                    IdleSide<ConcreteReading>{client_next, node.endpoint.settings().rcv_wnd},
                    IdleSide<ConcreteReading>{server_next, server_window});
            put_into_state(model.nats()[nat].nat, *find_original(world.nats[nat].table, source, node.server),
                           node.spec.entry, client_next, server_next);
        }
        source = outside;
    }
    return source;
}

World empty_world(const Model& model) {
    World world;
    world.origins.push_back({});
    world.clients.resize(model.clients().size());
    world.nats.resize(model.nats().size());
    world.servers.resize(model.servers().size());
    world.links.resize(model.links().size());
    world.losses_left = static_cast<std::uint8_t>(model.scenario().network.loss);
    world.duplications_left = static_cast<std::uint8_t>(model.scenario().network.duplication);
    world.fault_pending = true;
    world.idle = static_cast<std::uint32_t>(model.scenario().fault.idle);
    return world;
}

void connect_clients(const Model& model, World& world) {
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        const ClientNode& node = model.clients()[i];
        world.clients[i].port = node.spec.port;
        if (node.spec.old_connection == ClientSpec::OldConnection::None) {
            world.clients[i].tcb.local = {node.spec.ip, node.spec.port};
            continue;
        }
        const Number client_next = named_number(world, old_client_role(i), node.spec.snd_nxt);
        const Number server_next = named_number(world, old_server_role(i), node.spec.rcv_nxt);
        const Address outside = map_old_connection(model, world, i, client_next, server_next);
        ConcreteReading r(world.origins);
        const ServerNode& server = model.servers()[node.server_index];
        const auto client_clock = clock_of(world.clients[i].timestamps);
        const auto server_clock = clock_of(world.servers[node.server_index].timestamps);
        world.clients[i].tcb =
            established(r, node.endpoint, Address{node.spec.ip, node.spec.port}, node.server, client_next,
                        server_next, false, client_clock, server_clock);
        if (node.spec.server_state == TcpState::Closed) continue;
        auto& connections = world.servers[node.server_index].connections;
        Number server_snd = server_next, server_rcv = client_next;
        server_snd.value = node.spec.server_snd_nxt.value_or(server_next.value);
        server_rcv.value = node.spec.server_rcv_nxt.value_or(client_next.value);
        ConcreteTcb tcb =
            established(r, server.endpoint, server.address, outside, server_snd, server_rcv,
                        server.spec.data == ServerSpec::Data::Unacknowledged, server_clock, client_clock);
        put_into_state(r, server.endpoint, tcb, node.spec.server_state);
        const auto at = std::find_if(connections.begin(), connections.end(),
                                     [&](const ConcreteTcb& other) { return tcb.remote < other.remote; });
        connections.insert(at, tcb);
    }
}

/// Where the scenario does not say: a bit over a day apart, so that no clock comes near another.
std::uint32_t usual_clock(NodeRef node) {
    const std::uint32_t base = node.kind == NodeRef::Kind::Client ? 100'000'000 : 3'000'000'000;
    return base + node.index * 100'000'000U;
}

}  // namespace

/// The worlds before anybody is connected: one, or one for each way that the clocks may stand to each other.
std::vector<World> WorldSystem::with_clocks() {
    std::vector<World> worlds{empty_world(model_)};
    const auto start = [&](const Endpoint& endpoint, const ClockSpec& spec, NodeRef node, OriginRole role) {
        if (!endpoint.settings().timestamps) return;
        std::vector<World> more;
        for (const World& world : worlds) {
            std::vector<std::uint32_t> values{spec.value.value_or(usual_clock(node))};
            if (spec.random) {
                values.clear();
                // Corners of clocks are drawn only where all corners are ("repeated").
                for (const Draw& draw : answers(world, {Draw::Kind::Isn, role, {}, true}))
                    values.push_back(draw.value);
            }
            for (const std::uint32_t value : values) {
                more.push_back(world);
                World& next = more.back();
                HostClock& clock = node.kind == NodeRef::Kind::Client ? next.clients[node.index].timestamps
                                                                      : next.servers[node.index].timestamps;
                clock = {true, named_number(next, role, value)};
            }
        }
        worlds = std::move(more);
    };
    for (std::size_t i = 0; i < model_.clients().size(); ++i)
        start(model_.clients()[i].endpoint, model_.clients()[i].spec.timestamp_clock,
              {NodeRef::Kind::Client, static_cast<std::uint8_t>(i)}, client_clock_role(i));
    for (std::size_t s = 0; s < model_.servers().size(); ++s)
        start(model_.servers()[s].endpoint, model_.servers()[s].spec.timestamp_clock,
              {NodeRef::Kind::Server, static_cast<std::uint8_t>(s)}, server_clock_role(s));
    return worlds;
}

std::vector<World> WorldSystem::initial_worlds() {
    std::vector<World> worlds = with_clocks();
    for (World& world : worlds) connect_clients(model_, world);
    for (std::size_t i = 0; i < model_.clients().size(); ++i) {
        std::vector<World> more;
        for (const World& world : worlds) {
            const auto& times = model_.clients()[i].spec.reconnect_at;
            if (times.empty()) more.push_back(world);
            for (const std::int64_t at : times) {
                more.push_back(world);
                more.back().clients[i].reconnect =
                    static_cast<std::uint32_t>(at + model_.scenario().fault.idle);
            }
        }
        worlds = std::move(more);
    }
    // How many faults will come is settled now, their moments are not: so nobody can wait for one more.
    std::vector<World> all;
    for (std::int64_t to_come = 0; to_come <= model_.scenario().fault.again; ++to_come) {
        for (World world : worlds) {
            world.faults_to_come = static_cast<std::uint8_t>(to_come);
            tidy(world);
            all.push_back(std::move(world));
        }
    }
    return all;
}

}  // namespace halfopen
