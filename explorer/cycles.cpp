#include "explorer/cycles.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

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

/// The lasso to the nearest node on a cycle of the kind wanted.  components: those of `edges`.  Where there
/// is one the tree is given up, for the room that the search for the shortest loop takes.
std::optional<Lasso> nearest_lasso(BreadthFirstTree& tree, const GraphView& edges,
                                   const StrongComponents& components, Loop kind) {
    const auto nearest = std::ranges::find_if(tree.order, [&](std::uint32_t node) {
        return kind == Loop::Any ? components.on_cycle(node) : components.on_timed_cycle(node);
    });
    if (nearest == tree.order.end()) {
        return std::nullopt;
    }
    const std::uint32_t home = components.component[*nearest];
    const std::vector<bool> around =
        found_nodes(tree, [&](std::uint32_t node) { return components.component[node] == home; });
    const std::uint32_t start = *nearest;
    std::vector<std::uint32_t> prefix = tree.path_to(start);
    tree = {};
    return Lasso{std::move(prefix), shortest_loop(edges.within(around), start, kind)};
}

/// The nodes found that are no goals.
std::vector<bool> open_nodes(const BreadthFirstTree& tree, const StateGraph& graph) {
    return found_nodes(tree, [&](std::uint32_t node) { return !graph.has_mark(node, goal_mark); });
}

}  // namespace

std::optional<Lasso> timed_cycle(const StateGraph& graph, EdgeFilter filter) {
    const GraphView view(graph, filter);
    BreadthFirstTree tree = breadth_first_from_initial(view);
    const std::vector<bool> open = open_nodes(tree, graph);
    return nearest_lasso(tree, view, strong_components(view.within(open)), Loop::Timed);
}

std::optional<Lasso> timeless_cycle(const StateGraph& graph, EdgeFilter filter) {
    const GraphView view(graph, filter);
    BreadthFirstTree tree = breadth_first_from_initial(view);
    const std::vector<bool> open = open_nodes(tree, graph);
    return nearest_lasso(tree, view.timeless(), strong_components(view.timeless().within(open)), Loop::Any);
}

std::optional<Cycle> cycle(const StateGraph& graph, EdgeFilter filter) {
    const GraphView view(graph, filter);
    BreadthFirstTree tree = breadth_first_from_initial(view);
    const std::vector<bool> open = open_nodes(tree, graph);
    const StrongComponents components = strong_components(view.within(open));
    // A timeless cycle is a cycle, so it can be only where there is one of any kind.
    const std::vector<bool> around =
        found_nodes(tree, [&](std::uint32_t node) { return open[node] && components.on_cycle(node); });
    if (std::ranges::find(around, true) == around.end()) {
        return std::nullopt;
    }
    const GraphView timeless = view.timeless();
    if (auto lasso = nearest_lasso(tree, timeless, strong_components(timeless.within(around)), Loop::Any)) {
        return Cycle{*std::move(lasso), false};
    }
    return Cycle{nearest_lasso(tree, view, components, Loop::Timed).value(), true};
}

std::optional<Lasso> lasso_within(const StateGraph& graph, const std::vector<bool>& set, EdgeFilter filter) {
    const GraphView view(graph, filter);
    BreadthFirstTree tree = breadth_first_from_initial(view);
    const std::vector<bool> nodes = found_nodes(tree, [&](std::uint32_t node) { return set[node]; });
    const auto deadlock = std::ranges::find_if(
        tree.order, [&](std::uint32_t node) { return nodes[node] && OutEdges(view, node).empty(); });
    std::vector<std::uint32_t> to_deadlock;
    if (deadlock != tree.order.end()) to_deadlock = tree.path_to(*deadlock);
    std::optional<Lasso> lasso = nearest_lasso(tree, view, strong_components(view.within(nodes)), Loop::Any);
    if (!to_deadlock.empty() && (!lasso || to_deadlock.size() < lasso->prefix.size()))
        return Lasso{std::move(to_deadlock), {}};
    return lasso;
}

}  // namespace halfopen::explorer
