/// What a run uses up, and whether it has to come to an end by that.
#include "solver/recovery/progress.hpp"

#include <catch2/catch.hpp>

#include "solver/recovery/connection_timers.hpp"
#include "tests/solver/both_readings.hpp"
#include "tests/solver/recovery/state_forms.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

constexpr Change less = Change::Less, same = Change::Same, more = Change::More;

/// Steps between states 0, 1, …, of which a run begins with 0.
std::optional<std::uint64_t> longest(std::vector<ProgressGraph::Step> steps, std::size_t states = 3) {
    ProgressGraph graph;
    for (std::size_t i = 0; i < states; ++i) graph.add_state();
    graph.begin_at(0);
    for (const auto& step : steps) graph.add(step);
    return graph.longest_run(minute, day);
}

using R = Z3Reading;

/// A client's side that has sent up to `end` and may send up to `granted`.
Connection mapped(const R::Word& end, const R::Word& granted) {
    Connection c;
    ConntrackEntry<R> entry;
    entry.timeout = 100;
    entry.peers[original].td_end = end;
    entry.peers[original].td_maxend = granted;
    insert(c.table, entry);
    c.times.start(entry_slot, 0, 100);
    return c;
}

}  // namespace

TEST_CASE("A run without a cycle takes as long as it takes", "[prove]") {
    CHECK(longest({{0, 1}, {0, 2}, {1, 2}}) == minute);
}

TEST_CASE("A cycle that uses nothing up may be gone round for ever", "[prove]") {
    CHECK_FALSE(longest({{0, 1}, {1, 0, no_changes, true}}));
    CHECK_FALSE(longest({{0, 0, no_changes, true}}));
    CHECK_FALSE(longest({{0, 1, Changes{less, same, same}}, {1, 0, Changes{more, same, same}, true}}));
}

TEST_CASE("Where a mapping has ever less time the rounds end when it has none", "[prove]") {
    const auto all = longest({{0, 1, Changes{less, same, same}}, {1, 0, Changes{less, same, same}, true}});
    CHECK(all >= day);
    CHECK(all <= day + 10 * minute);
}

TEST_CASE("Where a side has ever less room the rounds are as many as steps fit into 2^32", "[prove]") {
    const auto all = longest({{0, 1, Changes{more, less, same}}, {1, 0, no_changes, true}});
    CHECK(all >= (std::uint64_t{1} << 32U) / least_step * minute);
    CHECK(all < UINT64_MAX);
}

TEST_CASE("Each cycle has to use something up, however a search has come round", "[prove]") {
    // The way that comes by 1 does, the one that leaves it out does not.
    CHECK_FALSE(longest({{0, 1, Changes{same, less, same}}, {1, 2}, {2, 0, no_changes, true}, {0, 2}}));
}

TEST_CASE("Two cycles that each give back what the other uses up may go on for ever", "[prove]") {
    CHECK_FALSE(longest({{0, 1, Changes{same, less, more}},
                         {1, 0, no_changes, true},
                         {0, 2, Changes{same, more, less}},
                         {2, 0, no_changes, true}}));
}

TEST_CASE("Of two cycles one may give back what the other uses up, if it uses up what nobody gives back",
          "[prove]") {
    const auto all = longest({{0, 1, Changes{same, less, more}},
                              {1, 0, no_changes, true},
                              {0, 2, Changes{same, same, less}},
                              {2, 0, no_changes, true}});
    CHECK(all > (std::uint64_t{1} << 32U) / least_step * minute);
}

TEST_CASE("A cycle that no run comes to is none", "[prove]") {
    CHECK(longest({{0, 1}, {2, 2, no_changes, true}}) == minute);
}

TEST_CASE("A client whose ISNs go up leaves less room, one whose go down more", "[prove]") {
    z3::context context;
    PathExplorer paths(context);
    const R r(context);
    const auto zero = r.literal(0), first = r.unknown("first"), second = r.unknown("second");
    const z3::expr step = r.term(second) - r.term(first);
    const auto from_to = [&](const z3::expr& known) {
        PathExplorer knowing(context);
        knowing.assume(known && z3::ugt(r.term(first), context.bv_val(0x80000000U, 32)));
        return StepChanges(knowing, mapped(first, zero), mapped(second, zero), 1).get()[1];
    };
    const auto within = [&](std::uint32_t least, std::uint32_t most) {
        return z3::ule(context.bv_val(least, 32), step) && z3::ule(step, context.bv_val(most, 32)) &&
               z3::ule(r.term(first), context.bv_val(0xE0000000U, 32));
    };
    CHECK(from_to(within(least_step, 0x10000000)) == less);
    CHECK(from_to(within(1, 0x10000000)) == same);  // by too little
    CHECK(from_to(within(0xF0000000U, 0xFFFFFFFFU)) == more);
    CHECK(StepChanges(paths, mapped(first, zero), mapped(first, zero), 1).get()[1] == same);
}

TEST_CASE("What a step changes is asked when somebody has to know, by what was known at the step",
          "[prove]") {
    z3::context context;
    PathExplorer paths(context);
    const R r(context);
    const auto zero = r.literal(0), end = r.unknown("end");
    const Connection before = mapped(zero, r.literal(0xF0000000U)),
                     after = mapped(end, r.literal(0xF0000000U));
    std::optional<StepChanges> moved, unknown;
    paths.explore(
        [&](R& reading) {
            return reading.decide(z3::uge(r.term(end), context.bv_val(least_step, 32)) &&
                                  z3::ule(r.term(end), context.bv_val(0x80000000U, 32)));
        },
        [&](const z3::expr&, bool forward) { (forward ? moved : unknown).emplace(paths, before, after, 0); });
    const std::size_t asked = paths.questions();
    ProgressGraph graph;
    graph.add_state();
    graph.add_state();
    graph.begin_at(0);
    graph.add({0, 1, *unknown});
    CHECK(graph.longest_run(minute, day) == minute);
    CHECK(paths.questions() == asked);
    CHECK(moved->get()[1] == less);
    CHECK(unknown->get()[1] == more);
    CHECK(paths.questions() > asked);
    graph.add({1, 0, no_changes, true});
    CHECK_FALSE(graph.longest_run(minute, day));
}

TEST_CASE("A mapping has less time left once some has passed, unless it is begun anew", "[prove]") {
    z3::context context;
    PathExplorer paths(context);
    const R r(context);
    const Connection before = mapped(r.literal(0), r.literal(1));
    const auto time_left = [&](const Connection& after, std::uint64_t ms) {
        return StepChanges(paths, before, after, ms).get()[0];
    };
    CHECK(time_left(before, 1) == less);
    CHECK(time_left(before, 0) == same);
    Connection anew = before;
    anew.times.start(entry_slot, 0, 50);
    CHECK(time_left(anew, 1) == more);
    Connection forgotten = before;
    forgotten.times.forget_least(entry_slot);
    CHECK(time_left(forgotten, 1) == less);
    CHECK(time_left(Connection{}, 1) == same);
    CHECK(StepChanges(paths, Connection{}, before, 1).get()[0] == more);
}
