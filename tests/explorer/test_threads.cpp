#include <atomic>
#include <catch2/catch.hpp>
#include <random>
#include <stdexcept>
#include <vector>

#include "explicit_system.hpp"
#include "explorer/crew.hpp"
#include "explorer/search.hpp"
#include "puzzles.hpp"

namespace {

using namespace halfopen::explorer;
using namespace halfopen::explorer::test;

/// Explores copies of the system on so many threads.
template <class S>
Exploration explore_with(const S& system, unsigned threads, const Limits& limits = {},
                         const Pause& pause = {}) {
    std::vector<S> copies(threads, system);
    std::vector<S*> systems;
    for (S& copy : copies) {
        systems.push_back(&copy);
    }
    return explore<S>(systems, limits, {}, {pause, {}, {}});
}

void check_equal(const Exploration& a, const Exploration& b) {
    CHECK(a.stopped == b.stopped);
    CHECK(a.expanded == b.expanded);
    CHECK(a.graph.initial == b.graph.initial);
    REQUIRE(a.graph.node_count() == b.graph.node_count());
    REQUIRE(a.graph.edge_count() == b.graph.edge_count());
    CHECK(a.graph.rows == b.graph.rows);
    CHECK(a.graph.marks == b.graph.marks);
    CHECK(a.graph.depth == b.graph.depth);
    bool same = true;
    for (std::uint32_t node = 0; node < a.graph.node_count(); ++node) {
        same = same && std::ranges::equal(a.states[node], b.states[node]);
    }
    CHECK(same);
}

/// A large graph with many edges into what is already known, and many between states found at the same time.
ExplicitSystem tangle(std::uint32_t states) {
    std::mt19937 random(2026);
    ExplicitSystem system(states);
    for (std::uint32_t n = 0; n < states; ++n) {
        for (std::uint32_t e = 0; e < 4; ++e) {
            system.edge(n, static_cast<std::uint32_t>(random() % states),
                        static_cast<std::uint32_t>(random() % 3), static_cast<std::uint8_t>(random() % 4));
        }
        system.node_marks[n] = static_cast<std::uint32_t>(random() % 8);
    }
    return system;
}

constexpr unsigned many[] = {2, 3, 8};

TEST_CASE("any number of threads finds the same graph with the same numbers", "[explorer][threads]") {
    const ExplicitSystem system = tangle(50'000);
    const Exploration alone = explore_with(system, 1);
    CHECK(alone.graph.node_count() > 45'000);
    const Philosophers<7> philosophers;
    const Exploration diner = explore_with(philosophers, 1);
    for (const unsigned threads : many) {
        INFO(threads << " threads");
        check_equal(explore_with(system, threads), alone);
        check_equal(explore_with(philosophers, threads), diner);
    }
}

TEST_CASE("limits of depth and memory end a search at the same state for any number of threads",
          "[explorer][threads]") {
    const ExplicitSystem system = tangle(50'000);
    Limits shallow;
    shallow.max_depth = 7;
    Limits small;
    small.memory_bytes = 1'500'000;
    const Exploration cut = explore_with(system, 1, shallow);
    const Exploration full = explore_with(system, 1, small);
    CHECK(cut.stopped == StopReason::Depth);
    CHECK(full.stopped == StopReason::Memory);
    for (const unsigned threads : many) {
        check_equal(explore_with(system, threads, shallow), cut);
        check_equal(explore_with(system, threads, small), full);
    }
}

TEST_CASE("pauses come after the same states for any number of threads", "[explorer][threads]") {
    const ExplicitSystem system = tangle(20'000);
    const auto pauses = [&](unsigned threads) {
        std::vector<std::uint32_t> after;
        const Exploration found = explore_with(system, threads, {}, [&](std::uint32_t expanded) {
            after.push_back(expanded);
            return expanded > 10'000 ? std::optional(StopReason::Interrupted) : std::nullopt;
        });
        CHECK(found.stopped == StopReason::Interrupted);
        return after;
    };
    const std::vector<std::uint32_t> alone = pauses(1);
    CHECK(alone.size() > 5);
    for (const unsigned threads : many) {
        CHECK(pauses(threads) == alone);
    }
}

/// Cannot go beyond some states.
struct Mined : ExplicitSystem {
    using ExplicitSystem::ExplicitSystem;
    void successors(State state, auto&& sink) const {
        if (state == 30'000) {
            throw std::runtime_error("first mine");
        }
        if (state == 30'500) {
            throw std::runtime_error("second mine");
        }
        ExplicitSystem::successors(state, sink);
    }
};

TEST_CASE("what a system throws on another thread reaches the caller, the first in order",
          "[explorer][threads]") {
    Mined system(40'000);
    for (std::uint32_t n = 0; n < 40'000; ++n) {
        system.edge(n, (2 * n + 1) % 40'000).edge(n, (2 * n + 2) % 40'000);
    }
    for (const unsigned threads : {1U, 2U, 3U, 8U}) {
        CHECK_THROWS_WITH(explore_with(system, threads), "first mine");
    }
}

TEST_CASE("every thread of a crew does every piece of work once", "[explorer][threads]") {
    for (const unsigned size : {1U, 2U, 5U}) {
        Crew crew(size);
        std::vector<std::uint32_t> done(size, 0);  // each member writes its own; read after work() is over
        for (std::uint32_t piece = 1; piece <= 200; ++piece) {
            crew.work([&](unsigned member) { ++done[member]; });
            CHECK(done == std::vector<std::uint32_t>(size, piece));
        }
    }
}

}  // namespace
