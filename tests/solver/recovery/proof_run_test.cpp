/// What a failed run tells of those who try it.
#include "solver/recovery/proof_run.hpp"

#include <catch2/catch.hpp>

using namespace halfopen;

namespace {

using Kind = FairEvent::Kind;

LoggedStep step(Kind kind, std::uint32_t least, std::uint32_t most, std::uint8_t count = 0) {
    FairEvent event;
    event.kind = kind;
    event.timer = kind == Kind::ServerTimer ? TcpTimer::Keepalive : TcpTimer::Retransmit;
    event.after_least = least;
    event.after_most = most;
    event.count = count;
    return {0, event, {}};
}

}  // namespace

TEST_CASE("An old timer's time is told from the run's beginning, and from the connect() before", "[prove]") {
    const std::vector<LoggedStep> log{
        step(Kind::Connect, 0, 0),           step(Kind::ClientTimer, 3000, 3000),
        step(Kind::ServerTimer, 1000, 1000),  // one that the run has started
        step(Kind::Connect, 2000, 2000),     step(Kind::ClientTimer, 3000, 3000),
        step(Kind::ServerTimer, 0, 6000, 4), step(Kind::Connect, 1, 1)};
    const auto timer = first_old_timer(log);
    REQUIRE(timer);
    CHECK(timer->timer == TcpTimer::Keepalive);
    CHECK(timer->count == 4);
    CHECK(timer->least == 9000);
    CHECK(timer->most == 15'000);
    CHECK(timer->connect_least == 3000);
    CHECK(timer->connect_most == 9000);
    CHECK_FALSE(first_old_timer({log.begin(), log.begin() + 5}));
}

TEST_CASE("A run that begins with a client's fourth SYN has lost three", "[prove]") {
    CHECK(syns_lost({step(Kind::ServerTimer, 0, 0), step(Kind::ClientTimer, 0, 0, 2),
                     step(Kind::ClientTimer, 9, 9, 3)}) == 3);
    CHECK(syns_lost({step(Kind::ServerTimer, 0, 0)}) == 0);
}
