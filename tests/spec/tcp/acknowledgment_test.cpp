/// endpoints.md, table E: unacceptable acknowledgments and sequence numbers; data, FIN and the way down.
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

TEST_CASE("smoltcp ignores an old ACK with its text, and limits its ACKs to one a second", "[ack]") {
    CHECK(Bench("smoltcp").gets("P.", RN, SN - 5, 10) == "nothing");
    Bench server("smoltcp");
    CHECK(server.gets(".", RN, SN + 5) == ". SN ack RN");
    CHECK(server.gets(".", RN - 1, SN) == "nothing");
    pass_time(server.tcb, 1000);
    server.expires(TcpTimer::ChallengeLimit);
    CHECK(server.gets(".", RN - 1, SN) == ". SN ack RN");
}

TEST_CASE("gVisor of 2018 throws the rest of the segment away that completes a handshake", "[ack]") {
    for (const char* flags : {"P.", "F."}) {
        Bench server("gvisor-2018");
        CHECK(server.half_open().gets(flags, RN, SN, 10) == "nothing; ESTABLISHED, established");
        CHECK(server.gets("P.", RN, SN, 10) == ". SN ack RN+10");
    }
    CHECK(Bench("gvisor").half_open().gets("P.", RN, SN, 10) == ". SN ack RN+10; ESTABLISHED, established");
}

TEST_CASE("gVisor of 2018 answers nothing once the peer's FIN has come, not even a keepalive probe",
          "[ack]") {
    Bench server("gvisor-2018");
    server.gets("F.", RN, SN);
    REQUIRE(server.tcb.state == TcpState::CloseWait);
    for (const std::uint32_t seq : {RN - 1, RN, RN + 1, RN + 5'000'000})
        for (const char* flags : {".", "F.", "P."})
            CHECK(server.gets(flags, seq, SN, flags[0] == 'P' ? 10 : 0) == "nothing");
    CHECK(server.tcb.state == TcpState::CloseWait);
    Bench later("gvisor");
    later.gets("F.", RN, SN);
    CHECK(later.gets(".", RN, SN) == ". SN ack RN+1");
}

TEST_CASE("Linux 6.18 limits ACKs for empty segments outside the window, not for text", "[ack]") {
    Bench server("linux-6.18");
    CHECK(server.gets(".", RN - 1, SN) == ". SN ack RN");
    CHECK(server.gets(".", RN - 1, SN) == "nothing");
    CHECK(server.gets("S", RN) == "nothing");  // one limiter for all
    CHECK(server.gets("P.", RN - 5000, SN, 10) == ". SN ack RN");
    CHECK(server.gets("F.", RN - 5000, SN) == ". SN ack RN");
}

TEST_CASE("two FreeBSD 7 ends out of step with each other loop: an ACK war", "[ack]") {
    Bench a("freebsd-7");
    const Address here_too = there;
    Bench b("freebsd-7");
    b.tcb = established<ConcreteReading>(b.r, b.endpoint, here_too, here, {RN + 5'000'000, 0},
                                         {SN + 7'000'000, 0});
    ConcreteSegment ball{there, here, flag::ack, {RN + 5'000'000, 0}, {SN + 7'000'000, 0}, W, 0};
    for (int i = 0; i < 20; ++i) {
        Bench& player = i % 2 == 0 ? a : b;
        const auto step = receive<ConcreteReading>(player.r, player.endpoint, player.tcb, ball);
        REQUIRE(step.sent.size() == 1);
        ball = step.sent[0];
    }
}

