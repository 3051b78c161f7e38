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
    for (const char* policy :
         {"linux-3.0", "linux-3.10", "linux-4.19", "linux-6.1", "freebsd-10", "netbsd-6", "openbsd", "lwip"})
        CHECK(Bench(policy).half_open().gets("S", RN - 1) == "S. SN-1 ack RN");
    for (const char* policy : {"rfc793", "gvisor", "gvisor-2018"})
        CHECK(Bench(policy).half_open().gets("S", RN - 1) == ". SN ack RN");
    CHECK(Bench("smoltcp").half_open().gets("S", RN - 1) == "nothing");
}

TEST_CASE("SYN_RCVD: a SYN again on NetBSD and OpenBSD is not counted, on lwIP it is", "[syn]") {
    for (const char* policy : {"netbsd-6", "openbsd", "lwip"}) {
        Bench server(policy);
        server.half_open();
        pass_time(server.tcb, 1000);
        server.gets("S", RN - 1);
        CHECK(server.tcb.retransmits == (std::string_view(policy) == "lwip" ? 1 : 0));
        CHECK(server.tcb.timer(TcpTimer::Retransmit) == (std::string_view(policy) == "lwip" ? 6000 : 2000));
    }
}

TEST_CASE("SYN_RCVD: lwIP and smoltcp are silent on a different SYN", "[syn]") {
    for (const char* policy : {"lwip", "smoltcp"})
        for (const std::uint32_t seq : {left, RN, RN + 5, right})
            CHECK(Bench(policy).half_open().gets("S", seq) == "nothing");
}

TEST_CASE("SYN_RCVD: an unacceptable ACK draws a reset, but from the SYN cache of NetBSD the SYN-ACK again",
          "[syn]") {
    for (const char* policy : {"netbsd-6", "openbsd"}) {
        CHECK(Bench(policy).half_open().gets(".", RN, SN + 7) == "S. SN-1 ack RN");
        CHECK(Bench(policy).half_open().gets("S.", RN, SN) == "R SN");
    }
    for (const char* policy : {"linux-3.10", "linux-6.1", "gvisor", "smoltcp", "solaris-11"})
        CHECK(Bench(policy).half_open().gets(".", RN, SN + 7) == "R SN+7");
    for (const char* policy : {"gvisor-2018", "lwip"})
        CHECK(Bench(policy).half_open().gets(".", RN, SN + 7) == "R. SN+7 ack RN");
}

TEST_CASE("SYN_RCVD: FreeBSD answers a different SYN with the old SYN-ACK", "[syn]") {
    for (const char* policy : {"freebsd-7", "freebsd-9", "freebsd-10", "freebsd-14", "netbsd-6", "openbsd"})
        for (const std::uint32_t seq : {left, RN, right})
            CHECK(Bench(policy).half_open().gets("S", seq) == "S. SN-1 ack RN");
}

TEST_CASE("SYN_RCVD: the client's RST for that old SYN-ACK removes the syncache entry", "[syn]") {
    // The client is in SYN_SENT with another ISS: the SYN-ACK's ACK is unacceptable to it.
    for (const char* policy : {"freebsd-7", "freebsd-9", "freebsd-10", "freebsd-14", "netbsd-6", "openbsd"})
        CHECK(Bench(policy).half_open().gets("R", RN) == "nothing; CLOSED");
}

TEST_CASE(
    "SYN_RCVD: Linux and gVisor reset a new SYN in the window and drop the embryo, acknowledge one outside",
    "[syn]") {
    for (const char* policy : {"linux-6.18", "linux-6.1", "linux-4.19", "linux-3.10", "linux-3.0",
                               "linux-2.6.24", "gvisor", "gvisor-2018"}) {
        CHECK(Bench(policy).half_open().gets("S", RN) == "R. 0 ack RN+1; CLOSED");
        CHECK(Bench(policy).half_open().gets("S", left) == ". SN ack RN");
        CHECK(Bench(policy).half_open().gets("S", right) == ". SN ack RN");
    }
}

TEST_CASE("the closing states treat a SYN as ESTABLISHED does", "[syn]") {
    for (const TcpState state : closing_states) {
        INFO(to_string(state));
        for (const char* policy :
             {"rfc9293", "freebsd-14", "linux-6.18", "linux-6.1", "linux-4.19", "openbsd", "gvisor", "lwip"})
            for (const std::uint32_t seq : {left, RN, RN + 1, right})
                CHECK(Bench(policy).in(state).gets("S", seq) == ". SN ack RN");
        for (const char* policy : {"linux-3.10", "gvisor-2018", "smoltcp"})
            for (const std::uint32_t seq : {left, RN, RN + 1, right})
                CHECK(Bench(policy).in(state).gets("S", seq) == "nothing");
        CHECK(Bench("netbsd-6").in(state).gets("S", RN) == ". 4294967295 ack 0");
        CHECK(Bench("netbsd-6").in(state).gets("S", RN + 1) == ". SN ack RN");
        for (const char* policy : {"freebsd-7", "freebsd-9", "freebsd-10"})
            CHECK(Bench(policy).in(state).gets("S", RN) == "R. SN ack RN; CLOSED, connection reset");
        CHECK(Bench("freebsd-9").in(state).gets("S", left) == "R. SN ack RN; CLOSED, connection reset");
        for (const char* policy : {"linux-2.6.24", "linux-3.0"})
            CHECK(Bench(policy).in(state).gets("S", RN) == "R. 0 ack RN+1; CLOSED, connection reset");
        CHECK(Bench("solaris-11").in(state).gets("S", RN) == "R. SN ack RN+1; CLOSED, connection reset");
    }
}

