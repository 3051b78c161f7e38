/// endpoints.md, table B: a SYN in the other states.
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

namespace {

const std::initializer_list<TcpState> closing_states{
    TcpState::FinWait1, TcpState::FinWait2, TcpState::CloseWait, TcpState::Closing, TcpState::LastAck};
constexpr std::uint32_t left = RN - 5'000'000;
constexpr std::uint32_t right = RN + 50'000'000;

}  // namespace

TEST_CASE("a port without listener resets a SYN, acknowledging it", "[syn]") {
    for (const char* policy :
         {"rfc793", "rfc9293", "linux-6.18", "linux-2.6.24", "freebsd-7", "solaris-11"}) {
        CHECK(Bench(policy).in(TcpState::Closed).gets("S", RN) == "R. 0 ack RN+1");
        CHECK(Bench(policy).in(TcpState::Closed).gets(".", RN, SN) == "R SN");
        CHECK(Bench(policy).in(TcpState::Closed).gets("R", RN) == "nothing");
    }
}

TEST_CASE("SYN_RCVD: the same SYN again gets the SYN-ACK again", "[syn]") {
    for (const char* policy :
         {"linux-6.18", "linux-2.6.24", "freebsd-7", "freebsd-9", "freebsd-14", "solaris-11"})
        CHECK(Bench(policy).half_open().gets("S", RN - 1) == "S. SN-1 ack RN");
    CHECK(Bench("rfc793").half_open().gets("S", RN - 1) == ". SN ack RN");
}

TEST_CASE("SYN_RCVD: FreeBSD answers a different SYN with the old SYN-ACK", "[syn]") {
    for (const char* policy : {"freebsd-7", "freebsd-9", "freebsd-14"})
        for (const std::uint32_t seq : {left, RN, right})
            CHECK(Bench(policy).half_open().gets("S", seq) == "S. SN-1 ack RN");
}

TEST_CASE("SYN_RCVD: the client's RST for that old SYN-ACK removes the syncache entry", "[syn]") {
    // The client is in SYN_SENT with another ISS: the SYN-ACK's ACK is unacceptable to it.
    for (const char* policy : {"freebsd-7", "freebsd-9", "freebsd-14"})
        CHECK(Bench(policy).half_open().gets("R", RN) == "nothing; CLOSED");
}

TEST_CASE("SYN_RCVD: Linux resets a new SYN in the window and drops the embryo, acknowledges one outside",
          "[syn]") {
    for (const char* policy : {"linux-6.18", "linux-2.6.24"}) {
        CHECK(Bench(policy).half_open().gets("S", RN) == "R. 0 ack RN+1; CLOSED");
        CHECK(Bench(policy).half_open().gets("S", left) == ". SN ack RN");
        CHECK(Bench(policy).half_open().gets("S", right) == ". SN ack RN");
    }
}

TEST_CASE("the closing states treat a SYN as ESTABLISHED does", "[syn]") {
    for (const TcpState state : closing_states) {
        INFO(to_string(state));
        for (const char* policy : {"rfc9293", "freebsd-14", "linux-6.18"})
            for (const std::uint32_t seq : {left, RN, RN + 1, right})
                CHECK(Bench(policy).in(state).gets("S", seq) == ". SN ack RN");
        for (const char* policy : {"freebsd-7", "freebsd-9"})
            CHECK(Bench(policy).in(state).gets("S", RN) == "R. SN ack RN; CLOSED, connection reset");
        CHECK(Bench("freebsd-9").in(state).gets("S", left) == "R. SN ack RN; CLOSED, connection reset");
        CHECK(Bench("linux-2.6.24").in(state).gets("S", RN) == "R. 0 ack RN+1; CLOSED, connection reset");
        CHECK(Bench("solaris-11").in(state).gets("S", RN) == "R. SN ack RN+1; CLOSED, connection reset");
    }
}

TEST_CASE("Linux's FIN_WAIT_2 of an orphan resets a SYN in the window and is gone", "[syn]") {
    for (const char* policy : {"linux-6.18", "linux-2.6.24"})
        for (const std::uint32_t seq : {left, RN, RN + 5, right}) {
            Bench server(policy);
            server.in(TcpState::FinWait2).tcb.orphan = true;
            const bool in_window = seq == RN || seq == RN + 5;
            CHECK(server.gets("S", seq) == (in_window ? fmt::format("R. 0 ack RN+{}; CLOSED", seq + 1 - RN)
                                                      : std::string(". SN ack RN")));
        }
}

TEST_CASE("TIME_WAIT: Linux makes a new connection of a newer SYN at once, with ISN = SND.NXT+65537",
          "[syn]") {
    for (const char* policy : {"linux-6.18", "linux-2.6.24"}) {
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("S", RN + 5) == "S. SN+65537 ack RN+6; SYN_RCVD");
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("S", RN) == ". SN ack RN");
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("S", left) == ". SN ack RN");
    }
}

TEST_CASE("TIME_WAIT: FreeBSD makes a new connection of a newer SYN and drops an older one silently",
          "[syn]") {
    for (const char* policy : {"freebsd-7", "freebsd-9", "freebsd-14"}) {
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("S", RN + 5) == "S. 77000000 ack RN+6; SYN_RCVD");
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("S", RN) == "nothing");
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("S", left) == "nothing");
    }
}

TEST_CASE("TIME_WAIT: Solaris makes a new connection only of a SYN beyond the window", "[syn]") {
    CHECK_THAT(Bench("solaris-11").in(TcpState::TimeWait).gets("S", right), Catch::EndsWith("; SYN_RCVD"));
    CHECK(Bench("solaris-11").in(TcpState::TimeWait).gets("S", RN + 5) == "R. SN ack RN+6");
    CHECK(Bench("solaris-11").in(TcpState::TimeWait).gets("S", left) == ". SN ack RN");
}

TEST_CASE("TIME_WAIT: RFC 9293 without timestamps challenges every SYN", "[syn]") {
    for (const std::uint32_t seq : {left, RN, right})
        CHECK(Bench("rfc9293").in(TcpState::TimeWait).gets("S", seq) == ". SN ack RN");
}

TEST_CASE("TIME_WAIT: an exact RST ends it on Linux unless tcp_rfc1337 is set, never on FreeBSD", "[rst]") {
    CHECK(Bench("linux-6.18").in(TcpState::TimeWait).gets("R", RN) == "nothing; CLOSED");
    CHECK(Bench("linux-6.18").in(TcpState::TimeWait).gets("R", RN + 1) == "nothing");
    Policy careful = endpoint_policy("linux-6.18");
    careful.set("tcp_rfc1337", "true");
    CHECK(Bench(careful).in(TcpState::TimeWait).gets("R", RN) == "nothing");
    CHECK(Bench("freebsd-7").in(TcpState::TimeWait).gets("R", RN) == "nothing");
    CHECK(Bench("solaris-11").in(TcpState::TimeWait).gets("R", RN) == "nothing; CLOSED");
}
