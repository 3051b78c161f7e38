#include "explorer/outlook.hpp"

#include <algorithm>
#include <numeric>

#include "explorer/boost_adaptor.hpp"
#include "explorer/components.hpp"

namespace halfopen::explorer {

namespace {

/// From best to worst, so that the worst of what lies ahead is a maximum.
int rank(Verdict verdict) {
    switch (verdict) {
        case Verdict::Bounded:
            return 0;
        case Verdict::Unbounded:
            return 1;
        case Verdict::Storm:
            return 2;
        case Verdict::Permanent:
            return 3;
        case Verdict::Inconclusive:
            break;
    }
    return 4;
}

Verdict worse(Verdict a, Verdict b) { return rank(a) < rank(b) ? b : a; }

}  // namespace

Outlook outlook(const StateGraph& graph, EdgeFilter filter) {
    const std::uint32_t nodes = graph.node_count();
    const GraphView view = GraphView(graph, filter).stopping_at(goal_mark);
    const StrongComponents components = strong_components(view);
    const StrongComponents storms = strong_components(view.timeless());

    std::vector<std::uint32_t> order(nodes);
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return components.component[a] < components.component[b];
    });
    std::vector<Verdict> of_component(components.count(), Verdict::Bounded);
    std::vector<bool> hopeful(components.count());  // a goal can be reached
    Outlook result{std::vector<Verdict>(nodes, Verdict::Inconclusive), std::vector<std::uint64_t>(nodes, 0)};
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::uint32_t node = order[i];
        const std::uint32_t component = components.component[node];
        Verdict& verdict = of_component[component];
        if (graph.has_mark(node, goal_mark)) hopeful[component] = true;
        if (storms.on_cycle(node)) verdict = worse(verdict, Verdict::Storm);
        if (components.on_timed_cycle(node)) verdict = worse(verdict, Verdict::Unbounded);
        for (const Edge& edge : OutEdges(view, node)) {
            const std::uint32_t ahead = components.component[edge.target];
            if (ahead == component) continue;
            if (hopeful[ahead]) hopeful[component] = true;
            verdict = worse(verdict, of_component[ahead]);
            result.worst_ms[node] =
                std::max(result.worst_ms[node], result.worst_ms[edge.target] + graph.duration[edge.index]);
        }
        // Only when all of a component has been seen is it known that no goal lies ahead of it.
        const bool last = i + 1 == order.size() || components.component[order[i + 1]] != component;
        if (last && !hopeful[component]) verdict = Verdict::Permanent;
    }
    for (std::uint32_t node = 0; node < nodes; ++node)
        result.verdict[node] = of_component[components.component[node]];
    return result;
}

}  // namespace halfopen::explorer
