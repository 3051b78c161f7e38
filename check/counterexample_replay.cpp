#include "check/counterexample_replay.hpp"

#include <algorithm>
#include <chrono>

#include "check/attempt_nodes.hpp"
#include "check/certificate.hpp"
#include "check/concrete_trace.hpp"
#include "check/exploration_with_cells.hpp"
#include "check/proof_report.hpp"
#include "explorer/cycles.hpp"
#include "explorer/reachability.hpp"
#include "spec/world/failure.hpp"

namespace halfopen {
namespace {

using Clock = std::chrono::steady_clock;
using explorer::StateGraph;

/// A counterexample, and what is still to be done about it.
struct Open {
    const StartResult* start;
    bool syn_sent;                    ///< ProofFailure::syn_sent
    std::optional<TrackState> entry;  ///< ProofFailure::entry
    std::vector<SettingList> plan;
    Replay replay;
};

bool nothing_on_its_way(const World& world, const Model& model, const ClientNode& client) {
    const LinkIndex back = model.link(model.links()[client.uplink].to, model.links()[client.uplink].from);
    return world.links[client.uplink].empty() && (back == no_link || world.links[back].empty());
}

bool concerns(const ConcreteSegment& segment, const Address& outside) {
    return segment.source == outside || segment.destination == outside;
}

/// The client is about to connect(), or to send its SYN once more.
bool about_to_connect(const ClientState& client) {
    return client.tcb.state == TcpState::Closed && client.reconnect == 0;
}
bool sends_syn_again(const ClientState& client) {
    return client.tcb.state == TcpState::SynSent && client.tcb.timer(TcpTimer::Retransmit) == 0;
}

/// Whether the world, in which somebody connects, is as the counterexample begins, for this client.
bool begins_like(const Open& open, const Model& model, const World& world, std::size_t index) {
    const StartResult& start = *open.start;
    const ClientNode& client = model.clients()[index];
    const ClientState& now = world.clients[index];
    if (!(open.syn_sent ? sends_syn_again(now) : about_to_connect(now))) return false;
    if (!nothing_on_its_way(world, model, client)) return false;
    const NatState& nat = world.nats[model.links()[client.uplink].to.index];
    const std::optional<Address> mapped = outside_address(model, world, index);
    if (mapped.has_value() != start.mapped) return false;
    if (open.entry && find_reply(nat.table, client.server, *mapped)->state != *open.entry) return false;
    const auto is_free = [&](const Address& outside) {
        if (mapped) return outside == *mapped;
        return std::none_of(nat.table.entries.begin(), nat.table.entries.end(),
                            [&](const auto& entry) { return entry.outside == outside; });
    };
    const auto quiet = [&](const Address& outside) {
        return std::none_of(world.links.begin(), world.links.end(), [&](const auto& link) {
            return std::any_of(link.begin(), link.end(),
                               [&](const InFlight& flying) { return concerns(flying.segment, outside); });
        });
    };
    const auto& connections = world.servers[client.server_index].connections;
    if (!start.server)
        return std::none_of(connections.begin(), connections.end(),
                            [&](const ConcreteTcb& tcb) { return is_free(tcb.remote); });
    return std::any_of(connections.begin(), connections.end(), [&](const ConcreteTcb& tcb) {
        return kind_of(tcb) == *start.server && is_free(tcb.remote) && quiet(tcb.remote);
    });
}

/// Whether a client is about to connect(), or to send its SYN again, while the NAT works.
bool somebody_connects(const World& world) {
    return !world.fault_pending && all_nats_work(world) &&
           std::any_of(world.clients.begin(), world.clients.end(), [](const ClientState& client) {
               return about_to_connect(client) || sends_syn_again(client);
           });
}

/// Worlds in which somebody connects, unpacked once for all that is asked of them.
struct Connecting {
    std::vector<std::uint32_t> nodes;  ///< in the order of their depth
    std::vector<World> worlds;

    explicit Connecting(const WorldExploration& exploration) {
        World world;
        for (std::uint32_t node = 0; node < exploration.found.graph.node_count(); ++node) {
            exploration.system->unpack(exploration.found.states[node], world);
            if (!somebody_connects(world)) continue;
            nodes.push_back(node);
            worlds.push_back(world);
        }
    }
    /// Nodes that begin like the counterexample for this client.
    std::vector<std::uint32_t> like(const Open& open, const Model& model, std::size_t client) const {
        std::vector<std::uint32_t> found;
        for (std::size_t i = 0; i < nodes.size(); ++i)
            if (begins_like(open, model, worlds[i], client)) found.push_back(nodes[i]);
        return found;
    }
};

/// Where runs from the beginnings can come to while the client has not recovered.
struct StillOut {
    std::vector<bool> nodes;
    std::vector<std::uint32_t> parent;  ///< a beginning is its own

    StillOut(const StateGraph& graph, const std::vector<std::uint32_t>& from, std::size_t client)
        : nodes(graph.node_count()), parent(graph.node_count(), explorer::no_node) {
        std::vector<std::uint32_t> queue;
        const auto reach = [&](std::uint32_t node, std::uint32_t by) {
            if (nodes[node] || graph.has_mark(node, recovered_mark(client) | explorer::goal_mark)) return;
            nodes[node] = true;
            parent[node] = by;
            queue.push_back(node);
        };
        for (const std::uint32_t node : from) reach(node, node);
        for (std::size_t i = 0; i < queue.size(); ++i)
            for (const explorer::OutEdge& edge : graph.out_edges(queue[i])) reach(edge.target, queue[i]);
    }

