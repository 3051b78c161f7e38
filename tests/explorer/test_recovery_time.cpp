#include <catch2/catch.hpp>

#include "explicit_system.hpp"
#include "explorer/recovery_time.hpp"
#include "puzzles.hpp"

namespace {

using namespace halfopen::explorer;
using namespace halfopen::explorer::test;
using Path = std::vector<std::uint32_t>;

TEST_CASE("a counter that steps by one or two has a known best and worst time", "[explorer][recovery_time]") {
    constexpr std::uint32_t goal = 101;
    ExplicitSystem system(goal + 1);
    for (std::uint32_t n = 0; n < goal; ++n) {
        system.edge(n, n + 1, 10);
        if (n + 2 <= goal) {
            system.edge(n, n + 2, 15);
        }
    }
    const auto times = recovery_times(system.goal(goal).graph());
    REQUIRE(times);
    CHECK(times->best_ms == 50 * 15 + 10);
    CHECK(times->worst_ms == goal * 10);
    CHECK(times->best_path.size() == 52);
    CHECK(times->worst_path.size() == goal + 1);
}

TEST_CASE("of paths that take the same time the one with fewest steps is shown",
          "[explorer][recovery_time]") {
    ExplicitSystem system(4);
    const StateGraph graph = system.edge(0, 1, 2).edge(1, 3, 2).edge(0, 2).edge(2, 1, 2).goal(3).graph();
    const auto times = recovery_times(graph);
    REQUIRE(times);
    CHECK(times->best_ms == 4);
    CHECK(times->worst_ms == 4);
    CHECK(times->best_path.size() == 3);
    CHECK(times->worst_path.size() == 3);
}

TEST_CASE("best and worst are taken over all initial states", "[explorer][recovery_time]") {
    ExplicitSystem system(4);
    system.starts = {0, 1, 2};
    const StateGraph graph = system.edge(0, 3, 5).edge(1, 3, 2).edge(2, 3, 9).edge(2, 3, 11).goal(3).graph();
    const auto times = recovery_times(graph);
    REQUIRE(times);
    CHECK(times->best_ms == 2);
    CHECK(times->best_path == Path{1, 3});
    CHECK(times->worst_ms == 11);
    CHECK(times->worst_path == Path{2, 3});
}

TEST_CASE("a goal at the start takes no time", "[explorer][recovery_time]") {
    ExplicitSystem system(2);
    const auto times = recovery_times(system.edge(0, 1, 5).edge(1, 0, 5).goal(0).graph());
    REQUIRE(times);
    CHECK(times->worst_ms == 0);
    CHECK(times->worst_path == Path{0});
    CHECK(times->best_path == Path{0});
}

TEST_CASE("sums of durations do not overflow 32 bits", "[explorer][recovery_time]") {
    constexpr std::uint32_t long_time = 4'000'000'000U;
    ExplicitSystem system(3);
    const auto times = recovery_times(system.edge(0, 1, long_time).edge(1, 2, long_time).goal(2).graph());
    REQUIRE(times);
    CHECK(times->worst_ms == 8'000'000'000U);
    CHECK(times->best_ms == 8'000'000'000U);
}

TEST_CASE("there are no times where a run can miss every goal", "[explorer][recovery_time]") {
    ExplicitSystem dead_end(3);
    CHECK_FALSE(recovery_times(dead_end.edge(0, 1).edge(0, 2).goal(2).graph()));
    ExplicitSystem cycle(3);
    CHECK_FALSE(recovery_times(cycle.edge(0, 1).edge(1, 0).edge(1, 2).goal(2).graph()));
    ExplicitSystem no_goal(1);
    CHECK_FALSE(recovery_times(no_goal.graph()));
    ExplicitSystem nothing(0);
    nothing.starts.clear();
    CHECK_FALSE(recovery_times(nothing.graph()));
}

TEST_CASE("the fastest way out is known even among cycles", "[explorer][recovery_time]") {
    RiverCrossing system;
    const StateGraph graph = explore(system).graph;
    CHECK_FALSE(recovery_times(graph));
    const auto fastest = fastest_recovery(graph);
    REQUIRE(fastest);
    CHECK(fastest->ms == 70);
    CHECK(fastest->path.size() == 8);
}

TEST_CASE("the filter and the choice of goal count", "[explorer][recovery_time]") {
    ExplicitSystem system(3);
    system.edge(0, 1, 4).edge(1, 2, 4).edge(0, 2, 1, 8).node_marks = {0, 4, 1};
    const StateGraph graph = system.graph();
    CHECK(recovery_times(graph).value().best_ms == 1);
    CHECK(recovery_times(graph, goal_mark, EdgeFilter{8}).value().best_ms == 8);
    CHECK_FALSE(recovery_times(graph, 4));
    CHECK(recovery_times(graph, 4, EdgeFilter{8}).value().worst_ms == 4);
}

}  // namespace
