#include "explorer/cycles.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "explorer/boost_adaptor.hpp"
#include "explorer/breadth_first.hpp"
#include "explorer/components.hpp"

namespace halfopen::explorer {

namespace {

enum class Loop { Any, Timed };

/// The nodes found by `tree` that satisfy `keep`.
template <class Keep>
std::vector<bool> found_nodes(const BreadthFirstTree& tree, Keep keep) {
    std::vector<bool> nodes(tree.parent.size(), false);
    for (const std::uint32_t node : tree.order) {
        nodes[node] = keep(node);
    }
    return nodes;
}

/// The shortest closed walk from `start` (inside `view`, whose nodes must form a strong component with an
/// edge of the kind wanted): out along one breadth-first tree to the best edge, and home along a backward
/// one.
std::vector<std::uint32_t> shortest_loop(const GraphView& view, std::uint32_t start, Loop kind) {
    const std::array<std::uint32_t, 1> root{start};
    const BreadthFirstTree out = breadth_first(view, root);
    const BreadthFirstTree home = breadth_first(ReverseView(view), root);
    std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
    Edge best;
    for (const std::uint32_t node : out.order) {
        for (const Edge edge : OutEdges(view, node)) {
            const std::uint64_t length = std::uint64_t{out.depth[node]} + 1 + home.depth[edge.target];
            if (length < least && (kind == Loop::Any || edge.duration > 0)) {
                least = length;
                best = edge;
            }
        }
    }
    std::vector<std::uint32_t> loop = out.path_to(best.source);
    loop.erase(loop.begin());
    loop.push_back(best.target);
    while (loop.back() != start) {
        loop.push_back(home.parent[loop.back()]);
    }
    return loop;
}

/// The lasso to the nearest of the `nodes` on a cycle of the kind wanted; the edges of the cycle are from
/// `edges`.
std::optional<Lasso> nearest_lasso(const BreadthFirstTree& tree, const GraphView& edges,
                                   const std::vector<bool>& nodes, Loop kind) {
    const StrongComponents components = strong_components(edges.within(nodes));
    const auto nearest = std::ranges::find_if(tree.order, [&](std::uint32_t node) {
        return kind == Loop::Any ? components.on_cycle(node) : components.on_timed_cycle(node);
    });
    if (nearest == tree.order.end()) {
        return std::nullopt;
    }
    const std::uint32_t home = components.component[*nearest];
    const std::vector<bool> around =
        found_nodes(tree, [&](std::uint32_t node) { return components.component[node] == home; });
    return Lasso{tree.path_to(*nearest), shortest_loop(edges.within(around), *nearest, kind)};
}

/// As above, of the nodes found that are no goals.
std::optional<Lasso> nearest_without_goal(const BreadthFirstTree& tree, const GraphView& edges, Loop kind) {
    const auto is_open = [&](std::uint32_t node) { return !edges.graph().has_mark(node, goal_mark); };
    return nearest_lasso(tree, edges, found_nodes(tree, is_open), kind);
}

}  // namespace

std::optional<Lasso> timed_cycle(const StateGraph& graph, EdgeFilter filter) {
    const GraphView view(graph, filter);
    return nearest_without_goal(breadth_first(view, graph.initial), view, Loop::Timed);
}

std::optional<Lasso> timeless_cycle(const StateGraph& graph, EdgeFilter filter) {
    const GraphView view(graph, filter);
    return nearest_without_goal(breadth_first(view, graph.initial), view.timeless(), Loop::Any);
}

std::optional<Lasso> lasso_within(const StateGraph& graph, const std::vector<bool>& set, EdgeFilter filter) {
    const GraphView view(graph, filter);
    const BreadthFirstTree tree = breadth_first(view, graph.initial);
    const std::vector<bool> nodes = found_nodes(tree, [&](std::uint32_t node) { return set[node]; });
    std::optional<Lasso> lasso = nearest_lasso(tree, view, nodes, Loop::Any);
    const auto deadlock = std::ranges::find_if(
        tree.order, [&](std::uint32_t node) { return nodes[node] && OutEdges(view, node).empty(); });
    if (deadlock != tree.order.end() && (!lasso || tree.depth[*deadlock] + 1ULL < lasso->prefix.size())) {
        return Lasso{tree.path_to(*deadlock), {}};
    }
    return lasso;
}

}  // namespace halfopen::explorer
