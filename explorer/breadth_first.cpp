#include "explorer/breadth_first.hpp"

#include <numeric>

namespace halfopen::explorer {

bool is_as_found(const StateGraph& graph) {
    const std::uint32_t nodes = graph.node_count();
    if (graph.depth.size() != nodes) return false;
    std::uint32_t first = 0;
    for (const std::uint32_t node : graph.initial) {
        if (node != first++ || graph.depth[node] != 0) return false;
    }
    return first == nodes || graph.depth[first] > 0;
}

BreadthFirstTree breadth_first_from_initial(const GraphView& view) {
    const StateGraph& graph = view.graph();
    if (!view.is_whole() || !is_as_found(graph)) return breadth_first(view, graph.initial);
    const std::uint32_t nodes = graph.node_count();
    BreadthFirstTree tree;
    tree.order.resize(nodes);
    std::iota(tree.order.begin(), tree.order.end(), 0U);
    tree.parent.assign(nodes, no_node);
    tree.depth.assign(nodes, 0);
    for (const std::uint32_t root : graph.initial) tree.parent[root] = root;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        for (const OutEdge& edge : graph.out_edges(node)) {
            if (tree.found(edge.target)) continue;
            tree.parent[edge.target] = node;
            tree.depth[edge.target] = tree.depth[node] + 1;
        }
    }
    return tree;
}

}  // namespace halfopen::explorer
