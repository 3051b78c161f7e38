#include "explorer/reachability.hpp"

#include <algorithm>

#include "explorer/boost_adaptor.hpp"
#include "explorer/breadth_first.hpp"

namespace halfopen::explorer {

namespace {

std::vector<bool> as_set(const BreadthFirstTree& tree) {
    std::vector<bool> set(tree.parent.size(), false);
    for (const std::uint32_t node : tree.order) {
        set[node] = true;
    }
    return set;
}

}  // namespace

std::optional<std::vector<std::uint32_t>> shortest_path(const StateGraph& graph,
                                                        const NodePredicate& is_target, EdgeFilter filter) {
    const BreadthFirstTree tree = breadth_first(GraphView(graph, filter), graph.initial);
    const auto nearest = std::ranges::find_if(tree.order, is_target);
    if (nearest == tree.order.end()) {
        return std::nullopt;
    }
    return tree.path_to(*nearest);
}

std::optional<std::vector<std::uint32_t>> shortest_path(const StateGraph& graph,
                                                        const std::vector<bool>& targets, EdgeFilter filter) {
    return shortest_path(
        graph, [&](std::uint32_t node) { return targets[node]; }, filter);
}

std::vector<std::uint32_t> path_to(const StateGraph& graph, std::uint32_t node) {
    std::vector<std::uint32_t> path{node};
    while (graph.parent[path.back()] != path.back()) {
        path.push_back(graph.parent[path.back()]);
    }
    std::ranges::reverse(path);
    return path;
}

std::vector<bool> reachable(const StateGraph& graph, EdgeFilter filter) {
    return as_set(breadth_first(GraphView(graph, filter), graph.initial));
}

std::vector<bool> can_reach(const StateGraph& graph, std::uint32_t mark_mask, EdgeFilter filter) {
    const std::vector<bool> present = reachable(graph, filter);
    std::vector<std::uint32_t> marked;
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        if (present[node] && graph.has_mark(node, mark_mask)) {
            marked.push_back(node);
        }
    }
    return as_set(breadth_first(ReverseView(GraphView(graph, filter).within(present)), marked));
}

}  // namespace halfopen::explorer
