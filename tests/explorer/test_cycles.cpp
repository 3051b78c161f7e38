#include <catch2/catch.hpp>

#include "explicit_system.hpp"
#include "explorer/components.hpp"
#include "explorer/cycles.hpp"
#include "explorer/recovery_time.hpp"

namespace {

using namespace halfopen::explorer;
using namespace halfopen::explorer::test;
using Path = std::vector<std::uint32_t>;

void check_lasso(const std::optional<Lasso>& lasso, const Path& prefix, const Path& loop) {
    REQUIRE(lasso);
    CHECK(lasso->prefix == prefix);
    CHECK(lasso->loop == loop);
}

TEST_CASE("a graph without cycles has none", "[explorer][cycles]") {
    ExplicitSystem system(4);
    const StateGraph graph = system.edge(0, 1, 5).edge(0, 2).edge(1, 3).edge(2, 3).graph();
    CHECK_FALSE(timed_cycle(graph));
    CHECK_FALSE(timeless_cycle(graph));
    CHECK(strong_components(GraphView(graph)).count() == 4);
}

TEST_CASE("a token ring whose token takes time is a timed cycle only", "[explorer][cycles]") {
    ExplicitSystem system(5);
    for (std::uint32_t i = 0; i < 5; ++i) {
        system.edge(i, (i + 1) % 5, i == 3 ? 10 : 0);
    }
    const StateGraph graph = system.graph();
    check_lasso(timed_cycle(graph), {0}, {1, 2, 3, 4, 0});
    CHECK_FALSE(timeless_cycle(graph));
    CHECK(strong_components(GraphView(graph)).count() == 1);
}

TEST_CASE("a cycle of timeless edges is a storm and not a timed cycle", "[explorer][cycles]") {
    ExplicitSystem system(4);
    const StateGraph graph = system.edge(0, 1, 7).edge(1, 2).edge(2, 1).edge(2, 3, 1).goal(3).graph();
    check_lasso(timeless_cycle(graph), {0, 1}, {2, 1});
    CHECK_FALSE(timed_cycle(graph));
}

TEST_CASE("a loop may pass a node twice to take in its timed edge", "[explorer][cycles]") {
    ExplicitSystem system(3);
    const StateGraph graph = system.edge(0, 1).edge(1, 0).edge(1, 2, 4).edge(2, 1).graph();
    check_lasso(timed_cycle(graph), {0}, {1, 2, 1, 0});
    check_lasso(timeless_cycle(graph), {0}, {1, 0});
}

TEST_CASE("a step from a state to itself is a cycle", "[explorer][cycles]") {
    ExplicitSystem system(2);
    const StateGraph graph = system.edge(0, 1).edge(1, 1, 3).graph();
    check_lasso(timed_cycle(graph), {0, 1}, {1});
    CHECK_FALSE(timeless_cycle(graph));
}

TEST_CASE("cycles through a goal do not count", "[explorer][cycles]") {
    ExplicitSystem system(2);
    const StateGraph graph = system.edge(0, 1, 3).edge(1, 0, 3).goal(1).graph();
    CHECK_FALSE(timed_cycle(graph));
    CHECK_FALSE(timeless_cycle(graph));
}

TEST_CASE("filtered edges close no cycle and lead to none", "[explorer][cycles]") {
    ExplicitSystem system(4);
    system.edge(0, 1, 1, 1).edge(1, 1, 1).edge(0, 2, 1).edge(2, 3, 1).edge(3, 2, 1, 2);
    const StateGraph graph = system.graph();
    CHECK(timed_cycle(graph, EdgeFilter{2}));
    CHECK(timed_cycle(graph, EdgeFilter{1}));
    CHECK_FALSE(timed_cycle(graph, EdgeFilter{3}));
}

TEST_CASE("the nearest cycle is the one shown, by its shortest loop", "[explorer][cycles]") {
    ExplicitSystem system(8);
    system.edge(0, 1).edge(1, 2).edge(2, 3).edge(3, 1).edge(2, 1);  // nearer: begins at 1
    system.edge(0, 4).edge(4, 5).edge(5, 5);
    Exploration found = explore(system);
    const auto lasso = timeless_cycle(found.graph);
    REQUIRE(lasso);
    CHECK(lasso->prefix.size() == 2);
    CHECK(lasso->loop.size() == 2);
    CHECK(state_at(system, found, lasso->prefix.back()) == 1);
}

TEST_CASE("a lasso within a set ends in a dead end if that is nearer than a cycle", "[explorer][cycles]") {
    ExplicitSystem system(5);
    system.edge(0, 1).edge(0, 2).edge(2, 3).edge(3, 2).edge(3, 4);
    const StateGraph graph = system.graph();
    check_lasso(lasso_within(graph, {true, true, true, true, true}), {0, 2},
                {3, 2});  // a tie goes to the cycle
    check_lasso(lasso_within(graph, {true, true, false, true, true}), {0, 1}, {});
    check_lasso(lasso_within(graph, {false, false, false, false, true}), {0, 2, 3, 4}, {});
    CHECK_FALSE(lasso_within(graph, {true, false, true, false, false}));
}

TEST_CASE("a path of a million nodes does not exhaust the stack", "[explorer][cycles]") {
    constexpr std::uint32_t length = 1'000'000;
    ExplicitSystem system(length);
    for (std::uint32_t i = 0; i + 1 < length; ++i) {
        system.edge(i, i + 1, 1);
    }
    system.goal(length - 1);
    const StateGraph graph = system.graph();
    CHECK(strong_components(GraphView(graph)).count() == length);
    CHECK_FALSE(timed_cycle(graph));
    const auto times = recovery_times(graph);
    REQUIRE(times);
    CHECK(times->worst_ms == length - 1);
    system.edge(length - 2, 0);
    const auto lasso = timed_cycle(system.graph());
    REQUIRE(lasso);
    CHECK(lasso->loop.size() == length - 1);
}

}  // namespace
