#include "check/attempt_nodes.hpp"

#include <algorithm>

#include "explorer/boost_adaptor.hpp"

namespace halfopen {

namespace {

std::uint64_t event_of(const Step& step) {
    return static_cast<std::uint64_t>(step.kind) | static_cast<std::uint64_t>(step.node.kind) << 8U |
           static_cast<std::uint64_t>(step.node.index) << 16U | static_cast<std::uint64_t>(step.link) << 24U |
           static_cast<std::uint64_t>(step.timer) << 32U;
}

}  // namespace

std::vector<ChanceEdge> chance_edges(WorldExploration& exploration, std::uint32_t node) {
    const explorer::StateGraph& graph = exploration.found.graph;
    const auto edges = graph.out_edges(node);
    if (std::none_of(edges.begin(), edges.end(),
                     [](const explorer::OutEdge& edge) { return (edge.tags & tag::chance) != 0; }))
        return {};
    // Labels are not stored; successors come in the order in which their edges were.
    std::vector<ChanceEdge> found;
    exploration.system->successors(explorer::state_at(*exploration.system, exploration.found, node),
                                   [&](const Step& step, const World&) {
                                       ChanceEdge chance{event_of(step), 1, -1};
                                       for (const Draw& draw : step.draws)
                                           chance.share *=
                                               static_cast<double>(draw.share) / static_cast<double>(draw.of);
                                       if ((step.tag_bits & tag::attempt) != 0)
                                           chance.attempt_of = step.node.index;
                                       found.push_back(chance);
                                   });
    return found;
}

std::vector<bool> can_come_to(const explorer::StateGraph& graph, std::vector<bool> ends,
                              const std::vector<bool>& open, explorer::EdgeFilter filter) {
    const explorer::GraphView forward(graph, filter);
    const explorer::ReverseView backward(forward);
    std::vector<std::uint32_t> queue;
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        if (ends[node]) queue.push_back(node);
    }
    while (!queue.empty()) {
        const std::uint32_t node = queue.back();
        queue.pop_back();
        for (const explorer::Edge& edge : explorer::OutEdges(backward, node)) {
            if (ends[edge.target] || !open[edge.target]) continue;
            ends[edge.target] = true;
            queue.push_back(edge.target);
        }
    }
    return ends;
}

std::vector<Origin> scenario_numbers(const World& world) {
    std::vector<Origin> given;
    for (const Origin& origin : world.origins) {
        if (is_given(origin.role)) given.push_back(origin);
    }
    return given;
}

}  // namespace halfopen
