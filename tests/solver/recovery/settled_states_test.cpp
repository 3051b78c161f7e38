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
    CHECK(states.find(form({4, 7}, {10})) != nullptr);
    CHECK(states.find(form({3, 7}, {9, 10})) != nullptr);
    CHECK(states.find(form({4, 8}, {10})) == nullptr);
    CHECK(states.find(form({4, 7}, {9})) == nullptr);
    CHECK(states.find({{1, 3}, outer.known}) == nullptr);
}

TEST_CASE("What relies on a state that is never settled is not settled either", "[prove]") {
    SettledStates states;
    const StateForm closed = form({1}, {}), inner = form({2}, {}), outer = form({3}, {});
    states.add(closed, settled(closed));
    states.add(inner, settled(inner, 5));
    states.add(outer, settled(outer, 2));
    states.close(4);  // from place 4 on all is settled, but for what relies on place 2
    states.drop_open();
    CHECK(states.find(closed) != nullptr);
    CHECK(states.find(outer) == nullptr);
}

TEST_CASE("What relies on a state is settled once that is", "[prove]") {
    SettledStates states;
    const StateForm inner = form({2}, {}), outer = form({3}, {});
    states.add(outer, settled(outer, 2));
    states.add(inner, settled(inner, 5));
    states.close(4);
    states.drop_open();
    CHECK(states.find(inner) != nullptr);
    CHECK(states.find(outer) == nullptr);
}
