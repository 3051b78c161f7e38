#include "explorer/reachability.hpp"

#include <algorithm>
#include <utility>

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

/// Adds to `saved` the nodes of `open` that have an edge into it, those added on the way included: down
/// through all nodes, for the edges that lead on, and then up, for those that lead back.  Whether there were
/// any.  Needs no memory, where walking backwards needs all edges a second time.
bool save_more(const GraphView& view, const std::vector<bool>& open, std::vector<bool>& saved) {
    bool more = false;
    const auto look_at = [&](std::uint32_t node) {
        if (saved[node] || !open[node]) {
            return;
        }
        for (const OutEdge& edge : view.row(node)) {
            if (saved[edge.target] && view.keeps(edge)) {
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

/// The same by walking backwards.
void save_all(const GraphView& view, const std::vector<bool>& open, std::vector<bool>& saved) {
    const ReverseView backward(view);
    std::vector<std::uint32_t> queue;
    for (std::uint32_t node = 0; node < view.node_count(); ++node) {
        if (saved[node]) {
            queue.push_back(node);
        }
    }
    while (!queue.empty()) {
        const std::uint32_t node = queue.back();
        queue.pop_back();
        for (const Edge& edge : OutEdges(backward, node)) {
            if (!saved[edge.target] && open[edge.target]) {
                saved[edge.target] = true;
                queue.push_back(edge.target);
            }
        }
    }
}

}  // namespace

std::optional<std::vector<std::uint32_t>> shortest_path(const StateGraph& graph,
                                                        const NodePredicate& is_target, EdgeFilter filter) {
    const BreadthFirstTree tree = breadth_first_from_initial(GraphView(graph, filter));
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
    // Without a filter every node is in reach: that is how it was found.
    if (filter.without_tags == 0 && is_as_found(graph)) {
        return std::vector<bool>(graph.node_count(), true);
    }
    return as_set(breadth_first_from_initial(GraphView(graph, filter)));
}

std::vector<bool> can_come_to(const StateGraph& graph, std::vector<bool> ends, const std::vector<bool>& open,
                              EdgeFilter filter) {
    const GraphView view(graph, filter);
    for (int sweep = 0; sweep < most_sweeps; ++sweep) {
        if (!save_more(view, open, ends)) {
            return ends;
        }
    }
    save_all(view, open, ends);
    return ends;
}

std::vector<bool> can_reach(const StateGraph& graph, std::uint32_t mark_mask, EdgeFilter filter) {
    const std::vector<bool> present = reachable(graph, filter);
    std::vector<bool> marked(graph.node_count(), false);
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        marked[node] = present[node] && graph.has_mark(node, mark_mask);
    }
    return can_come_to(graph, std::move(marked), present, filter);
}

}  // namespace halfopen::explorer
