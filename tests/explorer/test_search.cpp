#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <stop_token>
#include <thread>

#include "explicit_system.hpp"
#include "explorer/reachability.hpp"
#include "explorer/search.hpp"
#include "puzzles.hpp"

namespace {

using namespace halfopen::explorer;
using namespace halfopen::explorer::test;
using std::chrono_literals::operator""ms;

/// Counts up without end.
struct Counter : ExplicitSystem {
    Counter() : ExplicitSystem(0) {}
    void successors(State state, auto&& sink) const { sink(Arrow{state + 1, 1, 0}, state + 1); }
    [[nodiscard]] std::uint32_t marks(State) const { return 0; }
};

/// Each number leads to a thousand others, all of them new; and it says so with long states.
struct Spreading : ExplicitSystem {
    static constexpr std::uint32_t wide = 1000;
    static constexpr std::uint32_t last = 400;  // that leads on
    Spreading() : ExplicitSystem(0) {}
    void successors(State state, auto&& sink) const {
        for (std::uint32_t i = 1; state <= last && i <= wide; ++i)
            sink(Arrow{state * wide + i, 1, 0}, state * wide + i);
    }
    [[nodiscard]] std::uint32_t marks(State) const { return 0; }
    void pack(State state, PackedState& out) const {
        pack_number(state, out);
        out.resize(out.size() + 100);
    }
};

static_assert(TransitionSystem<RiverCrossing>);
static_assert(TransitionSystem<ExplicitSystem>);
static_assert(!TransitionSystem<int>);

/// Most of what a StateGraph promises.
void check_well_formed(const StateGraph& graph) {
    CHECK(graph.rows.size() <= graph.node_count());
    CHECK(std::ranges::is_sorted(graph.depth));
    std::uint64_t edges = 0;
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        edges += graph.out_edges(node).size();
        const std::uint32_t parent = graph.parent(node);
        if (parent == node) {
            CHECK(graph.depth[node] == 0);
            CHECK(std::ranges::count(graph.initial, node) == 1);
        } else {
            CHECK(graph.depth[node] == graph.depth[parent] + 1);
            CHECK(std::ranges::count(graph.out_edges(parent), node, &OutEdge::target) >= 1);
        }
    }
    CHECK(edges == graph.edge_count());
}

TEST_CASE("the river crossing has ten safe states in reach and takes seven crossings", "[explorer][search]") {
    RiverCrossing system;
    const Exploration found = explore(system);
    CHECK(found.stopped == StopReason::Complete);
    CHECK(found.graph.node_count() == 10);
    CHECK(found.graph.edge_count() == 20);
    CHECK(found.expanded == 10);
    check_well_formed(found.graph);
    const auto path =
        shortest_path(found.graph, [&](std::uint32_t n) { return found.graph.has_mark(n, goal_mark); });
    REQUIRE(path);
    CHECK(path->size() == 8);
    const auto steps = replay(system, found, *path);
    REQUIRE(steps.size() == 7);
    CHECK(steps.front().label.name == "goat");
    CHECK(steps.back().label.name == "goat");
    CHECK(steps.back().state == RiverCrossing::State{1, 1, 1, 1});
}

TEST_CASE("jugs of three and five litres have sixteen states in reach and measure four in six steps",
          "[explorer][search]") {
    WaterJugs system;
    const Exploration found = explore(system);
    CHECK(found.graph.node_count() == 16);
    CHECK(found.graph.edge_count() == 16 * 6);
    check_well_formed(found.graph);
    const auto path =
        shortest_path(found.graph, [&](std::uint32_t n) { return found.graph.has_mark(n, goal_mark); });
    REQUIRE(path);
    const auto steps = replay(system, found, *path);
    CHECK(steps.size() == 6);
    CHECK(steps.front().label.name == "fill 5");
}

TEST_CASE("states come back from the store as they were", "[explorer][search]") {
    WaterJugs system;
    const Exploration found = explore(system);
    CHECK(state_at(system, found, 0) == WaterJugs::State{0, 0});
    CHECK(state_at(system, found, found.graph.initial.front()) == WaterJugs::State{0, 0});
}

TEST_CASE("two searches of the same system give the same graph", "[explorer][search]") {
    Philosophers<5> system;
    const StateGraph once = explore(system).graph;
    const StateGraph again = explore(system).graph;
    CHECK(once.rows == again.rows);
    check_well_formed(once);
}

TEST_CASE("initial states given twice become one node", "[explorer][search]") {
    ExplicitSystem system(3);
    system.starts = {2, 0, 2};
    const StateGraph graph = system.edge(0, 1).graph();
    CHECK(graph.initial == std::vector<std::uint32_t>{0, 1});
    CHECK(graph.node_count() == 3);
    check_well_formed(graph);
}

TEST_CASE("a system without initial states gives an empty graph", "[explorer][search]") {
    ExplicitSystem system(1);
    system.starts.clear();
    const Exploration found = explore(system);
    CHECK(found.stopped == StopReason::Complete);
    CHECK(found.graph.node_count() == 0);
    CHECK(found.graph.rows.size() == 0);
}

TEST_CASE("the depth limit is reported if it cut something off", "[explorer][search]") {
    Counter system;
    Limits limits;
    limits.max_depth = 5;
    const Exploration found = explore(system, limits);
    CHECK(found.stopped == StopReason::Depth);
    CHECK(found.graph.node_count() == 6);
    CHECK(found.graph.edge_count() == 5);
    CHECK(found.expanded == 5);
    check_well_formed(found.graph);
}

