/// Which events are possible in a world.
#include <algorithm>
#include <utility>

#include "spec/nat/nat.hpp"
#include "spec/world/connected.hpp"
#include "spec/world/world_system.hpp"

namespace halfopen {

namespace {

bool has_due_timer(const ConcreteTcb& tcb) { return next_expiry(tcb) == 0; }

/// A client that has recovered, with its connection: traffic keeps its timers from expiring.
struct Held {
    std::size_t client;
    WorkingPath path;
};

std::vector<Held> held_connections(const Model& model, const World& world) {
    std::vector<Held> held;
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        if (world.clients[i].connected_before) continue;
        if (const auto path = working_path(model, world, i)) held.push_back({i, *path});
    }
    return held;
}

bool holds_client(const std::vector<Held>& held, std::size_t client) {
    return std::any_of(held.begin(), held.end(), [&](const Held& h) { return h.client == client; });
}

bool holds_connection(const std::vector<Held>& held, std::size_t server, std::size_t connection) {
    return std::any_of(held.begin(), held.end(), [&](const Held& h) {
        return h.path.server == server && h.path.connection == connection;
    });
}

bool holds_entry(const std::vector<Held>& held, std::size_t nat, std::size_t entry) {
    return std::any_of(held.begin(), held.end(), [&](const Held& h) {
        return std::any_of(h.path.hops.begin(), h.path.hops.end(),
                           [&](const WorkingPath::Hop& hop) { return hop.nat == nat && hop.entry == entry; });
    });
}

/// ms until the next thing happens; 0 where something is due; timer_off where nothing ever will.
std::uint32_t time_to_next_event(const Model& model, const World& world) {
    const std::vector<Held> held = held_connections(model, world);
    std::uint32_t least = timer_off;
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        least = std::min(least, world.clients[i].reconnect);
        if (!holds_client(held, i)) least = std::min(least, next_expiry(world.clients[i].tcb));
    }
    for (std::size_t n = 0; n < world.nats.size(); ++n) {
        least = std::min(least, world.nats[n].down);
        const auto& entries = world.nats[n].table.entries;
        for (std::size_t e = 0; e < entries.size(); ++e) {
            if (!holds_entry(held, n, e)) least = std::min(least, entries[e].timeout);
        }
    }
    for (std::size_t s = 0; s < world.servers.size(); ++s) {
        const auto& connections = world.servers[s].connections;
        for (std::size_t c = 0; c < connections.size(); ++c) {
            if (!holds_connection(held, s, c)) least = std::min(least, next_expiry(connections[c]));
        }
    }
    for (const auto& link : world.links) {
        if (!link.empty()) least = std::min(least, link.front().delay);
    }
    return std::min(least, world.idle);
}

Step arrival_over(const Model& model, LinkIndex link) {
    Step step;
    step.link = link;
    step.node = model.links()[link].to;
    return step;
}

/// Of an endpoint host, that which a segment is for, if there is one.
const ConcreteTcb* tcb_of(const World& world, NodeRef host, const ConcreteSegment& segment) {
    if (host.kind == NodeRef::Kind::Client) return &world.clients[host.index].tcb;
    const auto& connections = world.servers[host.index].connections;
    const auto at = std::find_if(connections.begin(), connections.end(),
                                 [&](const ConcreteTcb& c) { return c.remote == segment.source; });
    return at == connections.end() ? nullptr : &*at;
}

/// Whether a connection at an endpoint host may be what a client lives on: its own, or a server's that has
/// its numbers.
bool may_be_lived_on(const World& world, NodeRef host, const ConcreteTcb& tcb) {
    if (host.kind == NodeRef::Kind::Client) return !world.clients[host.index].connected_before;
    return std::any_of(world.clients.begin(), world.clients.end(), [&](const ClientState& client) {
        return client.tcb.state != TcpState::Closed && client.tcb.snd_nxt.value == tcb.rcv_nxt.value;
    });
}

/// Whether an arrival leaves an ESTABLISHED connection as working_path() sees it.
bool leaves_alone(const World& world, NodeRef host, const ConcreteTcb* before, const ConcreteTcb* after) {
    if (before == nullptr || before->state != TcpState::Established || !may_be_lived_on(world, host, *before))
        return true;
    return after != nullptr && after->state == TcpState::Established && before->remote == after->remote &&
           before->snd_una == after->snd_una && before->snd_nxt == after->snd_nxt &&
           before->rcv_nxt == after->rcv_nxt && nothing_unanswered(*before) == nothing_unanswered(*after);
}

}  // namespace

WorldSystem::Successors WorldSystem::expand(const World& world) {
    found_ = {std::exchange(spare_, {}), 0};
    if ((marks(world) & 1U) == 0) {
        add_faults(world);
        // Where everybody has recovered nothing is left to happen but a fault.
        if (world.faults_to_come == 0 || !all_have_recovered(model_, world)) add_time_or_events(world);
    }
    return std::exchange(found_, {});
}

