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

TEST_CASE("an unacceptable ACK in SYN_SENT draws RST(ack) and changes nothing", "[connect]") {
    for (const char* policy : {"rfc793", "rfc9293", "freebsd-7", "freebsd-14", "linux-2.6.24", "linux-6.18"})
        for (const char* flags : {".", "S.", "F."}) {
            INFO(policy << " " << flags);
            CHECK(Bench(policy).connecting().gets(flags, RN, wrong_ack) ==
                  fmt::format("R SN+{}", wrong_ack - SN));
            CHECK(Bench(policy).connecting().gets(flags, RN, SN - 1) == "R SN-1");
        }
}

TEST_CASE("an acceptable ACK without SYN is dropped: RFC 5961's hole", "[connect]") {
    for (const char* policy : {"rfc793", "rfc9293", "freebsd-7", "freebsd-14", "linux-2.6.24", "linux-6.18"})
        CHECK(Bench(policy).connecting().gets(".", RN, SN) == "nothing");
}

TEST_CASE("Linux since 5.6 sends its SYN again at once after that RST, once", "[connect]") {
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

TEST_CASE("Linux 2.6.24 and FreeBSD wait for the SYN's timer after the RST", "[connect]") {
    for (const char* policy : {"linux-2.6.24", "freebsd-7", "freebsd-14"}) {
        Bench client(policy);
        client.connecting();
        const std::uint32_t before = client.tcb.timer(TcpTimer::Retransmit);
        client.gets(".", RN, wrong_ack);
        CHECK(client.tcb.timer(TcpTimer::Retransmit) == before);
    }
}

TEST_CASE("RST,ACK that acknowledges the SYN means connection refused", "[connect]") {
    for (const char* policy : {"rfc793", "freebsd-7", "linux-2.6.24", "linux-6.18", "solaris-11"}) {
        CHECK(Bench(policy).connecting().gets("R.", 0, SN) == "nothing; CLOSED, connection refused");
        CHECK(Bench(policy).connecting().gets("R", RN) == "nothing");
        CHECK(Bench(policy).connecting().gets("R.", RN, wrong_ack) == "nothing");
    }
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
    for (const char* policy : {"rfc793", "freebsd-7", "linux-2.6.24", "linux-6.18", "solaris-11"}) {
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
    for (const char* policy :
         {"rfc793", "rfc9293", "freebsd-7", "freebsd-14", "linux-2.6.24", "linux-6.18"}) {
        INFO(policy);
        Bench a(policy);
        a.connecting();
        CHECK(a.gets("S", RN - 1) == "S. SN-1 ack RN; SYN_RCVD");
        a.gets("S.", RN - 1, SN);
        a.gets(".", RN, SN);
        CHECK(a.tcb.state == TcpState::Established);
    }
}

TEST_CASE("connect() schedules are the measured and documented ones", "[connect][timer]") {
    using Times = std::vector<std::uint32_t>;
    CHECK(schedule(endpoint_policy("linux-2.6.24")) == Times{0, 3000, 9000, 21000, 45000, 93000, 189000});
    CHECK(schedule(endpoint_policy("linux-6.18")) ==
          Times{0, 1000, 2000, 3000, 4000, 5000, 7000, 11000, 19000, 35000, 67000, 131000});
    CHECK(schedule(endpoint_policy("freebsd-7")) ==
          Times{0, 3000, 6000, 9000, 12000, 15000, 21000, 33000, 57000, 75000});
    CHECK(schedule(endpoint_policy("freebsd-14")) == Times{0, 1000, 3000, 7000, 15000, 31000, 63000, 75000});
    CHECK(schedule(endpoint_policy("solaris-11")).back() == 180'000);
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
