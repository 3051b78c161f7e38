#include "explorer/topological_order.hpp"

#include <algorithm>

namespace halfopen::explorer {

std::optional<std::vector<std::uint32_t>> targets_first(const GraphView& view) {
    const std::uint32_t nodes = view.node_count();
    // Edges that lead to a node, from nodes not in the order yet.
    std::vector<std::uint32_t> unseen(nodes, 0);
    for (std::uint32_t node = 0; node < nodes; ++node)
        for (const Edge edge : OutEdges(view, node)) ++unseen[edge.target];
    std::vector<std::uint32_t> order;
    order.reserve(nodes);
    for (std::uint32_t node = 0; node < nodes; ++node)
        if (unseen[node] == 0) order.push_back(node);
    for (std::size_t next = 0; next < order.size(); ++next) {
        for (const Edge edge : OutEdges(view, order[next]))
            if (--unseen[edge.target] == 0) order.push_back(edge.target);
    }
    if (order.size() < nodes) return std::nullopt;
    std::ranges::reverse(order);
    return order;
}

}  // namespace halfopen::explorer
