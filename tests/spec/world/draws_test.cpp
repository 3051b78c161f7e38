// Which fresh numbers a world offers.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/spec/world/small_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

const WorldOptions one_corner{Corners::One, true};

std::size_t corners_drawn_by_clients(const Explored& explored) {
    return static_cast<std::size_t>(
        std::count_if(explored.edges.begin(), explored.edges.end(), [](const Edge& edge) {
            return std::any_of(edge.step.draws.begin(), edge.step.draws.end(), [](const Draw& draw) {
                return draw.corner && draw.role == client_isn_role(0);
            });
        }));
}

}  // namespace

TEST_CASE("A client's first connect() after the fault may draw its ISS from a corner, a later one may not") {
    const Explored explored(small({}), one_corner);
    CHECK(corners_drawn_by_clients(explored) > 0);
    for (const Edge& edge : explored.edges) {
        for (const Draw& draw : edge.step.draws) {
            if (draw.role != client_isn_role(0) || !draw.corner) continue;
            CHECK(edge.from.clients[0].connected_before);
            CHECK_FALSE(edge.from.clients[0].has_drawn);
        }
        CHECK(edge.to.clients[0].has_drawn >= edge.from.clients[0].has_drawn);
    }
}

TEST_CASE("A connection that was kept and given up is no connect(): the first one may draw from a corner") {
    const Explored explored(
        small({{"client.old_connection", "kept"}, {"nat.nf_conntrack_tcp_loose", "false"}}), one_corner);
    CHECK(corners_drawn_by_clients(explored) > 0);
    for (const Edge& edge : explored.edges) {
        for (const Draw& draw : edge.step.draws) {
            if (draw.role == client_isn_role(0) && draw.corner)
                CHECK_FALSE(edge.from.clients[0].connected_before);
        }
    }
}
