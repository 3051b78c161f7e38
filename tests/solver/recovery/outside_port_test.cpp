/// What a client leaves at the server when its mapping moves.
#include "solver/recovery/outside_port.hpp"

#include <catch2/catch.hpp>

using namespace halfopen;

namespace {

constexpr std::size_t to_server = static_cast<std::size_t>(Hop::ToServer),
                      from_server = static_cast<std::size_t>(Hop::FromServer);

constexpr FairEvent idle_close{FairEvent::Kind::ServerTimer, TcpTimer::IdleClose};

/// The server has a connection, whose timer runs.
Connection with_server(TcpState state) {
    Connection c;
    c.server.emplace();
    c.server->state = state;
    c.times.start(slot_of(idle_close), 0, 60'000);
    return c;
}

}  // namespace

TEST_CASE("A client at another outside port meets no connection there, nor its timers", "[prove]") {
    Connection before = with_server(TcpState::Established);
    before.keepalive_overlooked = true;
    const Connection moved = at_an_unused_port(before);
    CHECK_FALSE(moved.server);
    CHECK_FALSE(moved.keepalive_overlooked);
    CHECK_FALSE(moved.times.runs(slot_of(idle_close)));
    CHECK(moved.times == TimerZone());
}

TEST_CASE("Of all that is on its way only the SYN that has got the new port goes on", "[prove]") {
    Connection before = with_server(TcpState::Established);
    before.links[to_server].resize(2);
    before.links[to_server].back().flags = flag::syn;
    before.links[from_server].resize(1);
    const Connection moved = at_an_unused_port(before);
    CHECK(moved.links[from_server].empty());
    REQUIRE(moved.links[to_server].size() == 1);
    CHECK(moved.links[to_server].front().has(flag::syn));
}

TEST_CASE("Half a handshake at an outside port is less than an old connection, and nothing is less than that",
          "[prove]") {
    CHECK(rank(Connection()) < rank(with_server(TcpState::SynReceived)));
    CHECK(rank(with_server(TcpState::SynReceived)) < rank(with_server(TcpState::Established)));
    CHECK(rank(with_server(TcpState::FinWait1)) == rank(with_server(TcpState::Established)));
}