TEST_CASE("Linux's FIN_WAIT_2 of an orphan resets a SYN in the window and is gone, in 3.10 too", "[syn]") {
    for (const char* policy : {"linux-6.18", "linux-6.1", "linux-4.19", "linux-3.10", "linux-2.6.24"})
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
    for (const char* policy :
         {"linux-6.18", "linux-6.1", "linux-4.19", "linux-3.10", "linux-3.0", "linux-2.6.24"}) {
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("S", RN + 5) == "S. SN+65537 ack RN+6; SYN_RCVD");
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("S", RN) == ". SN ack RN");
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("S", left) == ". SN ack RN");
    }
}

TEST_CASE("TIME_WAIT: FreeBSD and gVisor make a new connection of a newer SYN and drop an older one silently",
          "[syn]") {
    for (const char* policy :
         {"freebsd-7", "freebsd-9", "freebsd-10", "freebsd-14", "gvisor", "gvisor-2018"}) {
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("S", RN + 5) == "S. 77000000 ack RN+6; SYN_RCVD");
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("S", RN) == "nothing");
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("S", left) == "nothing");
    }
}

TEST_CASE("TIME_WAIT: Solaris makes a new connection only of a SYN beyond the window", "[syn]") {
    CHECK_THAT(Bench("solaris-11").in(TcpState::TimeWait).gets("S", right), Catch::EndsWith("; SYN_RCVD"));
    CHECK(Bench("solaris-11").in(TcpState::TimeWait).gets("S", RN + 5) == "R. 0 ack RN+6");
    CHECK(Bench("solaris-11").in(TcpState::TimeWait).gets("S", left) == ". SN ack RN");
}

TEST_CASE("TIME_WAIT: Solaris says nothing to an ACK and acknowledges the peer's FIN again", "[close]") {
    Bench server("solaris-11");
    server.in(TcpState::TimeWait);
    CHECK(server.gets(".", RN, SN) == "nothing");
    server.tcb.timer(TcpTimer::TimeWait) = 10;
    CHECK(server.gets("F.", RN - 1, SN) == ". SN ack RN");
    CHECK(server.tcb.timer(TcpTimer::TimeWait) == 60'000);
}

TEST_CASE("TIME_WAIT: OpenBSD makes a new connection of a newer SYN, NetBSD only of one beyond the window",
          "[syn]") {
    for (const std::uint32_t seq : {RN + 5, right}) {
        CHECK_THAT(Bench("openbsd").in(TcpState::TimeWait).gets("S", seq), Catch::EndsWith("; SYN_RCVD"));
        CHECK_THAT(Bench("netbsd-6").in(TcpState::TimeWait).gets("S", seq),
                   seq == right ? Catch::EndsWith("; SYN_RCVD") : Catch::EndsWith(". SN ack RN"));
    }
    CHECK(Bench("openbsd").in(TcpState::TimeWait).gets("S", RN) == ". SN ack RN");
    for (const char* policy : {"openbsd", "netbsd-6"})
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("S", left) == ". SN ack RN");
}

TEST_CASE("TIME_WAIT: lwIP and smoltcp never make a new connection", "[syn]") {
    CHECK(Bench("lwip").in(TcpState::TimeWait).gets("S", RN) == "R. 0 ack RN+1");
    CHECK(Bench("lwip").in(TcpState::TimeWait).gets("S", RN + 5) == "R. 0 ack RN+6");
    CHECK(Bench("lwip").in(TcpState::TimeWait).gets("S", left) == ". SN ack RN");
    CHECK(Bench("lwip").in(TcpState::TimeWait).gets("S", right) == ". SN ack RN");
    for (const std::uint32_t seq : {left, RN, RN + 5, right})
        CHECK(Bench("smoltcp").in(TcpState::TimeWait).gets("S", seq) == "nothing");
}

TEST_CASE("how long TIME_WAIT lasts", "[timer]") {
    const auto lasts = [](std::string_view policy) {
        Bench server(policy);
        server.closes();
        server.gets(".", RN, SN + 1);
        server.gets("F.", RN, SN + 1);
        CHECK(server.tcb.state == TcpState::TimeWait);
        return server.tcb.timer(TcpTimer::TimeWait);
    };
    for (const char* policy :
         {"linux-3.10", "linux-6.1", "freebsd-10", "netbsd-6", "openbsd", "gvisor", "solaris-11"})
        CHECK(lasts(policy) == 60'000);
    CHECK(lasts("lwip") == 120'000);
    CHECK(lasts("smoltcp") == 10'000);
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
    for (const char* policy : {"freebsd-7", "freebsd-10", "gvisor", "lwip"})
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("R", RN) == "nothing");
    for (const char* policy : {"solaris-11", "netbsd-6", "openbsd", "smoltcp", "linux-3.10"})
        CHECK(Bench(policy).in(TcpState::TimeWait).gets("R", RN) == "nothing; CLOSED");
}
