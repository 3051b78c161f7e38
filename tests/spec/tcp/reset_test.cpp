/// endpoints.md, table D: RST.
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

namespace {

std::string rst_at(std::string_view policy, std::uint32_t seq, TcpState state = TcpState::Established) {
    return Bench(policy).in(state).gets("R", seq);
}

const std::string closed = "nothing; CLOSED, connection reset";
const std::string challenged = ". SN ack RN";
const std::vector<std::string> shipped =
    PolicyLibrary(HALFOPEN_SOURCE_DIR "/spec/policies").names(PolicyKind::Endpoint);

}  // namespace

TEST_CASE("an exact RST closes the connection on every stack", "[rst]") {
    for (const std::string& policy : shipped) {
        INFO(policy);
        CHECK(rst_at(policy, RN) == closed);
    }
}

TEST_CASE("a RST outside the window is dropped silently on every stack", "[rst]") {
    for (const std::string& policy : shipped)
        for (const std::uint32_t seq : {RN - 2, RN + W + 2, RN + 0x40000000U, RN - 0x40000000U}) {
            INFO(policy);
            CHECK(rst_at(policy, seq) == "nothing");
        }
}

TEST_CASE("a RST in the window but not exact", "[rst]") {
    for (const char* policy : {"rfc793", "linux-2.6.24", "linux-3.0", "solaris-11", "gvisor-2018", "smoltcp"})
        CHECK(rst_at(policy, RN + 100) == closed);
    for (const char* policy : {"rfc9293", "linux-3.10", "linux-4.19", "linux-6.1", "linux-6.18", "freebsd-14",
                               "netbsd-6", "gvisor", "lwip"})
        CHECK(rst_at(policy, RN + 100) == challenged);
    for (const char* policy : {"freebsd-7", "freebsd-9", "freebsd-10", "openbsd"})
        CHECK(rst_at(policy, RN + 100) == "nothing");
}

TEST_CASE("FreeBSD 7 accepts a RST one octet off, and after a FIN anywhere in the window", "[rst]") {
    CHECK(rst_at("freebsd-7", RN - 1) == closed);
    CHECK(rst_at("freebsd-7", RN + 1) == closed);
    for (const TcpState state :
         {TcpState::FinWait1, TcpState::FinWait2, TcpState::CloseWait, TcpState::LastAck}) {
        CHECK(rst_at("freebsd-7", RN + 100, state) == closed);
        CHECK(rst_at("freebsd-14", RN + 100, state) == challenged);
    }
}

TEST_CASE("OpenBSD takes a RST at the last ACK sent, at RCV.NXT and one octet to the right", "[rst]") {
    CHECK(rst_at("openbsd", RN + 1) == closed);
    CHECK(rst_at("openbsd", RN + 2) == "nothing");
    CHECK(rst_at("openbsd", RN - 1) == "nothing");
    Bench server("openbsd");
    server.tcb.last_ack_sent = {RN - 10, 0};
    CHECK(server.gets("R", RN - 10) == closed);
}

TEST_CASE("a RST with text that reaches over RCV.NXT is trimmed: OpenBSD takes it, NetBSD acknowledges it",
          "[rst]") {
    CHECK(Bench("openbsd").gets("R", RN - 5, 0, 10) == closed);
    CHECK(Bench("netbsd-6").gets("R", RN - 5, 0, 10) == challenged);
    CHECK(Bench("netbsd-6").gets("R", RN - 5, 0, 5) == "nothing");
}

TEST_CASE("FreeBSD 14 compares with the last ACK that it has sent", "[rst]") {
    Bench server("freebsd-14");
    server.tcb.last_ack_sent = {RN - 10, 0};
    CHECK(server.gets("R", RN) == ". SN ack RN");
    server.tcb.last_ack_sent = {RN - 10, 0};
    CHECK(server.gets("R", RN - 10) == closed);
}

TEST_CASE("insecure_rst brings the whole window back", "[rst]") {
    for (const char* name : {"freebsd-7", "freebsd-14", "rfc9293"}) {
        Policy policy = endpoint_policy(name);
        policy.set("insecure_rst", "true");
        CHECK(Bench(policy).gets("R", RN + 100) == closed);
    }
}

