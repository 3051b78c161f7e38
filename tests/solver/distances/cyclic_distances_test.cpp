#include "solver/distances/cyclic_distances.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <random>

using namespace halfopen;

namespace {

using Fact = CyclicDistances::Fact;
using Points = std::vector<std::int64_t>;

constexpr std::int64_t small_circle = 7;
constexpr std::size_t enough_steps = 10'000;

/// What was asked, as it can be tried on points.
struct Asked {
    std::function<bool(const Points&)> holds;
};

std::int64_t up(const Points& points, std::size_t from, std::size_t to) {
    return ((points[to] - points[from]) % small_circle + small_circle) % small_circle;
}

IntervalSet random_distances(std::mt19937& random) {
    IntervalSet set;
    for (unsigned parts = 1 + random() % 2; parts > 0; --parts) {
        const auto first = static_cast<std::int64_t>(random() % small_circle);
        set = set.in_either({first, std::min<std::int64_t>(first + random() % 3, small_circle - 1)});
    }
    return set;
}

/// One of a few distances.
Asked ask_distances(CyclicDistances& circle, std::mt19937& random, std::size_t points) {
    std::vector<Fact> any;
    for (unsigned facts = 1 + random() % 3; facts > 0; --facts)
        any.push_back({random() % points, random() % points, random_distances(random)});
    circle.require(any);
    return {[any](const Points& places) {
        return std::any_of(any.begin(), any.end(), [&](const Fact& fact) {
            return fact.distances.contains(up(places, fact.from, fact.to));
        });
    }};
}

Asked ask_order(CyclicDistances& circle, std::mt19937& random, std::size_t points) {
    const std::size_t a = random() % points, b = random() % points, c = random() % points;
    const bool wanted = random() % 2 == 0;
    auto parts = circle.in_order(a, b, c);
    if (!wanted)
        for (Fact& part : parts) part = circle.without(part);
    circle.require({parts[0], parts[1]});
    circle.require({parts[0], parts[2]});
    circle.require({parts[1], parts[2]});
    return {[=](const Points& places) { return (up(places, a, b) <= up(places, a, c)) == wanted; }};
}

bool any_points(std::size_t points, const std::vector<Asked>& asked) {
    Points places(points, 0);
    for (;;) {
        if (std::all_of(asked.begin(), asked.end(), [&](const Asked& one) { return one.holds(places); }))
            return true;
        std::size_t next = 0;
        while (next < points && ++places[next] == small_circle) places[next++] = 0;
        if (next == points) return false;
    }
}

}  // namespace

TEST_CASE("points are found where there are any, of all on a small circle, and agree with what is asked") {
    std::mt19937 random(7);
    int contradictions = 0, others = 0;
    for (int round = 0; round < 4000; ++round) {
        const std::size_t points = 2 + random() % 3;
        CyclicDistances circle(points, small_circle);
        std::vector<Asked> asked;
        for (unsigned facts = 1 + random() % 7; facts > 0; --facts)
            asked.push_back(random() % 3 == 0 ? ask_order(circle, random, points)
                                              : ask_distances(circle, random, points));
        const auto answer = circle.solve(enough_steps);
        REQUIRE(answer);
        REQUIRE(answer->contradiction == !any_points(points, asked));
        if (answer->contradiction) {
            ++contradictions;
            continue;
        }
        ++others;
        for (const std::int64_t place : answer->points) CHECK((place >= 0 && place < small_circle));
        for (const Asked& one : asked) CHECK(one.holds(answer->points));
    }
    CHECK(contradictions > 500);
    CHECK(others > 500);
}

TEST_CASE("three points a third of the circle apart come round") {
    constexpr std::int64_t words = std::int64_t{1} << 32U;
    const auto steps = [&](std::int64_t first, std::int64_t last) {
        CyclicDistances circle(3, words);
        for (std::size_t point = 0; point < 3; ++point)
            circle.require({{point, (point + 1) % 3, IntervalSet(first, last)}});
        return circle.solve(enough_steps)->contradiction;
    };
    CHECK(steps(words / 3, words / 3));            // 2^32 is no multiple of three
    CHECK_FALSE(steps(words / 3, words / 3 + 1));  // one step is longer
    CHECK(steps(1, words / 3 - 1));
    CHECK_FALSE(steps(words / 2, words - 1));  // twice round
}

TEST_CASE("what takes too many steps has no answer") {
    CyclicDistances circle(2, small_circle);
    circle.require({{0, 1, IntervalSet(2, 3)}});
    CHECK_FALSE(circle.solve(0));
    CHECK(circle.solve(enough_steps));
}