    /// From a beginning to the node.
    std::vector<std::uint32_t> path_to(std::uint32_t node) const {
        std::vector<std::uint32_t> path{node};
        while (parent[path.back()] != path.back()) path.push_back(parent[path.back()]);
        std::reverse(path.begin(), path.end());
        return path;
    }
};

/// A run through a beginning on which the client never recovers; `begins` is where it is at that.
std::optional<explorer::Lasso> run_through(StateGraph& graph, const std::vector<std::uint32_t>& from,
                                           std::size_t client, std::size_t& begins) {
    const StillOut out(graph, from, client);
    const std::vector<std::uint32_t> initial = std::exchange(graph.initial, from);
    std::optional<explorer::Lasso> lasso = explorer::lasso_within(graph, out.nodes);
    graph.initial = initial;
    if (!lasso) return std::nullopt;
    const std::vector<std::uint32_t> tail = out.path_to(lasso->prefix.back());
    lasso->prefix = explorer::path_to(graph, tail.front());
    begins = lasso->prefix.size() - 1;
    lasso->prefix.insert(lasso->prefix.end(), tail.begin() + 1, tail.end());
    return lasso;
}

/// Looks for one counterexample in what has been explored; true where its run is found.
bool look_in(WorldExploration& exploration, const Connecting& connecting, Open& open, ReplayTry& tried) {
    const Model& model = exploration.system->model();
    for (std::size_t client = 0; client < model.clients().size(); ++client) {
        const std::vector<std::uint32_t> from = connecting.like(open, model, client);
        tried.like_it += from.size();
        if (from.empty()) continue;
        const auto run = run_through(exploration.found.graph, from, client, open.replay.begins);
        if (!run) continue;
        open.replay.trace = concrete_trace(exploration, *run);
        return true;
    }
    return false;
}

std::vector<Open> counterexamples(const Scenario& scenario, const Model& model, const RecoveryProof& proof) {
    std::vector<Open> all;
    for (const StartResult& start : proof.starts) {
        const auto add = [&](const auto& part) {
            const auto& failure = part.failure ? part.failure : part.with_others;
            if (!failure || failure->kind == FailureKind::Late || failure->run.empty()) return;
            Open open{
                &start, failure->syn_sent, failure->entry, replay_plan(scenario, model, start, *failure), {}};
            open.replay.start = beginning_of(*failure);
            open.replay.half_open = start.half_open;
            open.replay.with_others = !part.failure.has_value();
            all.push_back(std::move(open));
        };
        add(start);
        if (start.syn_sent) add(*start.syn_sent);
    }
    return all;
}

/// The next scenario that one of them asks for and that has not been tried for it.
const SettingList* next_of(const std::vector<Open>& all) {
    for (const Open& open : all)
        if (!open.replay.trace && !open.plan.empty()) return &open.plan.front();
    return nullptr;
}

Replay::Outcome outcome_of(const Replay& replay) {
    using enum Replay::Outcome;
    if (replay.trace) return Found;
    const auto any = [&](const auto& is) {
        return std::any_of(replay.tries.begin(), replay.tries.end(), is);
    };
    if (replay.tries.empty() ||
        any([](const ReplayTry& one) { return one.stopped != explorer::StopReason::Complete; }))
        return Inconclusive;
    return any([](const ReplayTry& one) { return one.like_it > 0; }) ? Recovers : NotReachable;
}

/// Tries one scenario for everybody who asks for it, and takes it out of their plans.
void explore_for(std::vector<Open>& all, const SettingList& set, const Scenario& scenario,
                 const PolicyLibrary& library, const CheckOptions& options) {
    Scenario changed = scenario;
    for (const auto& [key, value] : set) apply_setting(changed, key, value);
    std::shared_ptr<const Model> model;
    try {
        validate(changed);
        model = std::make_shared<const Model>(std::move(changed), library);
    } catch (const InputError&) {
        // Not every change fits every scenario: then there is nothing to look at.
        for (Open& open : all) std::erase(open.plan, set);
        return;
    }
    WorldExploration exploration =
        explore_with_cells(*model, {}, {Corners::None, false}, without_reductions(options));
    const bool complete = exploration.found.stopped == explorer::StopReason::Complete;
    std::optional<Connecting> connecting;
    if (complete) connecting.emplace(exploration);
    for (Open& open : all) {
        if (open.replay.trace || std::erase(open.plan, set) == 0) continue;
        ReplayTry tried{set, exploration.found.stopped, exploration.found.graph.node_count(), 0};
        const bool found = complete && look_in(exploration, *connecting, open, tried);
        open.replay.tries.push_back(std::move(tried));
        if (found) open.replay.model = model;
    }
}

}  // namespace

std::vector<Replay> replay_counterexamples(const Scenario& scenario, const PolicyLibrary& library,
                                           const RecoveryProof& proof, const CheckOptions& options) {
    const Clock::time_point end = Clock::now() + options.limits.timeout.value_or(std::chrono::hours(1));
    std::vector<Open> all = counterexamples(scenario, Model(scenario, library), proof);
    CheckOptions each = options;
    while (const SettingList* next = next_of(all)) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
        if (left.count() <= 0) break;
        each.limits.timeout = left;
        explore_for(all, SettingList(*next), scenario, library, each);
    }
    std::vector<Replay> replays;
    for (Open& open : all) {
        open.replay.outcome = outcome_of(open.replay);
        if (!open.replay.trace && !open.plan.empty()) open.replay.outcome = Replay::Outcome::Inconclusive;
        replays.push_back(std::move(open.replay));
    }
    return replays;
}

std::string_view to_string(Replay::Outcome outcome) {
    switch (outcome) {
        case Replay::Outcome::Found:
            return "found";
        case Replay::Outcome::Recovers:
            return "recovers";
        case Replay::Outcome::NotReachable:
            return "not reachable";
        case Replay::Outcome::Inconclusive:
            break;
    }
    return "inconclusive";
}

}  // namespace halfopen