TEST_CASE("the depth limit is not reported if the system is no deeper", "[explorer][search]") {
    ExplicitSystem system(3);
    system.edge(0, 1).edge(1, 2).edge(2, 0);
    Limits limits;
    limits.max_depth = 2;
    const Exploration found = explore(system, limits);
    CHECK(found.stopped == StopReason::Complete);
    CHECK(found.graph.edge_count() == 3);
    CHECK(found.expanded == 3);
}

TEST_CASE("a search stops when its time is up", "[explorer][search]") {
    Counter system;
    Limits limits;
    limits.timeout = 30ms;
    const Exploration found = explore(system, limits);
    CHECK(found.stopped == StopReason::Timeout);
    CHECK(found.elapsed >= 30ms);
    CHECK(found.graph.node_count() == found.states.size());
    CHECK(found.graph.rows.size() == found.expanded);
    CHECK(found.graph.out_edges(found.expanded).empty());
    CHECK(found.expanded + 1 == found.graph.node_count());
}

TEST_CASE("a search stops when its memory is used up", "[explorer][search]") {
    Counter system;
    Limits limits;
    limits.memory_bytes = 1'000'000;
    const Exploration found = explore(system, limits);
    CHECK(found.stopped == StopReason::Memory);
    CHECK(found.states.memory_bytes() + found.graph.memory_bytes() > 1'000'000);
    CHECK(found.states.memory_bytes() + found.graph.memory_bytes() < 3'000'000);
}

TEST_CASE("a batch that would take more memory than there is is as if it had not been begun",
          "[explorer][search]") {
    constexpr std::uint64_t mib = std::uint64_t{1} << 20U;
    Spreading system;
    const Exploration whole = explore(system);
    REQUIRE(whole.stopped == StopReason::Complete);
    REQUIRE(whole.states.memory_bytes() > 40 * mib);
    for (const unsigned threads : {1U, 3U}) {
        std::vector<Spreading> systems(threads);
        std::vector<Spreading*> crew;
        for (Spreading& one : systems) crew.push_back(&one);
        Limits limits;
        limits.resident_bytes = resident_bytes() + 16 * mib;
        std::uint64_t most = 0;
        std::optional<StopReason> told;
        Course course;
        course.keep = [&](const Exploration& found, std::optional<StopReason> stop) {
            most = std::max(most, resident_bytes());
            CHECK(found.expanded == found.graph.rows.size());
            told = stop;
        };
        Exploration found = explore<Spreading>(crew, limits, {}, std::move(course));
        CHECK(found.stopped == StopReason::Memory);
        CHECK(told == StopReason::Memory);
        CHECK(most < *limits.resident_bytes + *limits.resident_bytes / 20);
        CHECK(found.graph.node_count() < whole.graph.node_count());
        check_well_formed(found.graph);

        Course further;
        further.begun = std::move(found);
        const Exploration rest = explore<Spreading>(crew, {}, {}, std::move(further));
        CHECK(rest.stopped == StopReason::Complete);
        CHECK(rest.graph.rows == whole.graph.rows);
        CHECK(rest.states.size() == whole.states.size());
    }
}

TEST_CASE("another thread can interrupt a search", "[explorer][search]") {
    Counter system;
    std::stop_source source;
    Limits limits;
    limits.stop = source.get_token();
    std::jthread interrupter([&] {
        std::this_thread::sleep_for(20ms);
        source.request_stop();
    });
    CHECK(explore(system, limits).stopped == StopReason::Interrupted);
}

TEST_CASE("progress is reported at most five times a second", "[explorer][search]") {
    Counter system;
    Limits limits;
    limits.timeout = 500ms;
    std::vector<Progress> reports;
    const Exploration found = explore(system, limits, [&](const Progress& p) { reports.push_back(p); });
    CHECK(reports.size() >= 1);
    CHECK(reports.size() <= 2);
    CHECK(reports.front().elapsed >= 200ms);
    CHECK(reports.front().states > 0);
    CHECK(reports.front().states <= found.states.size());
}

TEST_CASE("replay takes the parallel edge it is asked for", "[explorer][replay]") {
    ExplicitSystem system(2);
    system.edge(0, 1, 30).edge(0, 1, 10, 1).edge(0, 1, 20).edge(0, 1, 20, 2);
    const Exploration found = explore(system);
    const std::vector<std::uint32_t> path{0, 1};
    CHECK(replay(system, found, path).front().label.ms == 10);
    const auto filtered = replay(system, found, path, EdgeFilter{1});
    CHECK(filtered.front().label.ms == 20);
    CHECK(filtered.front().label.bits == 0);
    CHECK(replay(system, found, path, {}, ParallelEdges::MostDuration).front().label.ms == 30);
}

TEST_CASE("replay refuses a path that is none", "[explorer][replay]") {
    ExplicitSystem system(3);
    system.edge(0, 1, 0, 1).edge(1, 2);
    const Exploration found = explore(system);
    CHECK(replay(system, found, std::vector<std::uint32_t>{0, 1, 2}).size() == 2);
    CHECK(replay(system, found, std::vector<std::uint32_t>{0}).empty());
    CHECK(replay(system, found, std::vector<std::uint32_t>{}).empty());
    CHECK_THROWS_AS(replay(system, found, std::vector<std::uint32_t>{0, 2}), std::invalid_argument);
    CHECK_THROWS_AS(replay(system, found, std::vector<std::uint32_t>{0, 1}, EdgeFilter{1}),
                    std::invalid_argument);
}

}  // namespace
