/// What a segment echoes (TSecr) before the connection is made: who asks whether it is of a SYN of ours.
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

namespace {

constexpr std::uint32_t clock_now = 900'000'000, age = 500;
/// TSval of the first SYN or SYN-ACK, which was sent so long ago.
constexpr std::uint32_t first_value = clock_now - age;

struct EchoBench : Bench {
    explicit EchoBench(std::string_view name, bool offers = true)
        : Bench(with_timestamps(name)), offered(offers) {}

    static Policy with_timestamps(std::string_view name) {
        Policy policy = endpoint_policy(name);
        policy.set("timestamps", "true");
        return policy;
    }
    /// connect() with ISS = SN-1, `age` ms ago.
    EchoBench& syn_sent() {
        connect<ConcreteReading>(r, endpoint, tcb, here, there, {SN - 1, 0}, Number{first_value, 0});
        return at_present();
    }
    /// A SYN-ACK with ISS = SN-1 to a SYN with ISN RN-1, `age` ms ago.
    EchoBench& syn_received() {
        tcb = listening<ConcreteReading>(r, endpoint, here, Number{first_value, 0});
        next_isn = SN - 1;
        if (offered) timestamps = {true, {recent, 0}, {}};
        gets("S", RN - 1);
        REQUIRE(tcb.state == TcpState::SynReceived);
        return at_present();
    }
    /// The SYN-ACK again, at a later time.
    EchoBench& sent_again(std::uint32_t time) {
        tcb.timestamps.clock = {time, 0};
        last = expire<ConcreteReading>(r, endpoint, tcb, TcpTimer::Retransmit).sent[0].timestamps;
        return at_present();
    }
    EchoBench& at_present() {
        tcb.timestamps.clock = {clock_now, 0};
        return *this;
    }
    std::string echoing(std::uint32_t tsecr, std::string_view flags, std::uint32_t seq, std::uint32_t ack) {
        timestamps = {true, {recent + 1, 0}, {tsecr, 0}};
        return gets(flags, seq, ack);
    }

    bool offered;
    TimestampOption<ConcreteReading> last{};
};

}  // namespace

