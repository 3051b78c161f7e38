#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <stdexcept>

#include "explicit_system.hpp"
#include "explorer/measures.hpp"
#include "explorer/verdict.hpp"
#include "random_system.hpp"

namespace {

using namespace halfopen::explorer;
using namespace halfopen::explorer::test;

/// The least (ms, steps) to a goal, by as many rounds over all edges as there are nodes (Bellman and Ford).
std::vector<Quickest> by_rounds(const StateGraph& graph) {
    std::vector<Quickest> way(graph.node_count());
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        if (graph.has_mark(node, goal_mark)) way[node] = {0, 0};
    }
    for (std::uint32_t round = 0; round < graph.node_count(); ++round) {
        for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
            for (const OutEdge& edge : graph.out_edges(node)) {
                const Quickest& next = way[edge.target];
                if (graph.has_mark(node, goal_mark) || next.ms == Quickest::never) continue;
                way[node] = std::min(way[node], {next.ms + edge.duration, next.steps + 1});
            }
        }
    }
    return way;
}

/// The longest of all paths from a node to where they end, or through edges without duration only.
Longest by_walking(const StateGraph& graph, std::uint32_t node, bool timeless) {
    Longest longest;
    if (graph.has_mark(node, goal_mark)) return longest;
    for (const OutEdge& edge : graph.out_edges(node)) {
        if (timeless && edge.duration > 0) continue;
        const Longest next = by_walking(graph, edge.target, timeless);
        longest.ms = std::max(longest.ms, next.ms + edge.duration);
        longest.steps = std::max(longest.steps, next.steps + 1);
    }
    return longest;
}

TEST_CASE("each node's numbers are what looking at all ways gives, on random graphs", "[explorer][random]") {
    std::mt19937 random(777);
    std::map<Verdict, int> seen;
    for (int round = 0; round < 3000; ++round) {
        ExplicitSystem system = random_system(random);
        // What lies behind a goal does not count; here nothing does.
        for (std::uint32_t node = 0; node < system.steps.size(); ++node) {
            if ((system.node_marks[node] & goal_mark) != 0) system.steps[node].clear();
        }
        const StateGraph graph = system.graph();
        const Verdict verdict = judge(graph).verdict;
        ++seen[verdict];
        INFO("round " << round);
        REQUIRE(quickest_ways(graph) == by_rounds(graph));
        if (verdict == Verdict::Bounded) {
            const std::vector<Longest> longest = longest_ways(graph);
            for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
                const Longest expected = by_walking(graph, node, false);
                REQUIRE(longest[node].ms == expected.ms);
                REQUIRE(longest[node].steps == expected.steps);
            }
        }
        if (verdict == Verdict::Bounded || verdict == Verdict::Unbounded) {
            const std::vector<std::uint64_t> timeless = longest_timeless_ways(graph);
            for (std::uint32_t node = 0; node < graph.node_count(); ++node)
                REQUIRE(timeless[node] == by_walking(graph, node, true).steps);
        }
        if (verdict == Verdict::Storm) REQUIRE_THROWS_AS(longest_timeless_ways(graph), std::logic_error);
    }
    for (const Verdict verdict : {Verdict::Bounded, Verdict::Unbounded, Verdict::Storm, Verdict::Permanent})
        CHECK(seen[verdict] >= 20);
}

TEST_CASE("of ways that take the same time the one with the fewest steps is the quickest", "[explorer]") {
    ExplicitSystem system(4);
    system.edge(0, 1, 5).edge(1, 3, 5).edge(0, 2, 10).edge(2, 3, 0).edge(0, 3, 10).goal(3);
    CHECK(quickest_ways(system.graph())[0] == Quickest{10, 1});
}

TEST_CASE("a longest way through a cycle is refused", "[explorer]") {
    ExplicitSystem system(3);
    system.edge(0, 1, 5).edge(1, 0, 5).edge(1, 2, 0).goal(2);
    CHECK_THROWS_AS(longest_ways(system.graph()), std::logic_error);
}

}  // namespace
