#include "explorer/outlook.hpp"

#include <algorithm>
#include <numeric>

#include "explorer/boost_adaptor.hpp"
#include "explorer/components.hpp"

namespace halfopen::explorer {

namespace {

/// All nodes, component by component: what lies ahead of a component comes before it.
std::vector<std::uint32_t> in_reverse_topological_order(const StrongComponents& components) {
    std::vector<std::uint32_t> order(components.component.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return components.component[a] < components.component[b];
    });
    return order;
}

/// Goals may be left again, so a trap behind a goal is one for those before it; cycles count short of the
/// goals only.  Both as in judge().
std::vector<Verdict> verdicts(const GraphView& all, const StrongComponents& delays,
                              const StrongComponents& storms) {
    const StrongComponents components = strong_components(all);
    const std::vector<std::uint32_t> order = in_reverse_topological_order(components);
    std::vector<Verdict> of_component(components.count(), Verdict::Bounded);
    std::vector<bool> hopeful(components.count());  // a goal can be reached
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::uint32_t node = order[i];
        const std::uint32_t component = components.component[node];
        Verdict& verdict = of_component[component];
        if (all.graph().has_mark(node, goal_mark)) hopeful[component] = true;
        if (storms.on_cycle(node)) verdict = worse_of(verdict, Verdict::Storm);
        if (delays.on_timed_cycle(node)) verdict = worse_of(verdict, Verdict::Unbounded);
        for (const Edge& edge : OutEdges(all, node)) {
            const std::uint32_t ahead = components.component[edge.target];
            if (ahead == component) continue;
            if (hopeful[ahead]) hopeful[component] = true;
            verdict = worse_of(verdict, of_component[ahead]);
        }
        // Only when all of a component has been seen is it known that no goal lies ahead of it.
        const bool last = i + 1 == order.size() || components.component[order[i + 1]] != component;
        if (last && !hopeful[component]) verdict = Verdict::Permanent;
    }
    std::vector<Verdict> of_node;
    of_node.reserve(order.size());
    for (const std::uint32_t component : components.component) of_node.push_back(of_component[component]);
    return of_node;
}

}  // namespace

Outlook outlook(const StateGraph& graph, EdgeFilter filter) {
    const GraphView all(graph, filter);
    const GraphView short_of_goals = all.stopping_at(goal_mark);
    const StrongComponents delays = strong_components(short_of_goals);
    const StrongComponents storms = strong_components(short_of_goals.timeless());
    Outlook result{verdicts(all, delays, storms), std::vector<std::uint64_t>(graph.node_count(), 0)};
    // Short of the goals there are no cycles ahead of a bounded node, and every node there is bounded too.
    for (const std::uint32_t node : in_reverse_topological_order(delays)) {
        if (result.verdict[node] != Verdict::Bounded) continue;
        for (const Edge& edge : OutEdges(short_of_goals, node)) {
            const std::uint64_t ms = result.worst_ms[edge.target] + edge.duration;
            result.worst_ms[node] = std::max(result.worst_ms[node], ms);
        }
    }
    return result;
}

}  // namespace halfopen::explorer
