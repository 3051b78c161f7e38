#include "explorer/recovery_time.hpp"

#include <algorithm>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/two_bit_color_map.hpp>
#include <boost/property_map/function_property_map.hpp>
#include <compare>
#include <functional>
#include <iterator>
#include <limits>
#include <utility>

#include "explorer/boost_adaptor.hpp"
#include "explorer/breadth_first.hpp"
#include "explorer/topological_order.hpp"

namespace halfopen::explorer {

namespace {

using Index = boost::typed_identity_property_map<std::uint32_t>;

/// Time first, then steps: so that of paths with the same time one with the fewest steps is chosen.
struct Cost {
    std::uint64_t ms = 0;
    std::uint32_t steps = 0;

    auto operator<=>(const Cost&) const = default;
};

constexpr Cost unreached{std::numeric_limits<std::uint64_t>::max(),
                         std::numeric_limits<std::uint32_t>::max()};

Cost extend(const Cost& cost, const Cost& edge) {
    return cost == unreached ? unreached : Cost{cost.ms + edge.ms, cost.steps + edge.steps};
}

/// The nodes found, those near their goals before those that lead to them.  None if there is a cycle among
/// them.
std::optional<std::vector<std::uint32_t>> goals_first(const GraphView& view, const BreadthFirstTree& tree) {
    auto order = targets_first(view);
    if (order) std::erase_if(*order, [&](std::uint32_t node) { return !tree.found(node); });
    return order;
}

/// The longest way from one node to a goal.
struct Longest {
    std::uint64_t ms = 0;
    std::uint32_t steps = 0;
    std::uint32_t next = no_node;

    [[nodiscard]] bool beats(const Longest& other) const {
        return ms > other.ms || (ms == other.ms && steps < other.steps);
    }
};

/// Each node's longest way is settled once those of its successors are, so one sweep does for all.
TimedPath slowest_recovery(const GraphView& view, const std::vector<std::uint32_t>& goals_first_order) {
    const StateGraph& graph = view.graph();
    std::vector<Longest> longest(graph.node_count());
    for (const std::uint32_t node : goals_first_order) {
        Longest& own = longest[node];
        for (const Edge edge : OutEdges(view, node)) {
            const Longest& rest = longest[edge.target];
            const Longest by_edge{rest.ms + edge.duration, rest.steps + 1, edge.target};
            if (own.next == no_node || by_edge.beats(own)) {
                own = by_edge;
            }
        }
    }
    std::uint32_t start = graph.initial.front();
    for (const std::uint32_t node : graph.initial) {
        start = longest[node].beats(longest[start]) ? node : start;
    }
    TimedPath slowest{longest[start].ms, {}};
    for (std::uint32_t node = start; node != no_node; node = longest[node].next) {
        slowest.path.push_back(node);
    }
    return slowest;
}

}  // namespace

std::optional<TimedPath> fastest_recovery(const StateGraph& graph, std::uint32_t goal_mask,
                                          EdgeFilter filter) {
    const std::uint32_t nodes = graph.node_count();
    const GraphView view = GraphView(graph, filter).stopping_at(goal_mask);
    std::vector<Cost> cost(nodes);
    std::vector<std::uint32_t> parent(nodes);
    const auto weight = boost::make_function_property_map<Edge>([](const Edge& edge) {
        return Cost{edge.duration, 1};
    });
    boost::dijkstra_shortest_paths(view, graph.initial.begin(), graph.initial.end(),
                                   boost::make_iterator_property_map(parent.begin(), Index()),
                                   boost::make_iterator_property_map(cost.begin(), Index()), weight, Index(),
                                   std::less<Cost>(), extend, unreached, Cost{},
                                   boost::default_dijkstra_visitor(), boost::two_bit_color_map<Index>(nodes));
    std::uint32_t nearest = no_node;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        if (graph.has_mark(node, goal_mask) && cost[node] != unreached &&
            (nearest == no_node || cost[node] < cost[nearest])) {
            nearest = node;
        }
    }
    if (nearest == no_node) {
        return std::nullopt;
    }
    TimedPath fastest{cost[nearest].ms, {nearest}};
    while (parent[fastest.path.back()] != fastest.path.back()) {
        fastest.path.push_back(parent[fastest.path.back()]);
    }
    std::ranges::reverse(fastest.path);
    return fastest;
}

std::optional<RecoveryTimes> recovery_times(const StateGraph& graph, std::uint32_t goal_mask,
                                            EdgeFilter filter) {
    const GraphView all = GraphView(graph, filter).stopping_at(goal_mask);
    const BreadthFirstTree tree = breadth_first(all, graph.initial);
    const bool stuck = std::ranges::any_of(tree.order, [&](std::uint32_t node) {
        return !graph.has_mark(node, goal_mask) && OutEdges(all, node).empty();
    });
    if (tree.order.empty() || stuck) {
        return std::nullopt;
    }
    std::vector<bool> found(graph.node_count(), false);
    for (const std::uint32_t node : tree.order) {
        found[node] = true;
    }
    const GraphView view = all.within(found);
    const auto order = goals_first(view, tree);
    if (!order) {
        return std::nullopt;
    }
    TimedPath slowest = slowest_recovery(view, *order);
    TimedPath fastest =
        fastest_recovery(graph, goal_mask, filter).value();  // without cycles or dead ends there is one
    return RecoveryTimes{fastest.ms, slowest.ms, std::move(fastest.path), std::move(slowest.path)};
}

}  // namespace halfopen::explorer
