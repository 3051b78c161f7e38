#include "spec/world/failure.hpp"

#include <algorithm>

#include "spec/world/recovery.hpp"

namespace halfopen {

namespace {

/// A connection that it uses, or would use: not one that it is still giving up or opening.
bool has_connection(const ClientState& client) {
    return !client.connected_before && client.tcb.state == TcpState::Established;
}

bool goes_through(const Model& model, std::size_t client, std::uint8_t nat) {
    for (LinkIndex link = model.clients()[client].uplink; link != no_link;) {
        const std::uint8_t hop = model.links()[link].to.index;
        if (hop == nat) return true;
        link = model.nats()[hop].uplink;
    }
    return false;
}

bool goes_through(const Model& model, const World& world, std::size_t client,
                  const ConntrackEntry<ConcreteReading>& entry) {
    const auto sources = source_addresses(model, world, client);
    return entry.destination == model.clients()[client].server &&
           std::find(sources.begin(), sources.end(), entry.inside) != sources.end();
}

/// The connection that a fault at a NAT takes.
bool has_connection(const Model& model, const World& world, std::size_t client, std::uint8_t nat) {
    return has_connection(world.clients[client]) || is_answered(model, world, client, nat);
}

bool loses(const Model& model, const World& world, const Strike& strike, std::size_t client) {
    const ClientState& state = world.clients[client];
    const NodeRef node = strike.failure.node;
    switch (strike.failure.kind) {
        case Failure::Kind::Scenario:
            return node.kind == NodeRef::Kind::Nat ? has_connection(model, world, client, node.index)
                                                   : has_connection(state);
        case Failure::Kind::Nat:
            return has_connection(model, world, client, node.index) &&
                   goes_through(model, client, node.index);
        case Failure::Kind::Mapping:
            return has_connection(model, world, client, node.index) &&
                   goes_through(model, client, node.index) &&
                   goes_through(model, world, client, world.nats[node.index].table.entries[strike.entry]);
        case Failure::Kind::Server:
            return has_connection(state) && model.clients()[client].server_index == node.index;
        case Failure::Kind::Client:
            // The host is down and up again: an attempt under way is gone as well.
            return client == node.index && !state.connected_before && state.tcb.state != TcpState::Closed;
    }
    return false;
}

/// Adds one for each combination of the losing clients' times.
void add_with_times(const Model& model, const Strike& strike, std::vector<Strike>& all) {
    std::vector<Strike> open{strike};
    for (std::size_t i = 0; i < model.clients().size(); ++i) {
        const auto& times = model.clients()[i].spec.reconnect_at;
        if (!strike.losing[i] || times.empty()) continue;
        std::vector<Strike> more;
        for (const Strike& one : open) {
            for (const std::int64_t at : times) {
                more.push_back(one);
                more.back().back[i] = static_cast<std::uint32_t>(at);
            }
        }
        open = std::move(more);
    }
    all.insert(all.end(), open.begin(), open.end());
}

}  // namespace

bool is_answered(const Model& model, const World& world, std::size_t client,
                 std::optional<std::uint8_t> nat) {
    const ConcreteTcb& tcb = world.clients[client].tcb;
    if (tcb.state != TcpState::SynSent) return false;
    const auto carries_answer = [&](LinkIndex link) {
        return std::any_of(world.links[link].begin(), world.links[link].end(), [&](const InFlight& flying) {
            return flying.client == client && segment_class(flying.segment.flags) == SegmentClass::SynAck &&
                   flying.segment.ack.value == tcb.snd_nxt.value;
        });
    };
    for (LinkIndex up = model.clients()[client].uplink; up != no_link;) {
        const Link& link = model.links()[up];
        if (carries_answer(model.link(link.to, link.from))) return true;
        if (nat && link.to.index == *nat) return false;
        up = model.nats()[link.to.index].uplink;
    }
    return false;
}

bool all_nats_work(const World& world) {
    return std::all_of(world.nats.begin(), world.nats.end(),
                       [](const NatState& nat) { return nat.down == timer_off; });
}

bool may_be_struck(const World& world) {
    return world.faults_to_come > 0 && !world.fault_pending && all_nats_work(world);
}

std::vector<Strike> possible_strikes(const Model& model, const World& world) {
    std::vector<Strike> all;
    if (!may_be_struck(world)) return all;
    for (const Failure& failure : model.later_faults()) {
        const bool of_mapping = failure.kind == Failure::Kind::Mapping;
        const std::size_t ways = of_mapping ? world.nats[failure.node.index].table.entries.size() : 1;
        for (std::size_t way = 0; way < ways; ++way) {
            Strike strike{failure, way, {}, {}};
            strike.back.fill(timer_off);
            for (std::size_t i = 0; i < world.clients.size(); ++i)
                strike.losing[i] = loses(model, world, strike, i);
            // A host that has nothing to lose is not worth a fault.
            if (failure.kind == Failure::Kind::Client && !strike.losing[failure.node.index]) continue;
            add_with_times(model, strike, all);
        }
    }
    return all;
}

}  // namespace halfopen