TEST_CASE("Linux 6.18 takes a RST one octet too far left once the peer has sent its FIN", "[rst]") {
    for (const TcpState state : {TcpState::CloseWait, TcpState::Closing, TcpState::LastAck}) {
        for (const char* policy : {"linux-6.18", "linux-6.1", "linux-4.19"})
            CHECK(rst_at(policy, RN - 1, state) == closed);
        CHECK(rst_at("linux-3.10", RN - 1, state) == "nothing");
    }
    CHECK(rst_at("linux-6.18", RN - 1) == "nothing");
    CHECK(rst_at("linux-6.18", RN - 1, TcpState::FinWait1) == "nothing");
}

TEST_CASE("a RST in SYN_RCVD", "[rst]") {
    CHECK(Bench("linux-6.18").half_open().gets("R", RN) == "nothing; CLOSED");
    CHECK(Bench("linux-6.18").half_open().gets("R", RN + 1) == ". SN ack RN");  // CVE-2026-68118
    for (const char* policy : {"linux-2.6.24", "linux-3.0", "linux-3.10", "linux-4.19", "linux-6.1", "gvisor",
                               "gvisor-2018", "smoltcp", "solaris-11"})
        CHECK(Bench(policy).half_open().gets("R", RN + 1) == "nothing; CLOSED");
    CHECK(Bench("lwip").half_open().gets("R", RN) == "nothing; CLOSED");
    CHECK(Bench("lwip").half_open().gets("R", RN + 1) == ". SN ack RN");
    for (const char* policy : {"netbsd-6", "openbsd"}) {
        for (const std::uint32_t seq : {RN - 1, RN})
            CHECK(Bench(policy).half_open().gets("R", seq) == "nothing; CLOSED");
        CHECK(Bench(policy).half_open().gets("R", RN + 1) == "nothing");
        CHECK(Bench(policy).half_open().gets("R", RN - 2) == "nothing");
    }
    CHECK(Bench("freebsd-7").half_open().gets("R", RN - 1) == "nothing; CLOSED");
    CHECK(Bench("freebsd-7").half_open().gets("R", RN + 1) == "nothing; CLOSED");
    CHECK(Bench("freebsd-14").half_open().gets("R", RN) == "nothing; CLOSED");
    CHECK(Bench("freebsd-14").half_open().gets("R", RN + 1) == ". SN ack RN");
    for (const char* policy : {"freebsd-7", "freebsd-14"})
        CHECK(Bench(policy).half_open().gets("R.", RN, SN) == "nothing");
}

TEST_CASE("abort() sends a reset with SEQ = SND.NXT where the peer may know the connection", "[rst]") {
    Bench client("linux-2.6.24");
    const auto step = abort<ConcreteReading>(client.r, client.endpoint, client.tcb);
    REQUIRE(step.sent.size() == 1);
    CHECK(step.sent[0].flags == (flag::rst | flag::ack));
    CHECK(step.sent[0].seq.value == SN);
    CHECK(client.tcb.state == TcpState::Closed);

    client.connecting();
    CHECK(abort<ConcreteReading>(client.r, client.endpoint, client.tcb).sent.empty());
    CHECK(client.tcb.state == TcpState::Closed);
}

TEST_CASE(
    "blind reset: one number kills a connection since RFC 5961, three on FreeBSD 7, a whole window before",
    "[rst]") {
    const auto deadly = [](std::string_view policy) {
        Bench server(policy);
        const ConcreteTcb fresh = server.tcb;
        std::size_t count = 0;
        for (std::uint32_t seq = RN - 10; seq != RN + W + 10; ++seq) {
            server.tcb = fresh;
            const ConcreteSegment s{there, here, flag::rst, {seq, 0}, {0, 0}, W, 0};
            receive<ConcreteReading>(server.r, server.endpoint, server.tcb, s);
            count += server.tcb.state == TcpState::Closed ? 1 : 0;
        }
        return count;
    };
    CHECK(deadly("linux-6.18") == 1);
    CHECK(deadly("freebsd-14") == 1);
    CHECK(deadly("freebsd-7") == 3);
    CHECK(deadly("rfc793") == W);
    for (const char* policy : {"linux-3.10", "linux-6.1", "netbsd-6", "gvisor", "lwip"})
        CHECK(deadly(policy) == 1);
    CHECK(deadly("openbsd") == 2);
    CHECK(deadly("freebsd-10") == 3);
    CHECK(deadly("smoltcp") == W);
    for (const char* policy : {"solaris-11", "gvisor-2018", "linux-3.0"}) CHECK(deadly(policy) == W + 1);
}