TEST_CASE("data and FIN advance RCV.NXT, and an active close runs to TIME_WAIT", "[close]") {
    for (const std::string& policy :
         PolicyLibrary(HALFOPEN_SOURCE_DIR "/spec/policies").names(PolicyKind::Endpoint)) {
        INFO(policy);
        Bench a(policy);
        CHECK(a.gets("P.", RN, SN, 100) == ". SN ack RN+100");
        CHECK(a.gets("P.", RN + 200, SN, 100) == ". SN ack RN+100");  // something is missing
        CHECK(a.gets("P.", RN + 50, SN, 100) == ". SN ack RN+150");   // overlap
        CHECK(a.closes() == "F. SN ack RN+150; FIN_WAIT_1");
        CHECK(a.gets(".", RN + 150, SN + 1) == "nothing; FIN_WAIT_2");
        CHECK(a.tcb.timer(TcpTimer::Retransmit) == timer_off);
        CHECK(a.gets("F.", RN + 150, SN + 1) == ". SN+1 ack RN+151; TIME_WAIT");
        CHECK(a.tcb.timer(TcpTimer::TimeWait) != timer_off);
        CHECK(next_expiry(a.tcb) == a.tcb.timer(TcpTimer::TimeWait));
        CHECK(a.expires(TcpTimer::TimeWait) == "nothing; CLOSED");
    }
}

TEST_CASE("a passive close, and a simultaneous one", "[close]") {
    for (const std::string& policy :
         PolicyLibrary(HALFOPEN_SOURCE_DIR "/spec/policies").names(PolicyKind::Endpoint)) {
        INFO(policy);
        Bench passive(policy);
        CHECK(passive.gets("F.", RN, SN) == ". SN ack RN+1; CLOSE_WAIT, closed");
        CHECK(passive.closes() == "F. SN ack RN+1; LAST_ACK");
        CHECK(passive.gets(".", RN + 1, SN + 1) == "nothing; CLOSED");

        Bench both(policy);
        both.closes();
        CHECK(both.gets("F.", RN, SN) == ". SN+1 ack RN+1; CLOSING");
        CHECK(both.gets(".", RN + 1, SN + 1) == "nothing; TIME_WAIT");
    }
}

TEST_CASE("an acknowledgment clears outstanding data and stops the timer", "[ack]") {
    Bench a("linux-6.18");
    CHECK(send<ConcreteReading>(a.r, a.endpoint, a.tcb, 100).sent.size() == 1);
    CHECK(a.tcb.timer(TcpTimer::Retransmit) == 200);
    CHECK(a.expires(TcpTimer::Retransmit) == "P. SN(100) ack RN");
    CHECK(a.tcb.timer(TcpTimer::Retransmit) == 400);
    CHECK(a.gets(".", RN, SN + 100) == "nothing");
    CHECK(a.tcb.timer(TcpTimer::Retransmit) == timer_off);
    CHECK(a.tcb.unacked_data == 0);
}

TEST_CASE("an ACK inside a segment that is outstanding: Linux lets its timer run on", "[ack]") {
    for (const std::string_view policy : {"linux-6.18", "freebsd-14"}) {
        INFO(policy);
        Bench bench(policy);
        send<ConcreteReading>(bench.r, bench.endpoint, bench.tcb, 100);
        const std::uint32_t wait = bench.tcb.timer(TcpTimer::Retransmit);
        pass_time(bench.tcb, 150);
        CHECK(bench.gets(".", RN, SN + 50) == "nothing");
        CHECK(bench.tcb.timer(TcpTimer::Retransmit) == (policy == "linux-6.18" ? wait - 150 : wait));
    }
}

TEST_CASE("an orphan of Linux takes a FIN with text that it has had already", "[ack]") {
    for (const std::uint32_t old : {0U, 1U, 100U}) {
        Bench bench("linux-6.18");
        bench.tcb.orphan = true;
        bench.in(TcpState::FinWait2);
        CHECK(bench.gets("F.", RN - old, SN, old) == ". SN ack RN+1; TIME_WAIT");
    }
    Bench bench("linux-6.18");
    bench.tcb.orphan = true;
    bench.in(TcpState::FinWait2);
    CHECK(bench.gets("F.", RN - 1, SN, 2) == "R SN; CLOSED");
    SECTION("also behind a SYN, if that is old") {
        Bench again("linux-6.18");
        again.tcb.orphan = true;
        again.in(TcpState::FinWait2);
        CHECK(again.gets("SF.", RN - 1, SN) == ". SN ack RN+1; TIME_WAIT");
        Bench text("linux-6.18");
        text.tcb.orphan = true;
        text.in(TcpState::FinWait2);
        CHECK(text.gets("SF.", RN - 10, SN, 100) == "R SN; CLOSED");
    }
}
