/// endpoints.md, table C: SYN_SENT, and the schedule of connect().
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

namespace {

constexpr std::uint32_t wrong_ack = SN + 12'345;
/// Times of all SYNs and of giving up, in ms, for a client whose SYNs all vanish.
std::vector<std::uint32_t> schedule(const Policy& policy) {
    Bench client(policy);
    client.connecting();
    std::vector<std::uint32_t> times{0};
    std::uint32_t clock = 0;
    while (client.tcb.state == TcpState::SynSent && times.size() < 20) {
        client.waits(clock);
        times.push_back(clock);
    }
    return times;
}

}  // namespace

TEST_CASE(
    "lwIP resets every ACK that is not the right SYN-ACK and sends its SYN again at once, as often as it may",
    "[connect]") {
    for (const std::uint32_t ack : {SN, wrong_ack})
        CHECK(Bench("lwip").connecting().gets(".", RN, ack) ==
              (ack == SN ? "R. SN ack RN, S SN-1" : "R. SN+12345 ack RN, S SN-1"));
    CHECK(Bench("lwip").connecting().gets("S.", RN - 1, wrong_ack) == "R. SN+12345 ack RN, S SN-1");
    Bench client("lwip");
    client.connecting();
    for (int i = 0; i < 6; ++i) CHECK(client.gets(".", RN, wrong_ack) == "R. SN+12345 ack RN, S SN-1");
    CHECK(client.gets(".", RN, wrong_ack) == "R. SN+12345 ack RN");
    CHECK(client.tcb.state == TcpState::SynSent);
}

TEST_CASE("so lwIP gets over RFC 5961's hole: the reset of the acceptable ACK is exact", "[connect]") {
    Bench server("linux-6.1");
    CHECK(server.gets("S", RN - 1) == ". SN ack RN");
    Bench client("lwip");
    connect<ConcreteReading>(client.r, client.endpoint, client.tcb, here, there, {RN - 1, 0});
    CHECK(client.gets(".", SN, RN) == "R. RN ack SN, S RN-1");
    CHECK(server.gets("R.", RN, SN) == "nothing; CLOSED, connection reset");
}