std::vector<std::pair<Step, World>> WorldSystem::successors_unrenamed(const World& world) {
    rename_ = false;
    Successors found = expand(world);
    rename_ = true;
    found.list.resize(found.size);
    return std::move(found.list);
}

std::vector<std::pair<Step, World>> WorldSystem::every_successor_unrenamed(const World& world) {
    const bool merging = std::exchange(options_.merge_commuting_steps, false);
    auto found = successors_unrenamed(world);
    options_.merge_commuting_steps = merging;
    return found;
}

/// In every state while one is to come, also before time passes.
void WorldSystem::add_faults(const World& world) {
    Choices choices;
    for (const Strike& strike : possible_strikes(model_, world)) {
        perform(world, {}, choices,
                [&](World& w, Step& s, Choices&) { stepper_.strike_again(w, s, strike); });
    }
}

void WorldSystem::add_time_or_events(const World& world) {
    Choices choices;
    if (world.fault_pending && world.idle == 0) {
        perform(world, {}, choices, [&](World& w, Step& s, Choices&) { stepper_.strike_fault(w, s); });
        return;
    }
    std::uint32_t wait = time_to_next_event(model_, world);
    if (wait == timer_off) return;
    const bool may_fail = may_be_struck(world);
    const auto every = static_cast<std::uint32_t>(model_.scenario().fault.every);
    if (may_fail && every > 0) wait = std::min(wait, every);
    if (wait > 0) {
        perform(world, {}, choices, [&](World& w, Step& s, Choices&) { stepper_.pass_time(w, s, wait); });
        return;
    }
    // A fault commutes with nothing: it may take the connection that the arrival has just made.  A segment
    // that may still be lost is a choice, not to be made before it is known what others draw.  And where
    // segments can be repeated, which number an attempt loses by can depend on what its draw still finds
    // alive.
    const bool certain = !may_fail && world.losses_left == 0 && model_.scenario().network.duplication == 0;
    if (options_.merge_commuting_steps && certain && add_commuting_delivery(world)) return;
    for (std::size_t link = 0; link < world.links.size(); ++link) {
        if (!world.links[link].empty() && world.links[link].front().delay == 0)
            add_delivery(world, static_cast<LinkIndex>(link));
    }
    for (std::size_t i = 0; i < world.clients.size(); ++i) add_client_events(world, i);
    for (std::size_t n = 0; n < world.nats.size(); ++n) add_nat_events(world, n);
    for (std::size_t s = 0; s < world.servers.size(); ++s) add_server_timers(world, s);
}

// Where a host is touched by nothing in this instant but what its one link brings, the arrival commutes with
// every other event of the instant, so that exploring it first alone loses nothing: {arrival} is a persistent
// set (Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996).  docs/theory.md,
// "Commuting steps", says why each of these conditions is needed.
bool WorldSystem::add_commuting_delivery(const World& world) {
    for (std::size_t link = 0; link < world.links.size(); ++link) {
        if (world.links[link].empty() || world.links[link].front().delay != 0) continue;
        const NodeRef to = model_.links()[link].to;
        bool timer_due = false;
        if (to.kind == NodeRef::Kind::Nat) continue;
        if (to.kind == NodeRef::Kind::Client) {
            timer_due = has_due_timer(world.clients[to.index].tcb) || world.clients[to.index].reconnect == 0;
        } else {
            const auto& connections = world.servers[to.index].connections;
            timer_due = std::any_of(connections.begin(), connections.end(), has_due_timer);
            for (std::size_t i = 0; i < world.clients.size(); ++i) {
                const ClientState& client = world.clients[i];
                // The end of a session is a timer of the server's application.
                timer_due |= client.reconnect == 0 && in_session(world, i);
                // Its timer asks whether the server has answered (Stepper::fire_client_timer).
                timer_due |= client.tcb.state == TcpState::SynSent && client.reconnect != timer_off &&
                             has_due_timer(client.tcb);
            }
            // Where several links lead to one server their order matters, and what comes over another one may
            // still be on its way to the NAT before.
            for (std::size_t other = 0; other < world.links.size(); ++other)
                timer_due |= other != link && model_.links()[other].to == to;
        }
        if (timer_due) continue;
        const std::size_t others = found_.size;
        if (add_harmless_delivery(world, static_cast<LinkIndex>(link))) return true;
        found_.size = others;
    }
    return false;
}

// Not where it ends or moves an ESTABLISHED connection: whether that had become somebody's who has recovered
// is something that orders may differ in (tag::collateral).
bool WorldSystem::add_harmless_delivery(const World& world, LinkIndex link) {
    Choices choices;
    const Step step = arrival_over(model_, link);
    bool harms = false;
    perform(world, step, choices, [&](World& w, Step& s, Choices& c) {
        stepper_.deliver(w, s, c);
        harms |= !leaves_alone(world, step.node, tcb_of(world, step.node, *s.segment),
                               tcb_of(w, step.node, *s.segment));
    });
    return !harms;
}

