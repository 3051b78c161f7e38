/// endpoints.md, table D: RST.
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

namespace {

const std::string closed = "nothing; CLOSED, connection reset";
const std::string challenged = ". SN ack RN";
}  // namespace

TEST_CASE("the application hears why its connection is gone", "[rst]") {
    for (const std::string& policy : shipped_stacks) {
        INFO(policy);
        CHECK(Bench(policy).gets("R", RN) == closed);
        CHECK(Bench(policy).connecting().gets("R.", RN, SN) == "nothing; CLOSED, connection refused");
    }
    for (const char* policy : {"rfc793", "linux-2.6.24", "linux-3.0", "freebsd-7", "freebsd-9", "freebsd-10",
                               "solaris-11", "bigip-fastl4"})
        CHECK_THAT(Bench(policy).gets("S", RN), Catch::EndsWith("; CLOSED, connection reset"));
}

TEST_CASE("a RST with text that reaches over RCV.NXT is trimmed: OpenBSD takes it, NetBSD acknowledges it",
          "[rst]") {
    CHECK(Bench("openbsd").gets("R", RN - 5, 0, 10) == closed);
    CHECK(Bench("netbsd-6").gets("R", RN - 5, 0, 10) == challenged);
    CHECK(Bench("netbsd-6").gets("R", RN - 5, 0, 5) == "nothing");
}

TEST_CASE("insecure_rst brings the whole window back", "[rst]") {
    for (const char* name : {"freebsd-7", "freebsd-14", "rfc9293"}) {
        Policy policy = endpoint_policy(name);
        policy.set("insecure_rst", "true");
        CHECK(Bench(policy).gets("R", RN + 100) == closed);
    }
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
