#include "spec/world/state_predicate.hpp"

#include <algorithm>

#include "spec/world/recovery.hpp"
#include "spec/world/world.hpp"

namespace halfopen {

namespace {

using Term = StatePredicate::Term;
using Kind = StatePredicate::Kind;

/// States of those TCBs or entries that match; empty: none does.
template <class List, class Match>
bool any_in_state(const List& list, int value, Match&& match) {
    const auto wanted = [&](const auto& one) {
        return match(one) && (value == StatePredicate::none || static_cast<int>(one.state) == value);
    };
    const bool found = std::any_of(list.begin(), list.end(), wanted);
    return value == StatePredicate::none ? !found : found;
}

bool server_state(const Model& model, const World& world, const Term& term) {
    const auto& connections = world.servers[term.node].connections;
    if (term.client == StatePredicate::none)
        return any_in_state(connections, term.value,
                            [&](const ConcreteTcb& tcb) { return tcb.remote.port == term.port; });
    const auto client = static_cast<std::size_t>(term.client);
    if (client >= world.clients.size() || model.clients()[client].server_index != term.node)
        return term.value == StatePredicate::none;
    const auto outside = outside_address(model, world, client);
    return any_in_state(connections, term.value,
                        [&](const ConcreteTcb& tcb) { return outside && tcb.remote == *outside; });
}

bool entry_state(const Model& model, const World& world, const Term& term) {
    const auto& entries = world.nats[term.node].table.entries;
    if (term.client == StatePredicate::none)
        return any_in_state(entries, term.value,
                            [&](const auto& entry) { return entry.outside.port == term.port; });
    const auto client = static_cast<std::size_t>(term.client);
    const bool absent = term.value == StatePredicate::none;
    if (client >= world.clients.size()) return absent;
    // The client's source address at the hop that is this NAT.
    const auto sources = source_addresses(model, world, client);
    LinkIndex link = model.clients()[client].uplink;
    for (std::size_t hop = 0; link != no_link && hop < sources.size(); ++hop) {
        const std::size_t nat = model.links()[link].to.index;
        if (nat == term.node)
            return any_in_state(entries, term.value, [&](const auto& entry) {
                return entry.inside == sources[hop] && entry.destination == model.clients()[client].server;
            });
        link = model.nats()[nat].uplink;
    }
    return absent;
}

NodeRef node_at(const Model& model, std::size_t index, std::size_t clients_listed) {
    if (index < clients_listed) return {NodeRef::Kind::Client, static_cast<std::uint8_t>(index)};
    index -= clients_listed;
    if (index < model.nats().size()) return {NodeRef::Kind::Nat, static_cast<std::uint8_t>(index)};
    return {NodeRef::Kind::Server, static_cast<std::uint8_t>(index - model.nats().size())};
}

bool on_link(const Model& model, const World& world, const Term& term, std::size_t listed) {
    const LinkIndex link = model.link(node_at(model, term.node, listed), node_at(model, term.other, listed));
    if (link == no_link) return false;
    return std::any_of(world.links[link].begin(), world.links[link].end(), [&](const InFlight& flying) {
        return term.value == StatePredicate::none ||
               static_cast<int>(segment_class(flying.segment.flags)) == term.value;
    });
}

}  // namespace

bool StatePredicate::holds(const Model& model, const World& world) const {
    return holds(model, world, terms_.size() - 1);
}

bool StatePredicate::holds(const Model& model, const World& world, std::size_t index) const {
    const Term& term = terms_[index];
    const bool takes_part = term.node < world.clients.size();  // of the terms that are about a client
    switch (term.kind) {
        case Kind::And:
            return holds(model, world, term.left) && holds(model, world, term.right);
        case Kind::Or:
            return holds(model, world, term.left) || holds(model, world, term.right);
        case Kind::Not:
            return !holds(model, world, term.left);
        case Kind::ClientState:
            return takes_part && static_cast<int>(world.clients[term.node].tcb.state) == term.value;
        case Kind::Recovered:
            return takes_part && has_recovered(model, world, term.node);
        case Kind::Reconnecting:
            return takes_part && !world.clients[term.node].connected_before;
        case Kind::ServerState:
            return server_state(model, world, term);
        case Kind::EntryState:
            return entry_state(model, world, term);
        case Kind::NatDown:
            return world.nats[term.node].down != timer_off;
        case Kind::OnLink:
            return on_link(model, world, term, clients_);
    }
    return false;
}

}  // namespace halfopen