void WorldSystem::add_delivery(const World& world, LinkIndex link) {
    Choices choices;
    const Step step = arrival_over(model_, link);
    perform(world, step, choices, [&](World& w, Step& s, Choices& c) { stepper_.deliver(w, s, c); });
    if (world.losses_left > 0) {
        perform(world, step, choices, [&](World& w, Step& s, Choices&) {
            s.kind = Step::Kind::Lose;
            s.segment = w.links[link].front().segment;
            w.links[link].erase(w.links[link].begin());
            --w.losses_left;
        });
    }
    if (world.duplications_left > 0) {
        perform(world, step, choices, [&](World& w, Step& s, Choices&) {
            s.kind = Step::Kind::Duplicate;
            s.segment = w.links[link].front().segment;
            w.links[link].insert(w.links[link].begin(), InFlight(w.links[link].front()));
            --w.duplications_left;
        });
    }
}

bool WorldSystem::in_session(const World& world, std::size_t client) const {
    const ClientState& state = world.clients[client];
    return model_.clients()[client].spec.session > 0 && !state.connected_before &&
           state.tcb.state == TcpState::Established;
}

bool WorldSystem::may_connect(const World& world, std::size_t client) const {
    using Order = NetworkSpec::Order;
    const Order order = model_.scenario().network.order;
    if (order == Order::Any || !world.clients[client].connected_before) return true;
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        const bool earlier = order == Order::Kept ? i < client : i > client;
        if (earlier && world.clients[i].connected_before && world.clients[i].reconnect == 0) return false;
    }
    return std::all_of(world.links.begin(), world.links.end(), [](const auto& link) { return link.empty(); });
}

bool WorldSystem::keeps_connection(const World& world, std::size_t client) const {
    return model_.clients()[client].spec.old_connection == ClientSpec::OldConnection::Kept &&
           world.clients[client].tcb.state == TcpState::Established;
}

void WorldSystem::add_client_events(const World& world, std::size_t client) {
    Choices choices;
    Step step;
    step.node = {NodeRef::Kind::Client, static_cast<std::uint8_t>(client)};
    const ClientState& state = world.clients[client];
    if (state.reconnect == 0 && in_session(world, client))
        perform(world, step, choices, [&](World& w, Step& s, Choices&) { stepper_.end_session(w, s); });
    else if (state.reconnect == 0 && keeps_connection(world, client))
        perform(world, step, choices, [&](World& w, Step& s, Choices&) { stepper_.write(w, s); });
    else if (state.reconnect == 0 && may_connect(world, client))
        perform(world, step, choices, [&](World& w, Step& s, Choices& c) { stepper_.connect(w, s, c); });
    for (std::size_t t = 0; t < tcp_timer_count; ++t) {
        if (state.tcb.timers[t] != 0) continue;
        const auto timer = static_cast<TcpTimer>(t);
        perform(world, step, choices,
                [&](World& w, Step& s, Choices&) { stepper_.fire_client_timer(w, s, timer); });
    }
}

void WorldSystem::add_nat_events(const World& world, std::size_t nat) {
    Choices choices;
    Step step;
    step.node = {NodeRef::Kind::Nat, static_cast<std::uint8_t>(nat)};
    if (world.nats[nat].down == 0)
        perform(world, step, choices, [&](World& w, Step& s, Choices&) { stepper_.bring_nat_up(w, s); });
    if (next_expiry(world.nats[nat].table) == 0)
        perform(world, step, choices, [&](World& w, Step& s, Choices&) { stepper_.expire_entries(w, s); });
}

void WorldSystem::add_server_timers(const World& world, std::size_t server) {
    Choices choices;
    Step step;
    step.node = {NodeRef::Kind::Server, static_cast<std::uint8_t>(server)};
    const auto& connections = world.servers[server].connections;
    for (std::size_t c = 0; c < connections.size(); ++c) {
        for (std::size_t t = 0; t < tcp_timer_count; ++t) {
            if (connections[c].timers[t] != 0) continue;
            const auto timer = static_cast<TcpTimer>(t);
            perform(world, step, choices,
                    [&](World& w, Step& s, Choices&) { stepper_.fire_server_timer(w, s, timer, c); });
        }
    }
}

template <class Perform>
void WorldSystem::perform(const World& world, const Step& step, Choices& choices,
                          const Perform& perform_event) {
    if (found_.size == found_.list.size()) found_.list.emplace_back();
    auto& [label, next] = found_.list[found_.size];
    label = step;
    next = world;
    choices.rewind();
    perform_event(next, label, choices);
    if (!choices.need()) {
        finish(next, label);
        ++found_.size;
        return;
    }
    const Need need = *choices.need();
    choices.forget_need();
    for (const Draw& answer : answers(world, need)) {
        choices.push(answer);
        perform(world, step, choices, perform_event);
        choices.pop();
    }
}

}  // namespace halfopen
