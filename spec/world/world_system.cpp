#include "spec/world/world_system.hpp"

#include <algorithm>
#include <set>
#include <utility>

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

}  // namespace

WorldSystem::WorldSystem(const Model& model, Cuts cuts, WorldOptions options)
    : model_(model),
      options_(std::move(options)),
      stepper_(model, log_, symmetry_),
      canonicalise_(std::move(cuts)) {
    if (options_.symmetry && !options_.choices) find_symmetry();
}

// The scenario's words are one thing.  What decides is whether the worlds right after the fault, all of them
// together, stay what they are when two clients change places; from there on every step treats them alike.
void WorldSystem::find_symmetry() {
    ClientSymmetry candidates(model_);
    if (candidates.trivial()) return;
    std::vector<World> struck = initial_worlds();
    for (World& world : struck) {
        Step step;
        stepper_.strike_fault(world, step);
    }
    const auto packed = [&](const ClientPermutation& places) {
        std::set<std::vector<std::byte>> all;
        for (const World& world : struck) {
            std::vector<std::byte> bytes;
            pack(canonical(world, places), bytes);
            all.insert(std::move(bytes));
        }
        return all;
    };
    const auto as_it_is = packed({});
    candidates.keep_if([&](const ClientPermutation& exchange) { return packed(exchange) == as_it_is; });
    symmetry_ = std::move(candidates);
}

void WorldSystem::put(World& world, const ClientPermutation& places) const {
    if (model_.oldest_timestamp() > 0) limit_timestamp_ages(world, model_.oldest_timestamp());
    if (!places.is_identity()) permute_clients(model_, world, places);
}

World WorldSystem::canonical(World world, const ClientPermutation& places) {
    put(world, places);
    canonicalise_(world);
    return world;
}

bool WorldSystem::stands_for(World world, const ClientPermutation& places, const World& state) {
    put(world, places);
    return canonicalise_.is_alike(std::move(world), state);
}

WorldSystem::Successors WorldSystem::expand(const World& world) {
    found_ = {std::exchange(spare_, {}), 0};
    if ((marks(world) & 1U) == 0) add_time_or_events(world);
    return std::exchange(found_, {});
}

std::vector<std::pair<Step, World>> WorldSystem::successors_unrenamed(const World& world) {
    rename_ = false;
    Successors found = expand(world);
    rename_ = true;
    found.list.resize(found.size);
    return std::move(found.list);
}

void WorldSystem::add_time_or_events(const World& world) {
    Choices choices;
    if (world.fault_pending && world.idle == 0) {
        perform(world, {}, choices, [&](World& w, Step& s, Choices&) { stepper_.strike_fault(w, s); });
        return;
    }
    const std::uint32_t wait = time_to_next_event(model_, world);
    if (wait == timer_off) return;
    if (wait > 0) {
        perform(world, {}, choices, [&](World& w, Step& s, Choices&) { stepper_.pass_time(w, s, wait); });
        return;
    }
    if (options_.merge_commuting_steps && add_commuting_delivery(world)) return;
    for (std::size_t link = 0; link < world.links.size(); ++link) {
        if (!world.links[link].empty() && world.links[link].front().delay == 0)
            add_delivery(world, static_cast<LinkIndex>(link));
    }
    for (std::size_t i = 0; i < world.clients.size(); ++i) add_client_events(world, i);
    for (std::size_t n = 0; n < world.nats.size(); ++n) add_nat_events(world, n);
    for (std::size_t s = 0; s < world.servers.size(); ++s) add_server_timers(world, s);
}

// An endpoint host is touched only by what its own link brings and by its own timers.  Where no timer of it
// is due, the arrival commutes with every other event of this instant (each other event takes from or adds to
// the far ends of queues), so exploring it first alone loses nothing: {arrival} is a persistent set
// (Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", 1996).  Time cannot pass
// before it, and no cycle consists of such arrivals alone, since each one consumes a segment that only a NAT
// can have sent.
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
            // The end of a session is a timer of the server's application.
            for (std::size_t i = 0; i < world.clients.size(); ++i)
                timer_due |= world.clients[i].reconnect == 0 && in_session(world, i);
            // Several links may lead to one server: then their order matters.
            for (std::size_t other = 0; other < world.links.size(); ++other)
                timer_due |= other != link && model_.links()[other].to == to && !world.links[other].empty();
        }
        if (timer_due) continue;
        add_delivery(world, static_cast<LinkIndex>(link));
        return true;
    }
    return false;
}

