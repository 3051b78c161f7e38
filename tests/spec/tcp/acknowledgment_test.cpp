/// endpoints.md, table E: unacceptable acknowledgments and sequence numbers; data, FIN and the way down.
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

TEST_CASE("an ACK of what was never sent", "[ack]") {
    for (const char* policy : {"rfc793", "rfc9293", "freebsd-7", "freebsd-14", "linux-6.18", "solaris-11"})
        CHECK(Bench(policy).gets(".", RN, SN + 1000) == ". SN ack RN");
    CHECK(Bench("linux-2.6.24").gets(".", RN, SN + 1000) == "nothing");
    // Its data is accepted there all the same.
    CHECK(Bench("linux-2.6.24").gets("P.", RN, SN + 1000, 10) == ". SN ack RN+10");
    CHECK(Bench("linux-6.18").gets("P.", RN, SN + 1000, 10) == ". SN ack RN");
}

TEST_CASE("an ACK older than the largest window", "[ack]") {
    for (const char* policy : {"rfc9293", "linux-6.18"})
        CHECK(Bench(policy).gets(".", RN, SN - W - 1) == ". SN ack RN");
    for (const char* policy : {"rfc793", "freebsd-7", "freebsd-14", "linux-2.6.24", "solaris-11"})
        CHECK(Bench(policy).gets(".", RN, SN - W - 1) == "nothing");
    for (const char* policy : {"rfc793", "rfc9293", "freebsd-7", "linux-2.6.24", "linux-6.18"})
        CHECK(Bench(policy).gets(".", RN, SN - 5) == "nothing");
}

TEST_CASE("on a young connection of Linux 6.18 an ACK one octet too old is challenged already", "[ack]") {
    Bench server("linux-6.18");
    server.half_open();
    server.gets(".", RN, SN);
    CHECK(server.gets(".", RN, SN - 1) == ". SN ack RN");
}

TEST_CASE("a segment outside the window draws an ACK on every stack", "[ack]") {
    for (const char* policy :
         {"rfc793", "rfc9293", "freebsd-7", "freebsd-14", "linux-2.6.24", "linux-6.18", "solaris-11"})
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
    for (const char* policy :
         {"rfc793", "rfc9293", "freebsd-7", "freebsd-14", "linux-2.6.24", "linux-6.18", "solaris-11"}) {
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
    for (const char* policy :
         {"rfc793", "rfc9293", "freebsd-7", "freebsd-14", "linux-2.6.24", "linux-6.18", "solaris-11"}) {
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