TEST_CASE("Linux in SYN_SENT resets what echoes none of its SYNs, 0 excepted", "[timestamps]") {
    for (const auto* name :
         {"linux-6.18", "linux-6.1", "linux-4.19", "linux-3.10", "linux-3.0", "linux-2.6.24"}) {
        INFO(name);
        const auto answer = [&](std::uint32_t tsecr) {
            return EchoBench(name).syn_sent().echoing(tsecr, "S.", RN - 1, SN);
        };
        for (const std::uint32_t right : {0U, first_value, first_value + 1, clock_now - 1, clock_now})
            CHECK(answer(right) == ". SN ack RN; ESTABLISHED, established");
        for (const std::uint32_t wrong : {first_value - 1, clock_now + 1, first_value - 1'000'000,
                                          clock_now + 1'000'000, clock_now + 0x8000'0000U})
            CHECK(answer(wrong) == "R SN");
    }
}

TEST_CASE("A reset that echoes none of its SYNs does not refuse a connection of Linux", "[timestamps][rst]") {
    CHECK(EchoBench("linux-6.18").syn_sent().echoing(first_value - 1, "R.", RN - 1, SN) == "nothing");
    CHECK(EchoBench("linux-6.18").syn_sent().echoing(first_value, "R.", RN - 1, SN) ==
          "nothing; CLOSED, connection refused");
    CHECK(EchoBench("linux-6.18").syn_sent().echoing(0, "R.", RN - 1, SN) ==
          "nothing; CLOSED, connection refused");
}

TEST_CASE(
    "With timestamps RFC 5961's hole draws a reset from Linux: the old connection's ACK echoes an older SYN",
    "[timestamps]") {
    CHECK(EchoBench("linux-6.18").syn_sent().echoing(first_value - 60'000, ".", RN, SN) == "R SN");
    CHECK(EchoBench("linux-6.18").syn_sent().echoing(first_value, ".", RN, SN) == "nothing");
    for (const auto* name : {"freebsd-9", "freebsd-14", "openbsd", "solaris-11", "gvisor", "rfc9293"}) {
        INFO(name);
        CHECK(EchoBench(name).syn_sent().echoing(first_value - 60'000, ".", RN, SN) == "nothing");
    }
}

TEST_CASE("A SYN that crosses is not asked what it echoes, nor is what follows it", "[timestamps]") {
    EchoBench bench("linux-6.18");
    CHECK(bench.syn_sent().echoing(first_value - 1, "S", RN - 1, 0) == "S. SN-1 ack RN; SYN_RCVD");
    CHECK(bench.echoing(first_value - 1, ".", RN, SN) == "nothing; ESTABLISHED, established");
}

TEST_CASE("Linux since 6.15 takes the handshake's ACK only with the echo of a SYN-ACK, 0 excepted",
          "[timestamps]") {
    const auto made = [](EchoBench bench, std::uint32_t tsecr) {
        return bench.syn_received().sent_again(first_value + 200).echoing(tsecr, ".", RN, SN);
    };
    for (const std::uint32_t right : {0U, first_value, first_value + 1, first_value + 200})
        CHECK(made(EchoBench("linux-6.18"), right) == "nothing; ESTABLISHED, established");
    for (const std::uint32_t wrong :
         {first_value - 1, first_value + 201, clock_now, clock_now + 0x8000'0000U}) {
        CHECK(made(EchoBench("linux-6.18"), wrong) == ". SN ack RN");
        for (const auto* older : {"linux-6.1", "linux-4.19", "linux-3.10", "linux-3.0", "linux-2.6.24"})
            CHECK(made(EchoBench(older), wrong) == "nothing; ESTABLISHED, established");
        // Without agreement nothing is looked at.
        CHECK(made(EchoBench("linux-6.18", false), wrong) == "nothing; ESTABLISHED, established");
    }
}

TEST_CASE(
    "Linux since 6.15 looks at TSecr after a wrong acknowledgement and the same SYN, and before the window",
    "[timestamps]") {
    const auto answer = [](std::string_view flags, std::uint32_t seq, std::uint32_t ack) {
        return EchoBench("linux-6.18").syn_received().echoing(first_value - 1, flags, seq, ack);
    };
    CHECK(answer("S", RN - 1, 0) == "S. SN-1 ack RN");
    CHECK(answer(".", RN, SN + 1) == "R SN+1");
    CHECK(answer("R", RN, 0) == "nothing");
    CHECK(answer("S", RN + 7, 0) == ". SN ack RN");
    CHECK(answer("F.", RN, SN) == ". SN ack RN");
    CHECK(answer("F", RN, 0) == ". SN ack RN");
}

TEST_CASE("FreeBSD's syncache up to 10 asks for the very TSval of its SYN-ACK, which it sends anew each time",
          "[timestamps]") {
    for (const auto* name : {"freebsd-7", "freebsd-9", "freebsd-10"}) {
        INFO(name);
        const auto answer = [&](std::uint32_t tsecr) {
            return EchoBench(name).syn_received().echoing(tsecr, ".", RN, SN);
        };
        CHECK(answer(first_value) == "nothing; ESTABLISHED, established");
        for (const std::uint32_t wrong : {0U, first_value - 1, first_value + 1})
            CHECK(answer(wrong) == "R SN; CLOSED");
        CHECK(EchoBench(name).syn_received().sent_again(first_value + 200).last.value.value == first_value);
    }
    for (const auto* name : {"freebsd-14", "netbsd-6", "openbsd"}) {
        INFO(name);
        CHECK(EchoBench(name).syn_received().echoing(first_value - 1, ".", RN, SN) ==
              "nothing; ESTABLISHED, established");
        CHECK(EchoBench(name).syn_received().sent_again(first_value + 200).last.value.value ==
              first_value + 200);
    }
}

TEST_CASE(
    "FreeBSD 14's syncache drops what is older than the SYN, and what lacks a timestamp if it is told to",
    "[timestamps]") {
    EchoBench bench("freebsd-14");
    bench.syn_received().timestamps = {true, {recent - 1, 0}, {first_value, 0}};
    CHECK(bench.gets(".", RN, SN) == "nothing");
    bench.timestamps = {};
    CHECK(bench.gets(".", RN, SN) == "nothing; ESTABLISHED, established");
}

TEST_CASE("What a SYN carried is remembered while it waits for an answer, by policies that ask for it",
          "[timestamps]") {
    EchoBench linux_client("linux-6.1");
    CHECK(linux_client.syn_sent().tcb.syn_timestamps.kept);
    linux_client.echoing(first_value, "S.", RN - 1, SN);
    CHECK_FALSE(linux_client.tcb.syn_timestamps.kept);
    CHECK(EchoBench("linux-6.18").syn_received().tcb.syn_timestamps.kept);
    CHECK_FALSE(EchoBench("linux-6.18", false).syn_received().tcb.syn_timestamps.kept);
    CHECK_FALSE(EchoBench("gvisor").syn_sent().tcb.syn_timestamps.kept);
    CHECK_FALSE(Bench("linux-6.18").connecting().tcb.syn_timestamps.kept);
}
