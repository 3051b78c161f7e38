#include <catch2/catch.hpp>

#include "explicit_system.hpp"
#include "explorer/reachability.hpp"

namespace {

using namespace halfopen::explorer;
using namespace halfopen::explorer::test;
using Path = std::vector<std::uint32_t>;
using Set = std::vector<bool>;

/// 0 -> 1 -> 2 (goal), a short cut 0 -> 2 tagged 1, and a side branch 1 -> 3 tagged 2.
StateGraph small_graph() {
    ExplicitSystem system(4);
    system.edge(0, 1).edge(0, 2, 0, 1).edge(1, 2).edge(1, 3, 0, 2).goal(2);
    return system.graph();  // the ids are those of the states
}

TEST_CASE("the shortest path respects the filter", "[explorer][reachability]") {
    const StateGraph graph = small_graph();
    const auto is_goal = [&](std::uint32_t node) { return graph.has_mark(node, goal_mark); };
    CHECK(shortest_path(graph, is_goal) == Path{0, 2});
    CHECK(shortest_path(graph, is_goal, EdgeFilter{1}) == Path{0, 1, 2});
    CHECK(shortest_path(graph, Set{false, false, false, true}) == Path{0, 1, 3});
    CHECK_FALSE(shortest_path(graph, Set{false, false, false, true}, EdgeFilter{2}));
    CHECK(shortest_path(graph, Set{true, true, true, true}) == Path{0});
    CHECK(path_to(graph, 3) == Path{0, 1, 3});
    CHECK(path_to(graph, 0) == Path{0});
}

TEST_CASE("nodes that only filtered edges lead to are absent", "[explorer][reachability]") {
    const StateGraph graph = small_graph();
    CHECK(reachable(graph) == Set{true, true, true, true});
    CHECK(reachable(graph, EdgeFilter{2}) == Set{true, true, true, false});
    CHECK(reachable(graph, EdgeFilter{3}) == Set{true, true, true, false});
    CHECK(can_reach(graph, goal_mark) == Set{true, true, true, false});
    CHECK(can_reach(graph, 2) == Set{false, false, false, false});
}

TEST_CASE("whatever an absent node could reach does not count", "[explorer][reachability]") {
    ExplicitSystem system(3);
    system.edge(0, 1, 0, 1).edge(0, 2).edge(1, 2).goal(1);
    const StateGraph graph = system.graph();
    CHECK(can_reach(graph, goal_mark) == Set{true, true, false});
    CHECK(can_reach(graph, goal_mark, EdgeFilter{1}) == Set{false, false, false});
}

TEST_CASE("every start of a Collatz chain up to a thousand reaches one", "[explorer][reachability]") {
    constexpr std::uint32_t highest = 250'504;  // the peak of the chain that starts at 703
    ExplicitSystem system(highest + 1);
    system.starts.clear();
    for (std::uint32_t n = 2; n <= 1000; ++n) {
        system.starts.push_back(n);
    }
    for (std::uint32_t n = 2; n <= highest; ++n) {
        const std::uint32_t next = n % 2 == 0 ? n / 2 : 3 * n + 1;
        if (next <= highest) {
            system.edge(n, next, 1);
        }
    }
    const Exploration found = explore(system.goal(1));
    const std::vector<bool> saved = can_reach(found.graph, goal_mark);
    CHECK(std::ranges::all_of(saved, [](bool reaches) { return reaches; }));
}

TEST_CASE("an empty graph has no paths", "[explorer][reachability]") {
    ExplicitSystem system(0);
    system.starts.clear();
    const StateGraph graph = system.graph();
    CHECK(reachable(graph).empty());
    CHECK(can_reach(graph, goal_mark).empty());
    CHECK_FALSE(shortest_path(graph, [](std::uint32_t) { return true; }));
}

}  // namespace
