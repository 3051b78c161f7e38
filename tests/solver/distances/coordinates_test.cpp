#include "solver/distances/coordinates.hpp"

#include <catch2/catch.hpp>

using namespace halfopen;

TEST_CASE("an ISS that is told by its distance from RCV.NXT is a place of its own, and sums are distances") {
    // Numbers: 0 RCV.NXT, 1 SND.NXT, 2 and 3 what two ISSs are beyond RCV.NXT.
    const std::vector<NumberSum> sums{{{0, 1}},          {{2, 1}},           {{0, 1}, {2, 1}},
                                      {{2, 1}, {3, -1}}, {{0, 1}, {1, -1}},  {{0, 1}, {1, -1}, {2, 1}},
                                      {{0, 1}, {3, 1}},  {{0, -1}, {3, -1}}, {{1, 1}}};
    Coordinates coordinates(4);
    REQUIRE(fit(coordinates, sums));
    for (const NumberSum& sum : sums) CHECK(ends(sum, coordinates));
    const auto iss_from_zero = ends({{0, 1}, {2, 1}}, coordinates);
    const auto iss_to_iss = ends({{2, -1}, {3, 1}}, coordinates);
    REQUIRE(iss_from_zero);
    REQUIRE(iss_to_iss);
    CHECK(iss_from_zero->from == 0);
    CHECK(iss_to_iss->from == iss_from_zero->to);
}

TEST_CASE("what is taken away from a number is a distance down from it") {
    // Numbers: 0 SND.NXT, 1 how much of it is unacknowledged.
    const std::vector<NumberSum> sums{{{0, 1}}, {{0, 1}, {1, -1}}, {{1, 1}}};
    Coordinates coordinates(2);
    REQUIRE(fit(coordinates, sums));
}

TEST_CASE("sums that are no distances leave the coordinates as they are") {
    Coordinates coordinates(3);
    const std::vector<NumberSum> sums{{{0, 2}}, {{1, 1}, {2, 1}}};
    CHECK_FALSE(fit(coordinates, sums));
    for (const Coordinate& coordinate : coordinates) CHECK_FALSE(coordinate.from);
    CHECK_FALSE(ends({{0, 2}}, coordinates));
}
