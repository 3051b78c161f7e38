/// endpoints.md, table E: unacceptable acknowledgments and sequence numbers; data, FIN and the way down.
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

TEST_CASE("an ACK of what was never sent", "[ack]") {
    for (const char* policy : {"rfc793", "rfc9293", "freebsd-7", "freebsd-10", "freebsd-14", "linux-6.18",
                               "solaris-11", "netbsd-6", "openbsd", "lwip", "smoltcp"})
        CHECK(Bench(policy).gets(".", RN, SN + 1000) == ". SN ack RN");
    for (const char* policy :
         {"linux-2.6.24", "linux-3.0", "linux-3.10", "linux-4.19", "linux-6.1", "gvisor"})
        CHECK(Bench(policy).gets(".", RN, SN + 1000) == "nothing");
    // Its data is accepted there all the same.
    for (const char* policy : {"linux-2.6.24", "gvisor", "lwip"})
        CHECK(Bench(policy).gets("P.", RN, SN + 1000, 10) == ". SN ack RN+10");
    CHECK(Bench("linux-6.18").gets("P.", RN, SN + 1000, 10) == ". SN ack RN");
    for (const char* policy : {"linux-3.0", "linux-3.10", "linux-4.19", "linux-6.1"})
        CHECK(Bench(policy).gets("P.", RN, SN + 1000, 10) == "nothing");
}

TEST_CASE(
    "an ACK of what was never sent, after a FIN: Linux answers since 4.13, before that it took the data",
    "[ack]") {
    for (const char* policy : {"linux-4.19", "linux-6.1", "gvisor", "gvisor-2018"})
        CHECK(Bench(policy).in(TcpState::FinWait2).gets("P.", RN, SN + 1000, 10) == ". SN ack RN");
    for (const char* policy : {"linux-2.6.24", "linux-3.0", "linux-3.10"}) {
        CHECK(Bench(policy).in(TcpState::FinWait2).gets(".", RN, SN + 1000) == "nothing");
        CHECK(Bench(policy).in(TcpState::FinWait2).gets("P.", RN, SN + 1000, 10) == ". SN ack RN+10");
    }
}

TEST_CASE("an old ACK while closing: Linux 4.13 to 6.7 refuses it with all that it carries", "[ack]") {
    for (const char* policy : {"linux-4.19", "linux-6.1"}) {
        CHECK(Bench(policy).in(TcpState::FinWait2).gets("F.", RN, SN - 5) == ". SN ack RN");
        CHECK(Bench(policy).gets("P.", RN, SN - 5, 10) == ". SN ack RN+10");  // not in ESTABLISHED
    }
    for (const char* policy : {"linux-3.10", "linux-6.18"})
        CHECK(Bench(policy).in(TcpState::FinWait2).gets("F.", RN, SN - 5) ==
              ". SN ack RN+1; TIME_WAIT, closed");
}

TEST_CASE("very old ACKs with text out of order are dropped in silence by NetBSD and OpenBSD", "[ack]") {
    for (const char* policy : {"netbsd-6", "openbsd"}) {
        CHECK(Bench(policy).gets("P.", RN + 5, SN - W - 1, 10) == "nothing");
        CHECK(Bench(policy).gets("P.", RN, SN - W - 1, 10) == ". SN ack RN+10");
    }
}

TEST_CASE("smoltcp ignores an old ACK with its text, and limits its ACKs to one a second", "[ack]") {
    CHECK(Bench("smoltcp").gets("P.", RN, SN - 5, 10) == "nothing");
    Bench server("smoltcp");
    CHECK(server.gets(".", RN, SN + 5) == ". SN ack RN");
    CHECK(server.gets(".", RN - 1, SN) == "nothing");
    pass_time(server.tcb, 1000);
    server.expires(TcpTimer::ChallengeLimit);
    CHECK(server.gets(".", RN - 1, SN) == ". SN ack RN");
}

TEST_CASE("an ACK older than the largest window", "[ack]") {
    for (const char* policy : {"rfc9293", "linux-3.10", "linux-4.19", "linux-6.1", "linux-6.18"})
        CHECK(Bench(policy).gets(".", RN, SN - W - 1) == ". SN ack RN");
    for (const char* policy : {"rfc793", "freebsd-7", "freebsd-10", "freebsd-14", "linux-2.6.24", "linux-3.0",
                               "solaris-11", "netbsd-6", "openbsd", "gvisor", "lwip", "smoltcp"})
        CHECK(Bench(policy).gets(".", RN, SN - W - 1) == "nothing");
    for (const std::string& policy :
         PolicyLibrary(HALFOPEN_SOURCE_DIR "/spec/policies").names(PolicyKind::Endpoint))
        CHECK(Bench(policy).gets(".", RN, SN - 5) == "nothing");
}

TEST_CASE("on a young connection of Linux 6.18 an ACK one octet too old is challenged already", "[ack]") {
    for (const char* policy : {"linux-6.18", "linux-6.1", "linux-4.19"}) {
        Bench server(policy);
        server.half_open();
        server.gets(".", RN, SN);
        CHECK(server.gets(".", RN, SN - 1) ==
              (std::string_view(policy) == "linux-4.19" ? "nothing" : ". SN ack RN"));
    }
}

TEST_CASE("a segment outside the window draws an ACK on every stack", "[ack]") {
    for (const std::string& policy :
         PolicyLibrary(HALFOPEN_SOURCE_DIR "/spec/policies").names(PolicyKind::Endpoint))
        for (const std::uint32_t seq : {RN - 1, RN - 5'000'000, RN + 5'000'000}) {
            INFO(policy << " RN" << static_cast<std::int32_t>(seq - RN));
            CHECK(Bench(policy).gets(".", seq, SN) == ". SN ack RN");
            CHECK(Bench(policy).gets("P.", seq, SN, 1) == ". SN ack RN");
        }
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
