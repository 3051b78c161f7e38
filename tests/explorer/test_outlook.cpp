#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "explicit_system.hpp"
#include "explorer/outlook.hpp"
#include "random_system.hpp"

using namespace halfopen::explorer;
using namespace halfopen::explorer::test;

namespace {

using Verdicts = std::vector<Verdict>;
using Times = std::vector<std::uint64_t>;
constexpr Verdict bounded = Verdict::Bounded;
constexpr Verdict unbounded = Verdict::Unbounded;
constexpr Verdict storm = Verdict::Storm;
constexpr Verdict permanent = Verdict::Permanent;

/// The outlook by state.  The graph numbers its nodes as the search meets them.
struct ByState {
    Verdicts verdict;
    Times worst_ms;
};

ByState outlook_of(ExplicitSystem system, EdgeFilter filter = {}) {
    const auto found = explore(system);
    const Outlook ahead = outlook(found.graph, filter);
    const std::size_t states = system.steps.size();
    REQUIRE(found.graph.node_count() == states);
    ByState sorted{Verdicts(states), Times(states)};
    for (std::uint32_t node = 0; node < states; ++node) {
        const std::uint32_t state = state_at(system, found, node);
        sorted.verdict[state] = ahead.verdict[node];
        sorted.worst_ms[state] = ahead.worst_ms[node];
    }
    return sorted;
}

}  // namespace

TEST_CASE("the worst time to a goal is counted from each state", "[explorer][outlook]") {
    // Two ways to the goal 3; the slow one takes 5 + 7 ms.
    const ByState ahead =
        outlook_of(ExplicitSystem(4).edge(0, 1, 5).edge(0, 2, 1).edge(1, 3, 7).edge(2, 3, 2).goal(3));
    CHECK(ahead.verdict == Verdicts{bounded, bounded, bounded, bounded});
    CHECK(ahead.worst_ms == Times{12, 7, 2, 0});
}

TEST_CASE("a goal that is left again", "[explorer][outlook]") {
    // Back to where the run came from: the time is that to the goal, and the cycle through it does no harm.
    const ByState again = outlook_of(ExplicitSystem(2).edge(0, 1, 4).edge(1, 0, 9).goal(1));
    CHECK(again.verdict == Verdicts{bounded, bounded});
    CHECK(again.worst_ms == Times{4, 0});
    // Into a trap: whoever comes to the goal can come to the trap.
    const ByState trap = outlook_of(ExplicitSystem(3).edge(0, 1, 4).edge(1, 2, 9).edge(2, 2, 1).goal(1));
    CHECK(trap.verdict == Verdicts{permanent, permanent, permanent});
    // Into a place where recovery can be put off.
    const ByState delay =
        outlook_of(ExplicitSystem(3).edge(0, 1, 4).edge(1, 2).edge(2, 2, 1).edge(2, 1).goal(1));
    CHECK(delay.verdict == Verdicts{unbounded, unbounded, unbounded});
}

TEST_CASE("a trap is permanent for all who can come to it, and for nobody else", "[explorer][outlook]") {
    // 0 chooses between the goal 1, by way of 3, and the dead end 2.
    const ByState ahead = outlook_of(ExplicitSystem(4).edge(0, 3).edge(0, 2).edge(3, 1, 6).goal(1));
    CHECK(ahead.verdict == Verdicts{permanent, bounded, permanent, bounded});
    CHECK(ahead.worst_ms[3] == 6);
}

TEST_CASE("a cycle that can be left is unbounded where it takes time, else a storm", "[explorer][outlook]") {
    // 0 -> 1 <-> 2 -> 3, where the cycle takes 10 ms; and the same without time.
    const auto around = [](std::uint32_t ms) {
        return outlook_of(ExplicitSystem(4).edge(0, 1, 1).edge(1, 2).edge(2, 1, ms).edge(2, 3).goal(3));
    };
    CHECK(around(10).verdict == Verdicts{unbounded, unbounded, unbounded, bounded});
    CHECK(around(0).verdict == Verdicts{storm, storm, storm, bounded});
}

TEST_CASE("a cycle without a way out is a trap whether it takes time or not", "[explorer][outlook]") {
    for (const std::uint32_t ms : {0U, 10U}) {
        const ByState ahead = outlook_of(ExplicitSystem(3).edge(0, 1).edge(1, 1, ms).edge(0, 2).goal(2));
        CHECK(ahead.verdict == Verdicts{permanent, permanent, bounded});
    }
}

TEST_CASE("of several evils ahead the worst counts", "[explorer][outlook]") {
    // 1 may wait, 2 may storm, 3 is stuck; 0 can come to all, 5 to the first two, 6 to the first.
    ExplicitSystem system(7);
    system.edge(1, 1, 5).edge(1, 4).edge(2, 2, 0).edge(2, 4).goal(4);
    system.edge(0, 5).edge(0, 3).edge(5, 6).edge(5, 2).edge(6, 1);
    CHECK(outlook_of(system).verdict ==
          Verdicts{permanent, unbounded, storm, permanent, bounded, storm, unbounded});
}

TEST_CASE("edges that the filter leaves out are not there", "[explorer][outlook]") {
    // Tag 1 is the only way into the trap, tag 2 the only way out of 2.
    ExplicitSystem system(4);
    system.edge(0, 1, 3, 1).edge(0, 2, 2).edge(2, 3, 4, 2).goal(3);
    const EdgeFilter without_trap{1};
    const EdgeFilter without_exit{2};
    CHECK(outlook_of(system).verdict == Verdicts{permanent, permanent, bounded, bounded});
    const ByState ahead = outlook_of(system, without_trap);
    CHECK(ahead.verdict == Verdicts{bounded, permanent, bounded, bounded});
    CHECK(ahead.worst_ms[0] == 6);
    CHECK(outlook_of(system, without_exit).verdict == Verdicts{permanent, permanent, permanent, bounded});
}

TEST_CASE("an empty graph has no outlook", "[explorer][outlook]") {
    const Outlook ahead = outlook(StateGraph{});
    CHECK(ahead.verdict.empty());
    CHECK(ahead.worst_ms.empty());
}

TEST_CASE("each state's outlook is the judgement on the graph that begins there", "[explorer][random]") {
    std::mt19937 random(54321);
    std::map<Verdict, int> seen;
    std::uint64_t longest = 0;
    for (int round = 0; round < 2000; ++round) {
        ExplicitSystem system = random_system(random);
        StateGraph graph = system.graph();
        const EdgeFilter filter{static_cast<std::uint8_t>(round % 2)};
        const Outlook ahead = outlook(graph, filter);
        REQUIRE(ahead.verdict.size() == graph.node_count());
        for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
            INFO("round " << round << ", node " << node);
            graph.initial = {node};
            const Judgement judgement = judge(graph, filter);
            REQUIRE(ahead.verdict[node] == judgement.verdict);
            ++seen[judgement.verdict];
            if (judgement.verdict == Verdict::Bounded) {
                REQUIRE(ahead.worst_ms[node] == judgement.times.value().worst_ms);
                longest = std::max(longest, ahead.worst_ms[node]);
            }
        }
    }
    for (const Verdict verdict : {bounded, unbounded, storm, permanent}) {
        INFO(to_string(verdict));
        CHECK(seen[verdict] >= 50);
    }
    CHECK(longest >= 4);
}
