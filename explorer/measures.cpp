#include "explorer/measures.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <stdexcept>
#include <utility>

#include "explorer/boost_adaptor.hpp"
#include "explorer/topological_order.hpp"

namespace halfopen::explorer {

namespace {

/// An edge as its target sees it.
struct Incoming {
    std::uint32_t source = no_node;
    std::uint32_t duration = 0;
};

/// The edges of a view, by their targets.
class IncomingEdges {
   public:
    explicit IncomingEdges(const GraphView& view) : first_(std::size_t{view.node_count()} + 2) {
        for (std::uint32_t node = 0; node < view.node_count(); ++node) {
            for (const Edge edge : OutEdges(view, node)) ++first_[std::size_t{edge.target} + 2];
        }
        for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
        edges_.resize(first_.back());
        // Each entry runs from the beginning of its node's edges to their end, where the next node's begin.
        for (std::uint32_t node = 0; node < view.node_count(); ++node) {
            for (const Edge edge : OutEdges(view, node))
                edges_[first_[std::size_t{edge.target} + 1]++] = {node, edge.duration};
        }
    }

    std::span<const Incoming> operator[](std::uint32_t node) const {
        return std::span(edges_).subspan(first_[node], first_[std::size_t{node} + 1] - first_[node]);
    }

   private:
    std::vector<std::uint64_t> first_;
    std::vector<Incoming> edges_;
};

std::vector<std::uint32_t> acyclic_order(const GraphView& view) {
    auto order = targets_first(view);
    if (!order) throw std::logic_error("a longest way was asked for in a graph with a cycle");
    return std::move(*order);
}

}  // namespace

std::vector<Quickest> quickest_ways(const StateGraph& graph) {
    const IncomingEdges incoming(GraphView(graph).stopping_at(goal_mark));
    std::vector<Quickest> quickest(graph.node_count());
    using Reached = std::pair<Quickest, std::uint32_t>;
    std::priority_queue<Reached, std::vector<Reached>, std::greater<>> queue;
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        if (!graph.has_mark(node, goal_mark)) continue;
        quickest[node] = {0, 0};
        queue.push({quickest[node], node});
    }
    while (!queue.empty()) {
        const auto [way, node] = queue.top();
        queue.pop();
        if (way != quickest[node]) continue;  // a quicker one has been found since
        for (const Incoming& edge : incoming[node]) {
            const Quickest longer{way.ms + edge.duration, way.steps + 1};
            if (longer >= quickest[edge.source]) continue;
            quickest[edge.source] = longer;
            queue.push({longer, edge.source});
        }
    }
    return quickest;
}

std::vector<Longest> longest_ways(const StateGraph& graph) {
    const GraphView view = GraphView(graph).stopping_at(goal_mark);
    std::vector<Longest> longest(graph.node_count());
    for (const std::uint32_t node : acyclic_order(view)) {
        Longest& own = longest[node];
        for (const Edge edge : OutEdges(view, node)) {
            own.ms = std::max(own.ms, longest[edge.target].ms + edge.duration);
            own.steps = std::max(own.steps, longest[edge.target].steps + 1);
        }
    }
    return longest;
}

std::vector<std::uint64_t> longest_timeless_ways(const StateGraph& graph) {
    const GraphView view = GraphView(graph).stopping_at(goal_mark).timeless();
    std::vector<std::uint64_t> longest(graph.node_count());
    for (const std::uint32_t node : acyclic_order(view)) {
        for (const Edge edge : OutEdges(view, node))
            longest[node] = std::max(longest[node], longest[edge.target] + 1);
    }
    return longest;
}

}  // namespace halfopen::explorer
