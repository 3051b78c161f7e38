#include "check/concrete_trace.hpp"

#include <algorithm>
#include <optional>

namespace halfopen {

namespace {

void set_clocks(Step& step, std::uint64_t at) {
    if (step.segment) set_clocks(*step.segment, at);
    for (Emission& emission : step.sent) set_clocks(emission.segment, at);
}

/// A run with real numbers and clients that keep their names, along a path of the graph.
class ConcreteRun {
   public:
    ConcreteRun(WorldExploration& exploration, std::uint32_t start)
        : exploration_(exploration), system_(*exploration.system), node_(start) {
        trace_.initial = explorer::state_at(system_, exploration.found, start);
    }

    /// tags: of several steps there, one that has any of these; 0: any step.
    void step_to(std::uint32_t target, std::uint8_t tags = 0) {
        const ClientPermutation places = places_.then(moved_on_the_way_to(target));
        const World& from = trace_.steps.empty() ? trace_.initial : trace_.steps.back().after;
        const World node = explorer::state_at(system_, exploration_.found, target);
        // Of several steps to the same node the one that takes longest, as the verdict's times do.
        std::optional<std::pair<Step, World>> best;
        for (auto& candidate : system_.every_successor_unrenamed(from)) {
            if (tags != 0 && (candidate.first.tags() & tags) == 0) continue;
            if (best && candidate.first.duration() <= best->first.duration()) continue;
            if (system_.stands_for(candidate.second, places, node)) best = std::move(candidate);
        }
        if (!best) throw NoSuchRun();
        auto& [step, world] = *best;
        at_ += step.elapsed;
        set_clocks(step, at_);
        trace_.steps.push_back({at_, std::move(step), std::move(world)});
        places_ = places;
        node_ = target;
    }

    /// Where in the world of the node the clients of the run stand.
    const ClientPermutation& places() const { return places_; }
    std::size_t steps() const { return trace_.steps.size(); }
    Trace finish(std::optional<std::size_t> loop) && {
        trace_.loop = loop;
        return std::move(trace_);
    }

   private:
    /// How clients change places along the edge to the target, of several along the one that takes longest.
    ClientPermutation moved_on_the_way_to(std::uint32_t target) {
        if (system_.symmetry().trivial()) return {};
        const explorer::StateGraph& graph = exploration_.found.graph;
        std::optional<std::size_t> best;
        std::uint32_t longest = 0;
        std::size_t at = 0;
        for (const explorer::OutEdge& edge : graph.out_edges(node_)) {
            if (edge.target == target && (!best || edge.duration > longest)) {
                best = at;
                longest = edge.duration;
            }
            ++at;
        }
        ClientPermutation moved;
        at = 0;
        // Successors come in the order in which their edges are stored.
        system_.successors(explorer::state_at(system_, exploration_.found, node_),
                           [&](const Step& step, const World&) {
                               if (at++ == best) moved = step.places;
                           });
        return moved;
    }

    WorldExploration& exploration_;
    WorldSystem& system_;
    std::uint32_t node_;
    ClientPermutation places_;
    Trace trace_;
    std::uint64_t at_ = 0;
};

/// Whether the step from path[at] to path[at + 1] takes time.
bool takes_time(const explorer::StateGraph& graph, const std::vector<std::uint32_t>& path, std::size_t at) {
    const auto edges = graph.out_edges(path[at]);
    return std::any_of(edges.begin(), edges.end(), [&](const explorer::OutEdge& edge) {
        return edge.target == path[at + 1] && edge.duration > 0;
    });
}

}  // namespace

Trace concrete_trace(WorldExploration& exploration, const explorer::Lasso& witness, std::uint8_t last_tags) {
    std::vector<std::uint32_t> path = witness.prefix;
    path.insert(path.end(), witness.loop.begin(), witness.loop.end());
    if (path.empty()) return {};
    const std::size_t length = witness.loop.size();
    // A reader sees the repetition best where the loop begins with time passing: go on round it until then.
    std::size_t turned = 0;
    while (turned < length && !takes_time(exploration.found.graph, path, witness.prefix.size() - 1 + turned))
        ++turned;
    if (turned == length) turned = 0;
    ConcreteRun run(exploration, path.front());
    const std::size_t beginning = witness.prefix.size() + turned;
    for (std::size_t i = 1; i < beginning; ++i)
        run.step_to(path[i], length == 0 && i + 1 == beginning ? last_tags : std::uint8_t{0});
    const std::size_t loop = run.steps();
    if (length == 0) return std::move(run).finish(loop);
    // Clients may have changed places when the loop comes round: only where each is back does a run repeat.
    const ClientPermutation places = run.places();
    do {
        for (std::size_t i = 0; i < length; ++i) run.step_to(witness.loop[(turned + i) % length]);
    } while (run.places() != places);
    return std::move(run).finish(loop);
}

}  // namespace halfopen
