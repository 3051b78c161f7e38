/// endpoints.md, table A: a SYN for a connection in ESTABLISHED.
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

namespace {

constexpr std::uint32_t left = RN - 5'000'000;
constexpr std::uint32_t right = RN + 5'000'000;

std::string syn_at(std::string_view policy, std::uint32_t seq) {
    UNSCOPED_INFO(policy);
    return Bench(policy).gets("S", seq);
}

}  // namespace

TEST_CASE("what is silent on a SYN may answer a SYN-ACK", "[syn]") {
    CHECK(Bench("linux-3.10").gets("S.", RN, SN) == ". SN ack RN");
    CHECK(Bench("linux-3.10").gets("S.", left, SN) == ". SN ack RN");
    CHECK(Bench("smoltcp").gets("S.", left, SN) == ". SN ack RN");
    CHECK(Bench("smoltcp").gets("S.", RN, SN) == "nothing");
    CHECK(Bench("gvisor-2018").gets("S.", RN, SN) == "nothing");
}

TEST_CASE("NetBSD 6: a SYN draws an ACK, but one at RCV.NXT an odd one that leads nowhere", "[syn]") {
    for (const std::uint32_t seq : {RN + 1, RN + W, right, left, RN - 1})
        CHECK(syn_at("netbsd-6", seq) == ". SN ack RN");
    Bench server("netbsd-6");
    CHECK(server.gets("S", RN) == ". 4294967295 ack 0");
    // The client's ISS is RN: it resets the ACK with the ACK's number, which is not RN.
    Bench client("linux-6.1");
    connect<ConcreteReading>(client.r, client.endpoint, client.tcb, here, there, {RN, 0});
    CHECK(client.gets(".", 0xFFFFFFFFU, 0) == "R 0");
    CHECK(server.gets("R", 0) == "nothing");
}

TEST_CASE("FreeBSD 9.3: a SYN left of the window kills the connection too, unless it is the one that made it",
          "[syn]") {
    CHECK(syn_at("freebsd-9", left) == "R. SN ack RN; CLOSED, connection reset");
    CHECK(syn_at("freebsd-9", RN - bytes_carried_before) == ". SN ack RN");  // IRS
    CHECK(syn_at("freebsd-9", RN) == "R. SN ack RN; CLOSED, connection reset");
    CHECK(syn_at("freebsd-9", right) == ". SN ack RN");
}

TEST_CASE("FreeBSD 14 with insecure_syn: a SYN in the window kills, a SYN outside is challenged", "[syn]") {
    Policy policy = endpoint_policy("freebsd-14");
    policy.set("insecure_syn", "true");
    CHECK(Bench(policy).gets("S", RN) == "R. SN ack RN; CLOSED, connection reset");
    CHECK(Bench(policy).gets("S", RN + 1000) == "R. SN ack RN; CLOSED, connection reset");
    CHECK(Bench(policy).gets("S", left) == ". SN ack RN");
}

TEST_CASE("teardown: a SYN on a connection drops it and is answered by a SYN-ACK at once", "[syn]") {
    for (const std::uint32_t seq : {left, RN - 1, RN, RN + 1, right}) {
        Bench server("teardown");
        server.next_isn = SN + 500;
        CHECK_THAT(server.gets("S", seq), Catch::StartsWith("S. SN+500 ack "));
        CHECK(server.tcb.state == TcpState::SynReceived);
        CHECK(server.tcb.rcv_nxt.value == seq + 1);
        CHECK(server.gets(".", seq + 1, SN + 501) == "nothing; ESTABLISHED, established");
    }
}

TEST_CASE("RFC 5961's hole: at RCV.NXT-1 the challenge ACK is acceptable to the client, which drops it",
          "[syn]") {
    for (const char* policy : {"rfc9293", "freebsd-14", "linux-6.18"}) {
        Bench server(policy);
        CHECK(server.gets("S", RN - 1) == ". SN ack RN");
        Bench client(policy);
        connect<ConcreteReading>(client.r, client.endpoint, client.tcb, here, there, {RN - 1, 0});
        CHECK(client.tcb.state == TcpState::SynSent);
        CHECK(client.gets(".", SN, RN) == "nothing");
    }
}

TEST_CASE("Linux 6.18 challenges once in 500 ms, FreeBSD 14 every time", "[syn]") {
    Bench linux_server("linux-6.18");
    Bench freebsd("freebsd-14");
    int linux_answers = 0;
    int freebsd_answers = 0;
    for (int i = 0; i < 12; ++i) {
        linux_answers += linux_server.gets("S", left) == "nothing" ? 0 : 1;
        freebsd_answers += freebsd.gets("S", left) == "nothing" ? 0 : 1;
        for (Bench* bench : {&linux_server, &freebsd}) {
            pass_time(bench->tcb, 100);
            if (bench->tcb.timer(TcpTimer::ChallengeLimit) == 0) bench->expires(TcpTimer::ChallengeLimit);
        }
    }
    CHECK(linux_answers == 3);  // measured: at 0.0, 0.5 and 1.0 s
    CHECK(freebsd_answers == 12);
}

TEST_CASE("gVisor challenges once in 500 ms, lwIP every time, the BSDs a hundred times in a second",
          "[syn]") {
    const auto answers = [](std::string_view policy, std::uint32_t seq) {
        Bench server(policy);
        int count = 0;
        for (int i = 0; i < 110; ++i) count += server.gets("S", seq) == "nothing" ? 0 : 1;
        return count;
    };
    CHECK(answers("gvisor", left) == 1);
    CHECK(answers("lwip", left) == 110);
    for (const char* policy : {"openbsd", "netbsd-6"}) {
        CHECK(answers(policy, RN + 1) == 100);
        CHECK(answers(policy, left) == 110);  // outside of the window nothing is limited
    }
}

TEST_CASE("FreeBSD of 2024 challenges five times in a second", "[syn]") {
    Policy policy = endpoint_policy("freebsd-14");
    policy.set("ack_war_timewindow", "1s");
    Bench server(policy);
    int answers = 0;
    for (int i = 0; i < 9; ++i) answers += server.gets("S", left) == "nothing" ? 0 : 1;
    CHECK(answers == 5);
    pass_time(server.tcb, 1000);
    server.expires(TcpTimer::ChallengeLimit);
    CHECK(server.gets("S", left) == ". SN ack RN");
}
