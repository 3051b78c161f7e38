/// How long a connection waits after something that was sent more than once has been acknowledged.
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

namespace {

struct Sender : Bench {
    explicit Sender(std::string_view policy) : Bench(policy) {}

    /// Ten octets more; how long they are waited for.
    std::uint32_t writes() {
        send<ConcreteReading>(r, endpoint, tcb, 10);
        return wait();
    }
    std::uint32_t wait() const { return tcb.timer(TcpTimer::Retransmit); }
    Sender& times_out(int times = 1) {
        for (int i = 0; i < times; ++i) expires(TcpTimer::Retransmit);
        return *this;
    }
    Sender& acknowledged() {
        gets(".", RN, tcb.snd_nxt.value);
        return *this;
    }
};

}  // namespace

TEST_CASE("Linux keeps the doubled wait until something that was sent once is acknowledged",
          "[retransmission]") {
    Sender server("linux-6.18");
    CHECK(server.writes() == 200);
    CHECK(server.times_out().wait() == 400);
    CHECK(server.acknowledged().writes() == 400);
    CHECK(server.times_out().wait() == 800);
    CHECK(server.acknowledged().writes() == 800);
    CHECK(server.acknowledged().writes() == 200);
}

TEST_CASE("a FIN waits as long as the data before it did", "[retransmission]") {
    Sender server("linux-6.18");
    server.writes();
    server.times_out(2).acknowledged();
    server.closes();
    CHECK(server.wait() == 800);
}

TEST_CASE("a FIN behind data that was sent twice goes on waiting where the data stood", "[retransmission]") {
    Sender server("linux-6.18");
    server.writes();
    server.times_out();
    server.closes();
    server.gets(".", RN, server.tcb.snd_nxt.value - 1);
    REQUIRE(server.tcb.state == TcpState::FinWait1);
    CHECK(server.wait() == 400);
}

TEST_CASE("a timestamp tells the round trip of what was sent twice", "[retransmission][timestamps]") {
    Policy policy = endpoint_policy("linux-6.18");
    policy.set("timestamps", "true");
    Bench bench(std::move(policy));
    bench.tcb.timestamps = {true, true, true, {7000, 0}, {5000, 0}};
    send<ConcreteReading>(bench.r, bench.endpoint, bench.tcb, 10);
    bench.expires(TcpTimer::Retransmit);
    bench.timestamps = {true, {5001, 0}, {7000, 0}};
    bench.gets(".", RN, SN + 10);
    send<ConcreteReading>(bench.r, bench.endpoint, bench.tcb, 10);
    CHECK(bench.tcb.timer(TcpTimer::Retransmit) == 200);
}

TEST_CASE("a wait that begins doubled ends when the others do", "[retransmission]") {
    Sender server("linux-6.18");
    const auto patience = [&] {
        std::uint32_t clock = 0;
        server.writes();
        while (server.tcb.state == TcpState::Established) server.waits(clock);
        return clock;
    };
    SECTION("from the least wait on") { CHECK(patience() == 924'600); }
    SECTION("from the second one on") {
        server.writes();
        server.times_out().acknowledged();
        CHECK(patience() == 924'600 - 200);
    }
}

TEST_CASE("policies that do not keep the doubled wait begin anew", "[retransmission]") {
    for (const auto* name : {"rfc793", "gvisor", "lwip"}) {
        Sender server(name);
        const std::uint32_t least = server.writes();
        server.times_out().acknowledged();
        CHECK(server.writes() == least);
    }
}