TEST_CASE("gVisor sends its SYN again at once after every such RST, and its patience starts over",
          "[connect]") {
    Bench client("gvisor");
    client.connecting();
    std::uint32_t clock = 0;
    for (int i = 0; i < 20; ++i) {
        CHECK(client.gets(".", RN, wrong_ack) == "R SN+12345");
        CHECK(client.tcb.timer(TcpTimer::Retransmit) == 1);
        CHECK(client.waits(clock) == "S SN-1");
    }
    CHECK(clock == 20);
    while (client.tcb.state == TcpState::SynSent) client.waits(clock);
    CHECK(clock == 20 + 126'000);
}

TEST_CASE("Linux since 5.6 sends its SYN again at once after that RST, once", "[connect]") {
    Bench older("linux-6.1");
    older.connecting();
    older.gets(".", RN, wrong_ack);
    CHECK(older.tcb.timer(TcpTimer::Retransmit) == 8);

    Bench client("linux-6.18");
    client.connecting();
    CHECK(client.tcb.timer(TcpTimer::Retransmit) == 1000);
    client.gets(".", RN, wrong_ack);
    CHECK(client.tcb.timer(TcpTimer::Retransmit) == 8);
    std::uint32_t clock = 0;
    CHECK(client.waits(clock) == "S SN-1");
    CHECK(client.tcb.timer(TcpTimer::Retransmit) == 1000);
    client.gets(".", RN, wrong_ack);
    CHECK(client.tcb.timer(TcpTimer::Retransmit) == 1000);
}

TEST_CASE("Linux since 5.6 does so for a RST,ACK that it does not accept as well", "[connect]") {
    Bench client("linux-6.18");
    client.connecting();
    CHECK(client.gets("R.", RN, wrong_ack) == "nothing");
    CHECK(client.tcb.timer(TcpTimer::Retransmit) == 8);
}

TEST_CASE("the reset of FreeBSD 7 for a SYN in the window is not acceptable to the client", "[connect]") {
    Bench server("freebsd-7");
    CHECK(server.gets("S", RN) == "R. SN ack RN; CLOSED, connection reset");
    // The client's ISS is RN, so ACK = RN acknowledges nothing of it.
    Bench client("linux-2.6.24");
    connect<ConcreteReading>(client.r, client.endpoint, client.tcb, here, there, {RN, 0});
    CHECK(client.gets("R.", SN, RN) == "nothing");
}

TEST_CASE("a SYN-ACK completes the handshake", "[connect]") {
    for (const std::string& policy : shipped_stacks) {
        INFO(policy);
        Bench client(policy);
        client.connecting();
        CHECK(client.gets("S.", RN - 1, SN) == ". SN ack RN; ESTABLISHED, established");
        CHECK(client.tcb.timer(TcpTimer::Retransmit) == timer_off);
        CHECK(client.tcb.snd_una == client.tcb.snd_nxt);
        Bench server(policy);
        server.half_open();
        CHECK(server.gets(".", RN, SN) == "nothing; ESTABLISHED, established");
        CHECK(server.tcb.timer(TcpTimer::Retransmit) == timer_off);
    }
}

TEST_CASE("the SYNs of a simultaneous open end in ESTABLISHED at both ends", "[connect]") {
    for (const char* policy : {"rfc793", "rfc9293", "freebsd-7", "freebsd-14", "linux-2.6.24", "linux-6.1",
                               "linux-6.18", "netbsd-6"}) {
        INFO(policy);
        Bench a(policy);
        a.connecting();
        CHECK(a.gets("S", RN - 1) == "S. SN-1 ack RN; SYN_RCVD");
        a.gets("S.", RN - 1, SN);
        a.gets(".", RN, SN);
        CHECK(a.tcb.state == TcpState::Established);
    }
}

TEST_CASE("smoltcp gives nothing up: neither its SYN nor its data", "[connect][timer]") {
    const auto syns = schedule(endpoint_policy("smoltcp"));
    REQUIRE(syns.size() == 20);
    CHECK(syns[19] - syns[18] == 60'000);

    Bench server("smoltcp");
    CHECK(send<ConcreteReading>(server.r, server.endpoint, server.tcb, 100).sent.size() == 1);
    std::uint32_t clock = 0;
    for (int i = 0; i < 30; ++i) CHECK(server.waits(clock) == "P. SN(100) ack RN");
    CHECK(server.tcb.timer(TcpTimer::Retransmit) == 60'000);
    CHECK(server.tcb.state == TcpState::Established);
}

TEST_CASE("lwIP forgets a SYN_RCVD after 20 s, NetBSD after 93 s", "[timer]") {
    for (const auto& [policy, end] : {std::pair{"lwip", 20'000U}, std::pair{"netbsd-6", 93'000U}}) {
        Bench server(policy);
        server.half_open();
        std::uint32_t clock = 0;
        while (server.tcb.state == TcpState::SynReceived) server.waits(clock);
        CHECK(clock == end);
    }
}

TEST_CASE("a client that never gives up repeats the last wait for ever", "[connect][timer]") {
    Policy policy = endpoint_policy("linux-2.6.24");
    policy.set("syn_never_gives_up", "true");
    const auto times = schedule(policy);
    REQUIRE(times.size() == 20);
    CHECK(times[19] - times[18] == 96'000);
}

TEST_CASE("FreeBSD forgets a SYN_RCVD after three retransmissions, without a word", "[timer]") {
    Bench server("freebsd-7");
    server.half_open();
    std::uint32_t clock = 0;
    for (int i = 0; i < 3; ++i) CHECK(server.waits(clock) == "S. SN-1 ack RN");
    CHECK(server.waits(clock) == "nothing; CLOSED");
    CHECK(clock == 45'000);
}
