#include "check/numbered_runs.hpp"

#include <algorithm>

#include "check/attempt_nodes.hpp"
#include "check/meeting.hpp"
#include "explorer/boost_adaptor.hpp"
#include "explorer/components.hpp"
#include "explorer/reachability.hpp"
#include "spec/world/packing.hpp"

namespace halfopen {

namespace {

/// A world system without renaming that ends where the client's attempt does.
class NumberedSystem {
   public:
    using State = World;
    using Label = Step;

    NumberedSystem(const Model& model, const Cuts& cuts, std::size_t client, std::uint32_t iss)
        : client_(client), iss_(iss), cuts_(cuts), inner_(model, cuts, forced()) {}

    template <class Sink>
    void initial(Sink&& sink) {
        inner_.initial(sink);
    }
    template <class Sink>
    void successors(const World& world, Sink&& sink) {
        if (over(world)) return;
        const std::uint32_t oldest = inner_.model().oldest_timestamp();
        for (auto& [step, next] : inner_.successors_unrenamed(world)) {
            // As in any state; without it time stamps would grow older for ever.
            if (oldest > 0) limit_timestamp_ages(next, oldest);
            sink(std::as_const(step), std::as_const(next));
        }
    }
    std::uint32_t marks(const World& world) const { return inner_.marks(world); }
    void pack(const World& world, std::vector<std::byte>& out) const { pack_world(world, out); }
    World unpack(std::span<const std::byte> bytes) const { return unpack_world(bytes); }

    /// Its number has been drawn: before that it may have kept a connection that it had.
    bool begun(const World& world) const {
        return !world.clients[client_].connected_before &&
               std::any_of(world.origins.begin(), world.origins.end(),
                           [&](const Origin& origin) { return origin.role == client_isn_role(client_); });
    }
    bool given_up(const World& world) const {
        const ClientState& client = world.clients[client_];
        if (client.connected_before || client.tcb.state != TcpState::Closed) return false;
        using Old = ClientSpec::OldConnection;
        return begun(world) || inner_.model().clients()[client_].spec.old_connection != Old::Kept;
    }
    bool over(const World& world) const {
        return given_up(world) || (begun(world) && has_recovered(inner_.model(), world, client_));
    }

   private:
    WorldOptions forced() {
        WorldOptions options;
        options.choices = [this](const World& world, const Need& need) { return answers(world, need); };
        return options;
    }
    std::vector<Draw> answers(const World& world, const Need& need) const {
        std::vector<Draw> draws;
        if (need.kind != Draw::Kind::Isn) {
            for (const PortChoice& choice : need.ports)
                draws.push_back({need.kind, 0, choice.port, choice.share, choice.of, false});
            return draws;
        }
        if (need.role == client_isn_role(client_))
            return {{need.kind, need.role, iss_, 1, all_values, false}};
        for (const Cell& cell : cells(cuts_, need.role, world.origins)) {
            if (!is_corner(cell))
                draws.push_back({need.kind, need.role, cell.representative, cell.size, all_values, false});
        }
        return draws;
    }

    std::size_t client_;
    std::uint32_t iss_;
    Cuts cuts_;
    WorldSystem inner_;
};

static_assert(explorer::TransitionSystem<NumberedSystem>);

/// Other clients go on drawing numbers, and none is ever forgotten.
constexpr std::uint64_t most_memory = std::uint64_t{64} << 20U;

}  // namespace

std::string_view to_string(AttemptOutcome outcome) {
    switch (outcome) {
        case AttemptOutcome::GetsThrough:
            return "gets through";
        case AttemptOutcome::Depends:
            return "depends on the order of events";
        case AttemptOutcome::Fails:
            return "fails";
        case AttemptOutcome::Open:
            return "open";
    }
    return "";
}

AttemptOutcome attempt_with(const Model& model, const Cuts& cuts, std::size_t client, std::uint32_t iss,
                            std::optional<std::uint32_t> meets) {
    NumberedSystem system(model, cuts, client, iss);
    explorer::Limits limits;
    limits.memory_bytes = most_memory;
    const explorer::Exploration found = explorer::explore(system, limits);
    if (found.stopped != explorer::StopReason::Complete) return AttemptOutcome::Open;
    const explorer::StateGraph& graph = found.graph;
    std::vector<bool> recovered(graph.node_count());
    std::vector<bool> meeting(graph.node_count());
    std::vector<bool> elsewhere(graph.node_count());  ///< it meets another one
    std::vector<bool> connecting(graph.node_count());
    std::vector<bool> given_up(graph.node_count());
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        const World world = explorer::state_at(system, found, node);
        const ClientState& state = world.clients[client];
        recovered[node] = graph.has_mark(node, recovered_mark(client));
        // The next attempt, which is not run, may get through.
        if (!meets && system.given_up(world)) recovered[node] = true;
        connecting[node] = system.begun(world) && (meets ? state.tcb.state == TcpState::SynSent
                                                         : state.tcb.state != TcpState::Closed);
        given_up[node] = meets && system.given_up(world);
        if (!meets) meeting[node] = connecting[node];
        if (!meets) continue;
        const auto met = connecting[node] ? meeting_of(model, world, client) : std::nullopt;
        meeting[node] = met && met->rcv_nxt == *meets;
        elsewhere[node] = met && met->rcv_nxt != *meets;
    }
    const std::vector<bool> everywhere(graph.node_count(), true);
    const std::vector<bool> hopeful = can_come_to(graph, std::move(recovered), everywhere, {});
    const explorer::GraphView view(graph);
    const explorer::StrongComponents components = explorer::strong_components(view);
    // As losing_numbers() has it: backwards from the failures, through what belongs to this meeting or none.
    std::vector<bool> open(graph.node_count());
    std::vector<bool> failed(graph.node_count());
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        const bool endless = components.on_cycle(node) || graph.out_edges(node).empty();
        open[node] = connecting[node] && (meeting[node] || !elsewhere[node]);
        failed[node] = given_up[node] || (open[node] && !hopeful[node] && endless);
    }
    const std::vector<bool> can_fail = can_come_to(graph, std::move(failed), open, {});
    bool fails = false, may_succeed = false;
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        if (!meeting[node]) continue;
        fails = fails || can_fail[node];
        may_succeed = may_succeed || hopeful[node];
    }
    if (!fails) return AttemptOutcome::GetsThrough;
    return may_succeed ? AttemptOutcome::Depends : AttemptOutcome::Fails;
}

}  // namespace halfopen
