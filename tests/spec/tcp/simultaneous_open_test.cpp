// Crossing SYNs, and a listener's SYN-RCVD that sees the peer's SYN once more: Linux 6.18, and what others
// do.
#include "tests/spec/tcp/cell_table.hpp"

using namespace halfopen;

namespace {

/// Without the limit of challenge ACKs.
Policy unlimited() {
    Policy policy = endpoint_policy("linux-6.18");
    policy.set("tcp_invalid_ratelimit", "0");
    return policy;
}

/// Both ends have sent a SYN: ours with SN-1, the peer's with RN-1.
Bench crossed() {
    Bench bench(unlimited());
    bench.connecting();
    CHECK(bench.gets("S", RN - 1) == "S. SN-1 ack RN; SYN_RCVD");
    return bench;
}

}  // namespace

TEST_CASE("an ACK that acknowledges nothing opens a connection whose SYN is still sent again",
          "[simultaneous]") {
    Bench bench = crossed();
    pass_time(bench.tcb, 400);
    CHECK(bench.gets(".", RN, SN - 1) == "nothing; ESTABLISHED, established");
    SECTION("by the timer that ran already, then after 6 and 12 s") {
        std::uint32_t clock = 400;
        CHECK(bench.waits(clock) == "S. SN-1 ack RN");
        CHECK(clock == 1000);
        CHECK(bench.waits(clock) == "S. SN-1 ack RN");
        CHECK(clock == 7000);
        CHECK(bench.waits(clock) == "S. SN-1 ack RN");
        CHECK(clock == 19'000);
    }
    SECTION("until something of it is acknowledged") {
        CHECK(bench.gets(".", RN, SN) == "nothing");
        CHECK(bench.tcb.timer(TcpTimer::Retransmit) == timer_off);
    }
    SECTION("and for 924.6 s at least (tcp_retries2)") {
        std::uint32_t clock = 400;
        std::string last;
        for (std::size_t i = 0; i < 20 && bench.tcb.state != TcpState::Closed; ++i) last = bench.waits(clock);
        CHECK(last == "nothing; CLOSED, timed out");
        CHECK(clock > 924'600);
        CHECK(clock < 1'100'000);
    }
}

TEST_CASE("data behind a SYN that nobody acknowledged waits for the SYN's timer", "[simultaneous]") {
    Bench bench = crossed();
    bench.gets(".", RN, SN - 1);
    pass_time(bench.tcb, 300);
    send<ConcreteReading>(bench.r, bench.endpoint, bench.tcb, 100);
    CHECK(bench.tcb.timer(TcpTimer::Retransmit) == 700);
    SECTION("which sends the SYN again, not the data") {
        CHECK(bench.expires(TcpTimer::Retransmit) == "S. SN-1 ack RN");
    }
    SECTION("and its own timer starts when the SYN is acknowledged") {
        CHECK(bench.gets(".", RN, SN) == "nothing");
        CHECK(bench.tcb.timer(TcpTimer::Retransmit) == 200);
        CHECK(bench.expires(TcpTimer::Retransmit) == "P. SN(100) ack RN");
    }
}

TEST_CASE("an ordinary handshake stops the timer of the SYN and of the SYN-ACK", "[simultaneous]") {
    Bench active("linux-6.18");
    active.connecting();
    CHECK(active.gets("S.", RN - 1, SN) == ". SN ack RN; ESTABLISHED, established");
    CHECK(active.tcb.timer(TcpTimer::Retransmit) == timer_off);
    Bench passive("linux-6.18");
    passive.half_open();
    CHECK(passive.gets(".", RN, SN) == "nothing; ESTABLISHED, established");
    CHECK(passive.tcb.timer(TcpTimer::Retransmit) == timer_off);
}

TEST_CASE("the SYN-ACK of the other end completes crossing SYNs", "[simultaneous]") {
    Bench bench = crossed();
    SECTION("alone") { CHECK(bench.gets("S.", RN - 1, SN) == ". SN ack RN; ESTABLISHED, established"); }
    SECTION("not with text or a FIN, not with another acknowledgement, not elsewhere") {
        CHECK(bench.gets("S.", RN - 1, SN, 1) == ". SN ack RN");
        CHECK(bench.gets("SF.", RN - 1, SN) == ". SN ack RN");
        CHECK(bench.gets("S.", RN - 1, SN - 1) == ". SN ack RN");
        CHECK(bench.gets("S.", RN, SN) == ". SN ack RN");
        CHECK(bench.tcb.state == TcpState::SynReceived);
    }
}

TEST_CASE("the peer's SYN again, with an ACK and more behind it, makes a connection of a listener's request",
          "[simultaneous]") {
    Bench bench(unlimited());
    bench.half_open();
    CHECK(bench.gets("SF.", RN - 1, SN) == ". SN ack RN");
    CHECK(bench.tcb.state == TcpState::SynReceived);
    CHECK(bench.tcb.timer(TcpTimer::Retransmit) == timer_off);
    SECTION("which any further SYN leaves as it is, where a request would be reset") {
        CHECK(bench.gets("S", RN) == ". SN ack RN");
        CHECK(bench.gets("S.", RN - 1, SN) == ". SN ack RN");
    }
    SECTION("which the ACK opens") { CHECK(bench.gets(".", RN, SN) == "nothing; ESTABLISHED, established"); }
    SECTION("whose SYN-ACK counts as acknowledged") {
        CHECK(bench.gets(".", RN, SN - 1) == "R SN-1");
        CHECK(bench.gets(".", RN, SN + 1) == "R SN+1");
        CHECK(bench.tcb.state == TcpState::SynReceived);
    }
}

TEST_CASE("where SYNs crossed the SYN-ACK is sent again after 1, 2, 4 s, without the SYN's linear start",
          "[simultaneous]") {
    Bench bench = crossed();
    std::uint32_t clock = 0;
    for (const std::uint32_t at : {1000U, 3000U, 7000U, 15'000U, 31'000U, 63'000U}) {
        CHECK(bench.waits(clock) == "S. SN-1 ack RN");
        CHECK(clock == at);
    }
    CHECK(bench.waits(clock) == "nothing; CLOSED, timed out");
}

TEST_CASE("text and a FIN that came before are acknowledged with the handshake", "[simultaneous]") {
    for (const char* flags : {"P.", "F."}) {
        Bench bench = crossed();
        const std::uint32_t length = flags[0] == 'P' ? 1 : 0;
        CHECK(bench.gets(flags, RN - 1, SN, length) == ". SN ack RN; ESTABLISHED, established");
    }
}

TEST_CASE("after linear SYNs the SYN-ACK that crosses one is doubled from 1 s, and all count",
          "[simultaneous]") {
    Bench client("linux-6.18");
    std::uint32_t clock = 0;
    client.connecting();
    SECTION("after two") {
        client.waits(clock);
        client.waits(clock);
        client.gets("S", RN - 1);
        std::vector<std::uint32_t> waits;
        while (client.tcb.state == TcpState::SynReceived) {
            waits.push_back(next_expiry(client.tcb));
            client.waits(clock);
        }
        CHECK(waits == std::vector<std::uint32_t>{1000, 2000, 4000, 8000, 16000});
    }
    SECTION("after seven none is left") {
        for (int i = 0; i < 7; ++i) client.waits(clock);
        client.gets("S", RN - 1);
        CHECK(next_expiry(client.tcb) == 8000);
        CHECK_THAT(client.waits(clock), Catch::Contains("CLOSED"));
    }
    SECTION("the count goes with the state") {
        client.waits(clock);
        client.waits(clock);
        client.gets("S", RN - 1);
        CHECK(client.tcb.linear_retransmits == 2);
        client.gets(".", RN, SN);
        CHECK(client.tcb.linear_retransmits == 0);
    }
}

TEST_CASE("the other end's SYN once more after SYNs have crossed", "[simultaneous]") {
    const auto crossed_on = [](const char* stack) {
        Bench bench(stack);
        bench.connecting().gets("S", RN - 1);
        REQUIRE(bench.tcb.state == TcpState::SynReceived);
        return bench;
    };
    const auto answer = [&](const char* stack, std::string_view flags, const char* at,
                            std::uint32_t ack = SN) {
        Bench bench = crossed_on(stack);
        return cell(bench, flags, position(at), flags.ends_with('.') ? ack : 0);
    };
    for (const char* stack : {"linux-2.6.24", "linux-3.0"}) {
        INFO(stack);
        CHECK(answer(stack, "S", "left") == "ACK");
        CHECK(answer(stack, "S", "RN-1") == "-");  // it has no ACK
        CHECK(answer(stack, "S", "RN") == "RST!");
        CHECK(answer(stack, "S.", "RN-1") == "ACK>ES");
        CHECK(answer(stack, "S.", "RN-1", SN - 1) == "ACK>ES");
        CHECK(answer(stack, "S.", "RN-1", SN - 2) == "RST");
        CHECK(answer(stack, "S.", "RN-1", SN + 1) == "RST");
    }
    CHECK(answer("linux-3.10", "S", "RN-1") == "-");
    // FreeBSD up to 10: what lies before IRS is reset (LAND); what is elsewhere draws the SYN-ACK once more.
    for (const char* stack : {"freebsd-7", "freebsd-9", "freebsd-10", "freebsd-14"}) {
        INFO(stack);
        for (const char* flags : {"S", "S.", ".", "F."}) CHECK(answer(stack, flags, "left") == "RST");
        CHECK(answer(stack, "S", "RN-1") == "SA");
        CHECK(answer(stack, "S.", "RN-1") == "ACK>ES");
        CHECK(answer(stack, ".", "RN-1") == "ACK>ES");
        CHECK(answer(stack, "F.", "RN-1") == "ACK>ES");
        CHECK(answer(stack, ".", "RN") == "->ES");
        CHECK(answer(stack, "S", "right") == "SA");
        CHECK(answer(stack, "S.", "right") == "SA");
        CHECK(answer(stack, ".", "right") == "SA");
        CHECK(answer(stack, "S.", "RN-1", SN - 1) == "RST");
        CHECK(answer(stack, ".", "RN", SN + 1) == "RST");
    }
    for (const char* stack : {"freebsd-7", "freebsd-9", "freebsd-10"}) {
        INFO(stack);
        CHECK(answer(stack, "S", "RN") == "RA!");
        CHECK(answer(stack, "S.", "RN") == "RA!");
    }
    // FreeBSD 14's challenge ACK for a SYN leaves SYN_RCVD out.
    CHECK(answer("freebsd-14", "S", "RN") == "-");
    CHECK(answer("freebsd-14", "S.", "RN") == "->ES");
}

TEST_CASE("a reset after SYNs have crossed: FreeBSD asked for its acknowledgement first, and does so no more",
          "[simultaneous]") {
    const auto reset = [](const char* stack, std::uint32_t ack) {
        Bench bench(stack);
        bench.connecting().gets("S", RN - 1);
        return cell(bench, "R.", RN, ack);
    };
    for (const char* stack : {"freebsd-7", "freebsd-9", "freebsd-10"}) {
        CHECK(reset(stack, SN) == "-!");
        CHECK(reset(stack, SN - 1) == "-");
        CHECK(reset(stack, SN + 1) == "-");
    }
    CHECK(reset("freebsd-14", SN - 1) == "-!");
}
