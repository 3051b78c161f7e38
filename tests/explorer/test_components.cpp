// Orders and strong components are those that Boost.Graph's depth-first search finds.
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>
#include <catch2/catch.hpp>
#include <iterator>
#include <random>

#include "explicit_system.hpp"
#include "explorer/components.hpp"
#include "explorer/topological_order.hpp"

namespace {

using namespace halfopen::explorer;
using namespace halfopen::explorer::test;
using Index = boost::typed_identity_property_map<std::uint32_t>;

/// Up to forty nodes, all in reach of the first; half of the graphs without cycles.
StateGraph random_graph(std::mt19937& random) {
    const auto nodes = static_cast<std::uint32_t>(1 + random() % 40);
    const bool forward = random() % 2 == 0;
    ExplicitSystem system(nodes);
    for (std::uint32_t node = 1; node < nodes; ++node)
        system.edge(static_cast<std::uint32_t>(random() % node), node, random() % 3);
    for (auto more = random() % (nodes + 1); more > 0; --more) {
        auto from = static_cast<std::uint32_t>(random() % nodes);
        auto to = static_cast<std::uint32_t>(random() % nodes);
        if (forward && from > to) std::swap(from, to);
        if (!forward || from != to) system.edge(from, to, random() % 3, random() % 4 == 0 ? 1 : 0);
    }
    return system.graph();
}

std::vector<std::uint32_t> components_by_boost(const GraphView& view) {
    std::vector<std::uint32_t> component(view.node_count());
    std::vector<std::uint32_t> root(view.node_count());
    std::vector<std::uint32_t> discovered(view.node_count());
    std::vector<boost::default_color_type> color(view.node_count());
    boost::strong_components(
        view, boost::make_iterator_property_map(component.begin(), Index()),
        boost::root_map(boost::make_iterator_property_map(root.begin(), Index()))
            .discover_time_map(boost::make_iterator_property_map(discovered.begin(), Index()))
            .color_map(boost::make_iterator_property_map(color.begin(), Index())));
    return component;
}

bool boost_finds_a_cycle(const GraphView& view) {
    std::vector<std::uint32_t> order;
    std::vector<boost::default_color_type> color(view.node_count());
    try {
        boost::topological_sort(view, std::back_inserter(order),
                                boost::color_map(boost::make_iterator_property_map(color.begin(), Index())));
    } catch (const boost::not_a_dag&) {
        return true;
    }
    return false;
}

TEST_CASE("strong components, and their numbers, are those that Boost.Graph finds", "[explorer][cycles]") {
    std::mt19937 random(7);
    for (int round = 0; round < 3000; ++round) {
        const StateGraph graph = random_graph(random);
        const GraphView all(graph);
        REQUIRE(strong_components(all).component == components_by_boost(all));
        const GraphView some = GraphView(graph, {1}).timeless();
        REQUIRE(strong_components(some).component == components_by_boost(some));
    }
}

TEST_CASE("an order of targets first there is just where Boost.Graph finds no cycle", "[explorer][cycles]") {
    std::mt19937 random(8);
    int with_order = 0;
    for (int round = 0; round < 3000; ++round) {
        const StateGraph graph = random_graph(random);
        const GraphView view(graph);
        const auto order = targets_first(view);
        REQUIRE(order.has_value() != boost_finds_a_cycle(view));
        if (!order) continue;
        ++with_order;
        REQUIRE(order->size() == view.node_count());
        std::vector<bool> before(view.node_count(), false);
        for (const std::uint32_t node : *order) {
            for (const Edge edge : OutEdges(view, node)) REQUIRE(before[edge.target]);
            before[node] = true;
        }
    }
    CHECK(with_order > 1000);
    CHECK(with_order < 2000);
}

}  // namespace
