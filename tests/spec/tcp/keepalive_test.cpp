/// endpoints.md, table F: keepalive, idle close and giving up.
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

namespace {

Policy policy_with(std::string_view name,
                   std::initializer_list<std::pair<const char*, const char*>> settings) {
    Policy policy = endpoint_policy(name);
    for (const auto& [key, value] : settings) policy.set(key, value);
    return policy;
}

}  // namespace

TEST_CASE("FreeBSD keeps every connection alive: 2 h, then 8 probes 75 s apart, then a reset",
          "[keepalive]") {
    Bench server("freebsd-7");
    std::uint32_t clock = 0;
    for (int probe = 0; probe < 8; ++probe) {
        CHECK(server.waits(clock) == ". SN-1 ack RN");
        CHECK(clock == 7'200'000U + static_cast<std::uint32_t>(probe) * 75'000U);
    }
    CHECK(server.waits(clock) == "R. SN ack RN; CLOSED, timed out");
    CHECK(clock == 7'200'000U + 8U * 75'000U);
}

TEST_CASE("Linux keeps nothing alive unless the application asks", "[keepalive]") {
    CHECK(next_expiry(Bench("linux-6.18").tcb) == timer_off);
    Bench server(policy_with("linux-6.18", {{"keepalive", "true"}}));
    std::uint32_t clock = 0;
    for (int probe = 0; probe < 9; ++probe) CHECK(server.waits(clock) == ". SN-1 ack RN");
    CHECK(server.waits(clock) == "R. SN ack RN; CLOSED, timed out");
    CHECK(clock == 7'200'000U + 9U * 75'000U);
}

TEST_CASE("an answer to a probe starts the idle time over", "[keepalive]") {
    for (const char* name : {"freebsd-7", "linux-6.18"}) {
        Bench server(policy_with(name, {{"keepalive", "true"}}));
        std::uint32_t clock = 0;
        server.waits(clock);
        server.gets(".", RN, SN);
        CHECK(server.tcb.keepalive_probes == 0);
        CHECK(server.tcb.timer(TcpTimer::Keepalive) == 7'200'000);
    }
}

TEST_CASE("a SYN that FreeBSD refuses puts its keepalive off; Linux does not listen to it", "[keepalive]") {
    for (const char* name : {"freebsd-7", "freebsd-14", "linux-6.18"}) {
        Bench server(policy_with(name, {{"keepalive", "true"}}));
        pass_time(server.tcb, 7'000'000);
        server.gets("S", RN - 5'000'000);
        const std::uint32_t left = server.tcb.timer(TcpTimer::Keepalive);
        CHECK(left == (std::string_view(name) == "linux-6.18" ? 200'000 : 7'200'000));
    }
    for (const char* name : {"freebsd-10", "netbsd-6", "openbsd", "gvisor", "gvisor-2018", "solaris-11",
                             "lwip", "smoltcp", "linux-3.10", "linux-6.1"}) {
        INFO(name);
        Bench server(policy_with(name, {{"keepalive", "true"}}));
        pass_time(server.tcb, 7'000'000);
        server.gets("S", RN - 5'000'000);
        const bool deaf =
            Endpoint(endpoint_policy(name)).settings().keepalive_refresh == KeepaliveRefresh::ValidSegment;
        CHECK(server.tcb.timer(TcpTimer::Keepalive) == (deaf ? 200'000 : 7'200'000));
    }
    Bench repaired(policy_with("freebsd-7", {{"keepalive_refresh", "valid segment"}}));
    pass_time(repaired.tcb, 7'000'000);
    repaired.gets("S", RN - 5'000'000);
    CHECK(repaired.tcb.timer(TcpTimer::Keepalive) == 200'000);
}

TEST_CASE("a server closes an idle connection, and only data puts that off", "[idle]") {
    Bench server(policy_with("linux-6.18", {{"idle_close", "6min"}}));
    CHECK(server.tcb.timer(TcpTimer::IdleClose) == 360'000);
    pass_time(server.tcb, 100'000);
    server.gets(".", RN, SN);
    CHECK(server.tcb.timer(TcpTimer::IdleClose) == 260'000);
    server.gets("P.", RN, SN, 10);
    CHECK(server.tcb.timer(TcpTimer::IdleClose) == 360'000);
    CHECK(server.expires(TcpTimer::IdleClose) == "F. SN ack RN+10; FIN_WAIT_1, closed");
    CHECK(server.tcb.timer(TcpTimer::IdleClose) == timer_off);
    CHECK(server.tcb.orphan);
}

TEST_CASE("Linux gives unanswered data up after 924.6 s without a word, FreeBSD with a reset", "[timer]") {
    const auto give_up = [](std::string_view name, std::uint32_t& clock) {
        Bench server(policy_with(name, {{"keepalive", "false"}}));
        server.tcb =
            established<ConcreteReading>(server.r, server.endpoint, here, there, {SN, 0}, {RN, 0}, true);
        std::string last;
        while (server.tcb.state != TcpState::Closed) last = server.waits(clock);
        return last;
    };
    std::uint32_t clock = 0;
    CHECK(give_up("linux-6.18", clock) == "nothing; CLOSED, timed out");
    CHECK(clock == 924'600);
    clock = 0;
    CHECK(give_up("freebsd-7", clock) == "R. SN ack RN; CLOSED, timed out");
    CHECK(clock == 117'530);
}

TEST_CASE("an orphan's FIN is retransmitted for a while, and FIN_WAIT_2 does not last for ever", "[timer]") {
    Bench server("linux-6.18");
    server.closes();
    std::uint32_t clock = 0;
    CHECK(server.waits(clock) == "F. SN ack RN");
    while (server.tcb.state != TcpState::Closed) server.waits(clock);
    CHECK(clock == 102'200);

    Bench other("linux-6.18");
    other.closes();
    other.gets(".", RN, SN + 1);
    CHECK(other.tcb.timer(TcpTimer::TimeWait) == 60'000);
    CHECK(other.expires(TcpTimer::TimeWait) == "nothing; CLOSED");
}
