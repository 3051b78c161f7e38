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

/// Few graphs need more; for those that do, sweeping could take as many sweeps as there are nodes.
constexpr int most_sweeps = 12;

/// Adds to `saved` the nodes of `present` that have an edge into it, those added on the way included: down
/// through all nodes, for the edges that lead on, and then up, for those that lead back.  Whether there were
/// any.  Needs no memory, where walking backwards needs all edges a second time.
bool save_more(const GraphView& view, const std::vector<bool>& present, std::vector<bool>& saved) {
    bool more = false;
    const auto look_at = [&](std::uint32_t node) {
        if (saved[node] || !present[node]) {
            return;
        }
        for (const Edge edge : OutEdges(view, node)) {
            if (saved[edge.target]) {
                saved[node] = true;
                more = true;
                return;
            }
        }
    };
    for (std::uint32_t node = view.node_count(); node > 0; --node) {
        look_at(node - 1);
    }
    for (std::uint32_t node = 0; node < view.node_count(); ++node) {
        look_at(node);
    }
    return more;
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
    while (path.back() >= graph.initial.size()) {
        path.push_back(graph.parent(path.back()));
    }
    std::ranges::reverse(path);
    return path;
}

std::vector<bool> reachable(const StateGraph& graph, EdgeFilter filter) {
    return as_set(breadth_first(GraphView(graph, filter), graph.initial));
}

std::vector<bool> can_reach(const StateGraph& graph, std::uint32_t mark_mask, EdgeFilter filter) {
    const GraphView view(graph, filter);
    // Without a filter every node is in reach: that is how it was found.
    const std::vector<bool> present =
        filter.without_tags == 0 ? std::vector<bool>(graph.node_count(), true) : reachable(graph, filter);
    std::vector<bool> saved(graph.node_count(), false);
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        saved[node] = present[node] && graph.has_mark(node, mark_mask);
    }
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        if (!save_more(view, present, saved)) {
            return saved;
        }
    }
    std::vector<std::uint32_t> roots;
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        if (saved[node]) {
            roots.push_back(node);
        }
    }
    return as_set(breadth_first(ReverseView(view.within(present)), roots));
}

}  // namespace halfopen::explorer
