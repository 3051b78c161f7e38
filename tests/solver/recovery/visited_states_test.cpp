/// What a search does about states that it comes to again.
#include "solver/recovery/visited_states.hpp"

#include <catch2/catch.hpp>

#include "tests/solver/recovery/state_forms.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

constexpr Changes less_time{Change::Less, Change::Same, Change::Same};

const StateForm outer = form({2}), inner = {{1, 3}, {{1}, {}}};

/// A path that is a minute longer at each state.
struct Path {
    z3::context context;
    PathExplorer paths{context};
    std::vector<LoggedStep> log;
    VisitedStates visited{paths, log};
    const Connection connection{};

    void enter(const StateForm& to, const Changes& changes) {
        log.push_back({(log.size() + 1) * minute, {}, {}});
        visited.enter(to, connection, changes);
    }
    bool leave(bool settles) {
        const bool stands = visited.leave({}, settles);
        log.pop_back();
        return stands;
    }
};

/// Of a search that counts progress.
struct CountingPath : Path {
    CountingPath() { visited.count_progress(); }
};

/// In the inner state, which is come to from the outer one with less time.
void go_inside(Path& path, const Changes& changes = less_time) {
    path.enter(outer, no_changes);
    path.enter(inner, changes);
}

/// In the outer state, once the inner one has been left: it leads to the outer one again, and relies on that.
void go_round(Path& path) {
    go_inside(path);
    REQUIRE(path.visited.comes_again(outer, no_changes));
    REQUIRE(path.leave(true));
}

}  // namespace

TEST_CASE("A state that comes again with less time left is followed once", "[prove]") {
    CountingPath path;
    go_inside(path);
    CHECK(path.visited.comes_again(outer, no_changes));
    CHECK(path.leave(true));
    CHECK(path.leave(true));
    CHECK(path.visited.longest_run(minute, day));
    path.visited.begin_anew();
    CHECK(path.visited.settled(inner, {}) != nullptr);
    CHECK(path.visited.settled(outer, {}) != nullptr);
}

TEST_CASE("A state that comes again with as much time left is no state to stop at", "[prove]") {
    CountingPath path;
    go_inside(path, no_changes);
    CHECK_FALSE(path.visited.comes_again(outer, no_changes));
    CHECK(path.visited.comes_again(outer, less_time));
}

TEST_CASE("What one measure gains on the way another one need not lose", "[prove]") {
    CountingPath path;
    go_inside(path);
    CHECK_FALSE(path.visited.comes_again(outer, Changes{Change::More, Change::Same, Change::Same}));
    CHECK(path.visited.comes_again(outer, Changes{Change::More, Change::Less, Change::Same}));
}

TEST_CASE("A search that counts no progress stops at no state of its path", "[prove]") {
    Path path;
    go_inside(path);
    CHECK_FALSE(path.visited.comes_again(outer, no_changes));
}

TEST_CASE("A state that is met again and is not settled does not stand", "[prove]") {
    CountingPath path;
    go_round(path);
    CHECK_FALSE(path.leave(false));
    path.visited.begin_anew();
    CHECK(path.visited.settled(inner, {}) == nullptr);
}

TEST_CASE("A state that nothing relies on need not be settled", "[prove]") {
    CountingPath path;
    go_inside(path);
    CHECK(path.leave(false));
    CHECK(path.leave(true));
    CHECK(path.visited.settled(inner, {}) == nullptr);
    CHECK(path.visited.settled(outer, {}) != nullptr);
}

TEST_CASE("What relies on a state of a path that was given up is not settled", "[prove]") {
    CountingPath path;
    go_round(path);
    path.visited.begin_anew();
    CHECK(path.visited.settled(inner, {}) == nullptr);
}

TEST_CASE("What goes on as a state that relies on another relies on it as well", "[prove]") {
    CountingPath path;
    go_round(path);
    const StateForm beside{{1, 4}, {{1}, {}}};
    path.enter(beside, no_changes);
    path.visited.go_on_as(*path.visited.settled(inner, {}), no_changes);
    REQUIRE(path.leave(true));
    path.visited.begin_anew();
    CHECK(path.visited.settled(beside, {}) == nullptr);
}

TEST_CASE("Steps between states that were settled before progress counted are not relied on", "[prove]") {
    Path path;
    go_inside(path);
    REQUIRE(path.leave(true));
    REQUIRE(path.visited.settled(inner, {}) != nullptr);
    path.visited.count_progress();
    CHECK(path.visited.settled(inner, {}) == nullptr);
}

TEST_CASE("A run comes round where a later state is no more than an earlier one was", "[prove]") {
    Path path;
    path.enter(form({2}, {10}), no_changes);
    CHECK(path.visited.comes_round_from(form({2}, {10}), minute, no_changes) ==
          nullptr);  // no time has passed
    CHECK(path.visited.comes_round_from(form({2}, {}), 2 * minute, no_changes) != nullptr);
    CHECK(path.visited.comes_round_from(form({1}, {10}), 2 * minute, no_changes) == nullptr);
    CHECK(path.visited.comes_round_from(form({2}, {10, 11}), 2 * minute, no_changes) == nullptr);
}

TEST_CASE("A run that uses something up does not come round", "[prove]") {
    CountingPath path;
    path.enter(form({2}, {10}), no_changes);
    CHECK(path.visited.comes_round_from(form({2}, {}), 2 * minute, less_time) == nullptr);
    CHECK(path.visited.comes_round_from(form({2}, {}), 2 * minute, no_changes) != nullptr);
    path.enter(form({2}, {10, 11}), less_time);
    REQUIRE(path.visited.comes_round_from(form({2}, {}), 3 * minute, no_changes) != nullptr);
    CHECK(path.visited.comes_round_from(form({2}, {}), 3 * minute, no_changes)->at == 1);
}
