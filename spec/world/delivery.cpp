/// A segment arrives: at a client, a server, or a NAT.
#include <algorithm>

#include "spec/world/recovery.hpp"
#include "spec/world/stepper.hpp"

namespace halfopen {

namespace {

/// What of a TCB a foreign segment must not change: anything but its clocks.
bool same_connection_state(const ConcreteTcb& a, const ConcreteTcb& b) {
    return a.state == b.state && a.snd_una == b.snd_una && a.snd_nxt == b.snd_nxt && a.rcv_nxt == b.rcv_nxt;
}

}  // namespace

/// Whether the connections a and b can be those of two clients.  Of interchangeable clients no world says
/// which of them had the old connection; in some run it is another one.
bool Stepper::may_be_others(Owner a, Owner b) const {
    if (is_old(a) == is_old(b)) return a != b;
    const std::size_t now = client_of(is_old(a) ? b : a);
    return client_of(a) != client_of(b) || symmetry_.interchangeable(now);
}

void Stepper::deliver(World& world, Step& step, Choices& choices) const {
    step.kind = Step::Kind::Deliver;
    step.node = model_.links()[step.link].to;
    auto& queue = world.links[step.link];
    const InFlight arrived = queue.front();
    queue.erase(queue.begin());
    step.segment = arrived.segment;

    std::vector<Owner> healthy;
    for (Owner i = 0; i < world.clients.size(); ++i) {
        const bool own = arrived.client != nobody && !may_be_others(arrived.client, i);
        if (!own && !world.clients[i].connected_before && working_path(model_, world, i))
            healthy.push_back(i);
    }
    switch (step.node.kind) {
        case NodeRef::Kind::Client:
            deliver_to_client(world, step, arrived);
            break;
        case NodeRef::Kind::Server:
            deliver_to_server(world, step, arrived, choices);
            break;
        case NodeRef::Kind::Nat:
            deliver_to_nat(world, step, arrived, choices);
            break;
    }
    if (choices.need()) return;
    for (const Owner i : healthy) {
        if (!working_path(model_, world, i)) step.tag_bits |= tag::collateral;
    }
}

void Stepper::deliver_to_client(World& world, Step& step, const InFlight& arrived) const {
    const std::size_t index = step.node.index;
    ClientState& client = world.clients[index];
    const ClientNode& node = model_.clients()[index];
    ConcreteReading r = reading(world);
    if (client.tcb.state != TcpState::Closed && client.tcb.local == arrived.segment.destination &&
        client.tcb.remote == arrived.segment.source) {
        const ConcreteTcb before = client.tcb;
        const auto result = receive(r, node.endpoint, client.tcb, arrived.segment);
        const bool foreign =
            arrived.client != nobody && may_be_others(arrived.client, static_cast<Owner>(index));
        if (foreign && !same_connection_state(before, client.tcb)) step.tag_bits |= tag::cross;
        after_client(world, step, index, result);
        return;
    }
    ConcreteTcb closed;
    closed.local = arrived.segment.destination;
    closed.remote = arrived.segment.source;
    const auto result = receive(r, node.endpoint, closed, arrived.segment);
    step.rule = result.rule;
    step.reason = "no such connection";
    for (const auto& segment : result.sent) send_from_client(world, step, index, segment);
}

void Stepper::deliver_to_server(World& world, Step& step, const InFlight& arrived, Choices& choices) const {
    const std::size_t index = step.node.index;
    const ServerNode& node = model_.servers()[index];
    auto& connections = world.servers[index].connections;
    ConcreteReading r = reading(world);
    const auto at = std::find_if(connections.begin(), connections.end(),
                                 [&](const ConcreteTcb& c) { return c.remote == arrived.segment.source; });
    const bool known = at != connections.end();
    ConcreteTcb tcb;
    if (known) {
        tcb = *at;
    } else if (arrived.segment.destination == node.address) {
        tcb = listener(r, world, index, arrived.segment.source.ip);
    } else {
        tcb.local = arrived.segment.destination;
        tcb.remote = arrived.segment.source;
    }
    const ConcreteTcb before = tcb;
    auto result = receive(r, node.endpoint, tcb, arrived.segment);
    if (result.needs_isn) {
        const auto isn = draw_isn(world, step, choices, server_isn_role(index), false);
        if (!isn) return;
        r = reading(world);
        tcb = before;
        result = receive(r, node.endpoint, tcb, arrived.segment, isn);
    }
    const Owner owner = opener_of(world.origins[before.irs.origin].role);
    const bool foreign =
        known && owner != nobody && arrived.client != nobody && may_be_others(owner, arrived.client);
    if (foreign && !same_connection_state(before, tcb)) step.tag_bits |= tag::cross;
    if (known) connections.erase(at);
    after_server(world, step, index, tcb, result);
}

void Stepper::deliver_to_nat(World& world, Step& step, const InFlight& arrived, Choices& choices) const {
    const std::size_t index = step.node.index;
    const NatNode& node = model_.nats()[index];
    NatState& state = world.nats[index];
    if (state.down != timer_off) {
        step.nat_is_down = true;
        step.outcome = NatOutcome::Dropped;
        step.reason = "the NAT is down";
        return;
    }
    const Link& link = model_.links()[step.link];
    const bool from_outside = link.from.kind == NodeRef::Kind::Server ||
                              (link.from.kind == NodeRef::Kind::Nat && node.uplink != no_link &&
                               model_.links()[node.uplink].to == link.from);
    ConcreteReading r = reading(world);
    NatStep<ConcreteReading> result;
    if (from_outside) {
        result = inbound(r, node.nat, node.addresses, state.table, arrived.segment);
    } else {
        std::vector<std::uint16_t> interesting;
        for (const ServerState& server : world.servers) {
            for (const ConcreteTcb& tcb : server.connections) {
                if (tcb.remote.ip == node.addresses.outside_ip) interesting.push_back(tcb.remote.port);
            }
        }
        result =
            outbound(r, node.nat, node.addresses, state.table, arrived.segment, interesting, std::nullopt);
        if (result.needs_port) {
            const auto draw = choices.take({Draw::Kind::OutsidePort, 0, result.ports, false});
            if (!draw) return;
            step.draws.push_back(*draw);
            result = outbound(r, node.nat, node.addresses, state.table, arrived.segment, interesting,
                              static_cast<std::uint16_t>(draw->value));
        }
    }
    step.outcome = result.outcome;
    step.rule = result.rule;
    step.ignored = result.ignored;
    step.reason = result.reason;
    for (const auto& segment : result.sent)
        emit(world, step, model_.link(step.node, link.from), segment, nobody);
    switch (result.outcome) {
        case NatOutcome::Forwarded:
            emit(world, step,
                 from_outside ? towards_inside(index, result.segment) : towards_server(index, result.segment),
                 result.segment, arrived.client);
            break;
        case NatOutcome::Leaked:
            // With a private source address: the next router's ingress filter (BCP 38) drops it, and no
            // answer could find its way back.
            step.tag_bits |= tag::leak;
            step.sent.push_back({result.segment, no_link});
            break;
        case NatOutcome::ToHost: {
            if (node.nat.policy().number("input") != 0) {
                step.reason = "the NAT host's INPUT chain drops it";
                break;
            }
            ConcreteTcb closed;
            closed.local = arrived.segment.destination;
            closed.remote = arrived.segment.source;
            const auto answer = receive(r, node.host, closed, arrived.segment);
            step.host_rule = answer.rule;
            const LinkIndex back = model_.link(step.node, link.from);
            for (const auto& segment : answer.sent) emit(world, step, back, segment, nobody);
            break;
        }
        case NatOutcome::DroppedInvalid:
        case NatOutcome::Dropped:
            break;
    }
}

}  // namespace halfopen