void WorldSystem::add_delivery(const World& world, LinkIndex link) {
    Choices choices;
    Step step;
    step.link = link;
    step.node = model_.links()[link].to;
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

std::vector<Draw> WorldSystem::answers(const World& world, const Need& need) {
    if (options_.choices) return options_.choices(world, need);
    std::vector<Draw> draws;
    if (need.kind != Draw::Kind::Isn) {
        for (const PortChoice& choice : need.ports)
            draws.push_back({need.kind, 0, choice.port, choice.share, choice.of, false});
        return draws;
    }
    const DrawContext context{need.role, world.origins};
    auto known = cells_.find(context);
    if (known == cells_.end()) known = cells_.emplace(context, cells(cuts(), need.role, world.origins)).first;
    const bool corners_allowed = options_.corners == Corners::All ||
                                 (options_.corners == Corners::One && world.corner == 0 && !need.repeated);
    for (const Cell& cell : known->second) {
        const bool corner = is_corner(cell);
        if (corner && !corners_allowed) continue;
        draws.push_back({need.kind, need.role, cell.representative, cell.size, all_values, corner});
    }
    return draws;
}

/// Shares may differ: they are in no state.
bool WorldSystem::offer_the_same(const std::vector<Cell>& before, const std::vector<Cell>& after) const {
    const auto offered = [this](const std::vector<Cell>& all) {
        std::vector<std::pair<std::uint32_t, bool>> draws;
        for (const Cell& cell : all) {
            if (may_be_drawn(cell)) draws.emplace_back(cell.representative, is_corner(cell));
        }
        return draws;
    };
    return offered(before) == offered(after);
}

bool WorldSystem::refine(const Cuts& finer) {
    std::map<DrawContext, std::vector<Cell>> refined;
    for (const auto& [context, before] : cells_) {
        std::vector<Cell> after = cells(finer, context.role, context.live);
        if (!offer_the_same(before, after)) return false;
        refined.emplace_hint(refined.end(), context, std::move(after));
    }
    if (!canonicalise_.refine(finer)) return false;
    cells_ = std::move(refined);
    return true;
}

void WorldSystem::absorb(const WorldSystem& other) {
    log_.absorb(other.log_);
    cells_.insert(other.cells_.begin(), other.cells_.end());
    canonicalise_.absorb(other.canonicalise_);
}

WorldSystem::Notes WorldSystem::notes() const {
    Notes notes{log_.sorted(), {}, canonicalise_.known()};
    for (const auto& [context, cells] : cells_) notes.draws.push_back(context);
    return notes;
}

void WorldSystem::take_over(const Notes& notes) {
    for (const Comparison& comparison : notes.comparisons) log_.note(comparison);
    for (const DrawContext& context : notes.draws) {
        if (cells_.count(context) == 0) cells_.emplace(context, cells(cuts(), context.role, context.live));
    }
    canonicalise_.work_out(notes.renamed);
}

ClientPermutation WorldSystem::tidy(World& world) {
    put(world, {});
    canonicalise_(world);
    if (symmetry_.trivial()) return {};
    // By numbers that have been renamed, so that clients which differ in them only are told apart alike.
    const ClientPermutation places = symmetry_.sorted(model_, world);
    if (places.is_identity()) return places;
    permute_clients(model_, world, places);
    canonicalise_(world);
    return places;
}

void WorldSystem::finish(World& world, Step& step) {
    // Where every corner may be drawn at any time, which number came from one makes no difference.
    if (options_.corners == Corners::All) world.corner = 0;
    if (rename_) {
        step.places = tidy(world);
        if (!step.places.is_identity()) step.tag_bits |= tag::moved;
    } else {
        canonicalise_.without_renaming(world);
    }
}

}  // namespace halfopen
