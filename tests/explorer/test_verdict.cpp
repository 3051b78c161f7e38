#include <catch2/catch.hpp>

#include "explicit_system.hpp"
#include "explorer/verdict.hpp"
#include "puzzles.hpp"

namespace {

using namespace halfopen::explorer;
using namespace halfopen::explorer::test;
using Path = std::vector<std::uint32_t>;

TEST_CASE("a verdict is known by its name, and nothing else is one") {
    using enum Verdict;
    for (const Verdict verdict : {Bounded, Unbounded, Storm, Permanent, Inconclusive})
        CHECK(verdict_named(to_string(verdict)) == verdict);
    CHECK_FALSE(verdict_named("unknown"));
    CHECK_FALSE(verdict_named(""));
}

TEST_CASE("dining philosophers can all starve", "[explorer][verdict]") {
    Philosophers<5> system;
    const Exploration found = explore(system);
    const Judgement judgement = judge(found.graph);
    CHECK(judgement.verdict == Verdict::Permanent);
    CHECK(judgement.witness.prefix.size() == 6);  // each takes the left fork
    CHECK(judgement.witness.loop.empty());
    CHECK(judgement.trap_states == 1);
    CHECK(judgement.first_trap_depth == 5);
    CHECK_FALSE(judgement.times);
    CHECK(state_at(system, found, judgement.witness.prefix.back()) == Philosophers<5>::State{1, 1, 1, 1, 1});
}

TEST_CASE("a system that always gets there is bounded", "[explorer][verdict]") {
    ExplicitSystem system(3);
    const Judgement judgement = judge(system.edge(0, 1, 5).edge(1, 2, 5).edge(0, 2, 1).goal(2).graph());
    CHECK(judgement.verdict == Verdict::Bounded);
    CHECK(judgement.times.value().best_ms == 1);
    CHECK(judgement.times.value().worst_ms == 10);
    CHECK(judgement.witness.prefix.size() == 3);
    CHECK(judgement.witness.loop.empty());
    CHECK(judgement.trap_states == 0);
}

TEST_CASE("traps outweigh storms, and storms outweigh timed cycles", "[explorer][verdict]") {
    ExplicitSystem system(5);
    system.edge(0, 0, 1, 1)
        .edge(0, 1, 1)
        .edge(1, 1, 0, 2)
        .edge(1, 2, 1)
        .edge(1, 3, 1, 4)
        .edge(3, 4, 1)
        .edge(4, 3, 1);
    const StateGraph graph = system.goal(2).graph();
    const Judgement all = judge(graph);
    CHECK(all.verdict == Verdict::Permanent);
    CHECK(all.trap_states == 2);
    CHECK(all.first_trap_depth == 2);
    CHECK(all.witness.prefix.size() == 3);
    CHECK(all.witness.loop.size() == 2);
    const Judgement storm = judge(graph, EdgeFilter{4});
    CHECK(storm.verdict == Verdict::Storm);
    CHECK(storm.witness.prefix == Path{0, 1});
    CHECK(storm.witness.loop == Path{1});
    const Judgement unbounded = judge(graph, EdgeFilter{4 | 2});
    CHECK(unbounded.verdict == Verdict::Unbounded);
    CHECK(unbounded.witness.prefix == Path{0});
    CHECK(unbounded.witness.loop == Path{0});
    CHECK(judge(graph, EdgeFilter{4 | 2 | 1}).verdict == Verdict::Bounded);
}

TEST_CASE("a trap need not be the nearest node of its lasso", "[explorer][verdict]") {
    ExplicitSystem system(5);
    const StateGraph graph = system.edge(0, 1).edge(0, 4).edge(1, 2).edge(2, 3).edge(3, 2).goal(4).graph();
    const Judgement judgement = judge(graph);
    CHECK(judgement.first_trap_depth == 1);
    CHECK(judgement.witness.prefix.size() == 3);
    CHECK(judgement.trap_states == 3);
}

TEST_CASE("an empty graph is inconclusive", "[explorer][verdict]") {
    ExplicitSystem system(0);
    system.starts.clear();
    CHECK(judge(system.graph()).verdict == Verdict::Inconclusive);
}

TEST_CASE("verdicts and stop reasons have names", "[explorer][verdict]") {
    CHECK(to_string(Verdict::Bounded) == "bounded");
    CHECK(to_string(Verdict::Unbounded) == "unbounded");
    CHECK(to_string(Verdict::Storm) == "storm");
    CHECK(to_string(Verdict::Permanent) == "permanent");
    CHECK(to_string(Verdict::Inconclusive) == "inconclusive");
    CHECK(to_string(StopReason::Complete) == "complete");
    CHECK(to_string(StopReason::Interrupted) == "interrupted");
}

}  // namespace
