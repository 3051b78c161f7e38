/// What a search knows of states that it has been in.
#include "solver/recovery/settled_states.hpp"

#include <catch2/catch.hpp>

#include "tests/solver/recovery/state_forms.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

SettledState settled(const StateForm& form, std::size_t relies_on = relies_on_none) {
    return {form.known, {}, 0, relies_on};
}

}  // namespace

TEST_CASE("A state of which more is known, and whose timers are more certain, is settled with another",
          "[prove]") {
    SettledStates states;
    const StateForm outer = form({4, 7}, {10});
    states.add(outer, settled(outer));
    CHECK(states.find(form({4, 7}, {10}), Company::Others) != nullptr);
    CHECK(states.find(form({3, 7}, {9, 10}), Company::Others) != nullptr);
    CHECK(states.find(form({4, 8}, {10}), Company::Others) == nullptr);
    CHECK(states.find(form({4, 7}, {9}), Company::Others) == nullptr);
    CHECK(states.find({{1, 3}, outer.known}, Company::Others) == nullptr);
}

TEST_CASE(
    "What recovers where nobody comes by is settled there alone, and what recovers with others is so without",
    "[prove]") {
    SettledStates states;
    const StateForm alone = form({2}, {}), with_others = form({1}, {});
    states.add(alone, {alone.known, {}, 0, relies_on_none, Company::Nobody});
    states.add(with_others, {with_others.known, {}, 0, relies_on_none, Company::Others});
    CHECK(states.find(alone, Company::Nobody) != nullptr);
    CHECK(states.find(with_others, Company::Nobody) != nullptr);
    CHECK(states.find(with_others, Company::Others) != nullptr);
    CHECK(states.find(alone, Company::Others) == nullptr);
}

TEST_CASE("What relies on a state that is never settled is not settled either", "[prove]") {
    SettledStates states;
    const StateForm closed = form({1}, {}), inner = form({2}, {}), outer = form({3}, {});
    states.add(closed, settled(closed));
    states.add(inner, settled(inner, 5));
    states.add(outer, settled(outer, 2));
    states.close(4);  // from place 4 on all is settled, but for what relies on place 2
    states.drop_open();
    CHECK(states.find(closed, Company::Others) != nullptr);
    CHECK(states.find(outer, Company::Others) == nullptr);
}

TEST_CASE("What relies on a state is settled once that is", "[prove]") {
    SettledStates states;
    const StateForm inner = form({2}, {}), outer = form({3}, {});
    states.add(outer, settled(outer, 2));
    states.add(inner, settled(inner, 5));
    states.close(4);
    states.drop_open();
    CHECK(states.find(inner, Company::Others) != nullptr);
    CHECK(states.find(outer, Company::Others) == nullptr);
}

TEST_CASE("A state whose timers the runs of another can do with is settled with it", "[prove]") {
    constexpr std::size_t keepalive = 0, retransmit = 1;
    TimerZone followed, others, too_early;
    for (TimerZone* zone : {&followed, &others, &too_early}) zone->start(retransmit, 3'000);
    followed.start(keepalive, 10'000, 20'000);
    others.start(keepalive, 5'000, 60'000);
    too_early.start(keepalive, 1'000, 60'000);

    SettledStates states;
    const StateForm form{{1}, {followed.bounds(), {10}}};
    SettledState settled{form.known, {}};
    settled.rest.needs.need_not_first(followed, keepalive, TimerZone::Ties::LeftOut);
    states.add(form, settled);
    const auto found = [&](const TimerZone& times, unsigned fact) {
        return states.find({{1}, {times.bounds(), {fact}}}, Company::Others, &times) != nullptr;
    };
    CHECK(found(others, 10));
    CHECK_FALSE(found(others, 11));
    CHECK_FALSE(found(too_early, 10));
    CHECK(states.find({{1}, {others.bounds(), {10}}}, Company::Others) == nullptr);
}
