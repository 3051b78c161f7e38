/// endpoints.md, table H: timestamps (RFC 7323), PAWS, and TIME_WAIT reuse by timestamp.
#include "tests/spec/tcp/timestamp_bench.hpp"

using namespace halfopen;

TEST_CASE("timestamps are offered in the SYN and used where the SYN-ACK has them too", "[timestamps]") {
    ConcreteReading r;
    const Endpoint endpoint(with_timestamps("linux-6.18"));
    for (const bool agreed : {true, false}) {
        ConcreteTcb tcb;
        const auto syn = connect<ConcreteReading>(r, endpoint, tcb, here, there, {SN - 1, 0}, our_clock);
        REQUIRE(syn.sent.size() == 1);
        CHECK(to_string(syn.sent[0]).ends_with(" [TS val 900000000 ecr 0]"));
        ConcreteSegment answer{there, here, flag::syn | flag::ack, {RN - 1, 0}, {SN, 0}, W, 0};
        if (agreed) answer.timestamps = {true, {recent, 0}, our_clock};
        const auto ack = receive<ConcreteReading>(r, endpoint, tcb, answer);
        REQUIRE(ack.sent.size() == 1);
        CHECK(ack.sent[0].timestamps.present == agreed);
        if (agreed) CHECK(to_string(ack.sent[0]).ends_with(" [TS val 900000000 ecr 5000000]"));
        CHECK(tcb.state == TcpState::Established);
    }
}

TEST_CASE("a listener agrees to timestamps where they are offered and its policy has them on",
          "[timestamps]") {
    ConcreteReading r;
    for (const bool on : {true, false})
        for (const bool offered : {true, false}) {
            Policy policy = endpoint_policy("freebsd-14");
            policy.set("timestamps", on ? "true" : "false");
            const Endpoint endpoint(std::move(policy));
            ConcreteTcb tcb = listening<ConcreteReading>(r, endpoint, here, our_clock);
            ConcreteSegment syn{there, here, flag::syn, {RN - 1, 0}, {}, W, 0};
            if (offered) syn.timestamps = {true, {recent, 0}, {}};
            const auto step = receive<ConcreteReading>(r, endpoint, tcb, syn, Number{SN - 1, 0});
            REQUIRE(step.sent.size() == 1);
            CHECK(step.sent[0].timestamps.present == (on && offered));
            if (on && offered) CHECK(step.sent[0].timestamps.echo.value == recent);
        }
}

TEST_CASE("a connection uses timestamps from the beginning only if both ends have a clock", "[timestamps]") {
    ConcreteReading r;
    const Endpoint endpoint(with_timestamps("freebsd-7"));
    const auto made = [&](TimestampClock<ConcreteReading> ours, TimestampClock<ConcreteReading> peers) {
        return established<ConcreteReading>(r, endpoint, here, there, {SN, 0}, {RN, 0}, false, ours, peers)
            .timestamps;
    };
    CHECK(made(our_clock, Number{recent, 0}).on);
    CHECK(made(our_clock, Number{recent, 0}).recent.value == recent);
    CHECK_FALSE(made(our_clock, std::nullopt).on);
    CHECK_FALSE(made(std::nullopt, Number{recent, 0}).on);
}

TEST_CASE("a reset for no connection carries no timestamp", "[timestamps]") {
    ConcreteReading r;
    const Endpoint endpoint(with_timestamps("linux-6.18"));
    ConcreteTcb tcb;
    ConcreteSegment ack{there, here, flag::ack, {RN, 0}, {SN, 0}, W, 0};
    ack.timestamps = {true, {recent, 0}, {}};
    const auto step = receive<ConcreteReading>(r, endpoint, tcb, ack);
    REQUIRE(step.sent.size() == 1);
    CHECK_FALSE(step.sent[0].timestamps.present);
}

TEST_CASE("data with an older timestamp is not taken but acknowledged", "[timestamps]") {
    for (const char* name :
         {"linux-6.18", "linux-2.6.24", "freebsd-7", "freebsd-14", "solaris-11", "rfc9293"}) {
        TimestampBench bench(name);
        INFO(name);
        CHECK(bench.stamped(older).gets("P.", RN, SN, 10) == ". SN ack RN");
        CHECK(bench.tcb.rcv_nxt.value == RN);
        CHECK(bench.stamped(newer).gets("P.", RN, SN, 10) == ". SN ack RN+10");
    }
}

TEST_CASE("Linux takes one tick less for no older", "[timestamps]") {
    TimestampBench bench("linux-6.18");
    CHECK(bench.stamped(recent - 1).gets("P.", RN, SN, 10) == ". SN ack RN+10");
    CHECK(bench.ts_recent() == recent);
    CHECK(bench.stamped(recent - 2).gets("P.", RN + 10, SN, 10) == ". SN ack RN+10");
    // (s32)(TS.Recent - TSval) > 1 on either side of the half circle.
    CHECK(TimestampBench("linux-6.18").stamped(recent - 0x7FFF'FFFF).gets("P.", RN, SN, 10) == ". SN ack RN");
    CHECK(TimestampBench("linux-6.18").stamped(recent + 0x8000'0000).gets("P.", RN, SN, 10) ==
          ". SN ack RN+10");
    CHECK(TimestampBench("rfc9293").stamped(recent - 1).gets("P.", RN, SN, 10) == ". SN ack RN");
}

TEST_CASE("TS.Recent follows segments that begin where the last ACK ends, or left of it", "[timestamps]") {
    TimestampBench bench("linux-6.18");
    bench.stamped(newer).gets("P.", RN + 10, SN, 10);
    CHECK(bench.ts_recent() == recent);  // something before it is missing
    bench.stamped(newer).gets(".", RN, SN);
    CHECK(bench.ts_recent() == newer);
    // A SYN that is only challenged proves nothing.
    CHECK(bench.stamped(newer + 50'000).gets("S", RN) == ". SN ack RN");
    CHECK(bench.ts_recent() == newer);
}

TEST_CASE("Linux since 3.10 does not take TS.Recent from a segment whose acknowledgement is old",
          "[timestamps]") {
    const auto takes = [](std::string_view policy, std::uint32_t ack) {
        TimestampBench bench(policy);
        bench.stamped(newer).gets(".", RN, ack, 10);
        CHECK(bench.tcb.rcv_nxt.value == RN + 10);
        return bench.ts_recent() == newer;
    };
    for (const std::string_view policy : {"linux-6.18", "linux-2.6.24", "rfc9293", "freebsd-14"}) {
        INFO(policy);
        CHECK(takes(policy, SN));
        CHECK(takes(policy, SN - 1) == (policy != "linux-6.18"));
    }
}

TEST_CASE("a segment without the timestamp that was agreed upon", "[timestamps]") {
    // RFC 7323 §3.2 says drop; FreeBSD and Linux do not unless told to.
    CHECK(TimestampBench("rfc9293").gets("P.", RN, SN, 10) == "nothing");
    CHECK(TimestampBench("rfc9293").gets("S", RN) == "nothing");
    CHECK(TimestampBench("rfc9293").gets("R", RN) == "nothing; CLOSED, connection reset");
    for (const char* name : {"linux-6.18", "freebsd-14", "freebsd-7"}) {
        INFO(name);
        CHECK(TimestampBench(name).gets("P.", RN, SN, 10) == ". SN ack RN+10");
    }
    CHECK(TimestampBench("freebsd-14").gets("S", RN) == ". SN ack RN");
    const Policy strict = with_timestamps("freebsd-14", {{"tolerate_missing_ts", "false"}});
    CHECK(TimestampBench(strict).gets("S", RN) == "nothing");
    CHECK(TimestampBench(strict).gets("P.", RN, SN, 10) == "nothing");
}

TEST_CASE("Linux: the timestamp decides whether a SYN reuses TIME_WAIT", "[timestamps][time-wait]") {
    for (const char* name : {"linux-6.18", "linux-2.6.24"}) {
        INFO(name);
        CHECK(TimestampBench(name).waiting().stamped(newer).gets("S", RN - 5) ==
              "S. SN+65537 ack RN-4; SYN_RCVD");
        CHECK(TimestampBench(name).waiting().stamped(newer).gets("S", RN) ==
              "S. SN+65537 ack RN+1; SYN_RCVD");
        CHECK(TimestampBench(name).waiting().stamped(recent).gets("S", RN + 1) ==
              "S. SN+65537 ack RN+2; SYN_RCVD");
        TimestampBench refused(name);
        CHECK(refused.waiting().stamped(older).gets("S", RN + 5'000'000) == ". SN ack RN");
        CHECK(refused.tcb.timer(TcpTimer::TimeWait) == 60'000);
        TimestampBench same(name);
        CHECK(same.waiting().stamped(recent).gets("S", RN - 5) == ". SN ack RN");
        CHECK(same.tcb.timer(TcpTimer::TimeWait) == 30'000);
    }
}

TEST_CASE("FreeBSD and illumos do not reuse TIME_WAIT by timestamp, RFC 6191 does",
          "[timestamps][time-wait]") {
    constexpr std::uint32_t left = RN - 5, right = RN + 70'000;
    CHECK(TimestampBench("freebsd-7").waiting().stamped(newer).gets("S", left) == "nothing");
    CHECK(TimestampBench("freebsd-7").waiting().stamped(older).gets("S", right) ==
          "S. 77000000 ack RN+70001; SYN_RCVD");
    CHECK(TimestampBench("solaris-11").waiting().stamped(older).gets("S", right) == ". SN ack RN");
    CHECK(TimestampBench("rfc9293").waiting().stamped(newer).gets("S", left) ==
          "S. 77000000 ack RN-4; SYN_RCVD");
    CHECK(TimestampBench("rfc9293").waiting().stamped(older).gets("S", right) == "nothing");
}

TEST_CASE("a connection made out of TIME_WAIT goes on with timestamps", "[timestamps][time-wait]") {
    TimestampBench bench("linux-6.18");
    bench.waiting().stamped(newer).gets("S", RN - 5'000'000);
    CHECK(bench.tcb.timestamps.on);
    CHECK(bench.tcb.timestamps.clock == our_clock);
    CHECK(bench.ts_recent() == newer);
}

TEST_CASE("tcp_tw_recycle: a listener drops a SYN older than what the host remembers of its address",
          "[timestamps][recycle]") {
    ConcreteReading r;
    const auto answers = [&](const Policy& policy, std::optional<Number> newest, std::uint32_t tsval) {
        const Endpoint endpoint(policy);
        ConcreteTcb tcb = listening<ConcreteReading>(r, endpoint, here, our_clock, newest);
        ConcreteSegment syn{there, here, flag::syn, {RN - 1, 0}, {}, W, 0};
        syn.timestamps = {true, {tsval, 0}, {}};
        return receive<ConcreteReading>(r, endpoint, tcb, syn, Number{SN - 1, 0}).sent.size();
    };
    const Policy recycling = with_timestamps("linux-2.6.24", {{"tcp_tw_recycle", "true"}});
    const Number newest{recent, 0};
    CHECK(answers(recycling, newest, older) == 0);
    CHECK(answers(recycling, newest, recent - 2) == 0);
    CHECK(answers(recycling, newest, recent - 1) == 1);  // TCP_PAWS_WINDOW
    CHECK(answers(recycling, newest, newer) == 1);
    CHECK(answers(recycling, std::nullopt, older) == 1);
    CHECK(answers(with_timestamps("linux-2.6.24"), newest, older) == 1);
}

TEST_CASE("tcp_tw_recycle: TIME_WAIT is short and the host is to remember the peer",
          "[timestamps][recycle]") {
    for (const bool stamps : {true, false}) {
        TimestampBench bench(with_timestamps("linux-2.6.24", {{"tcp_tw_recycle", "true"}}));
        if (!stamps) bench.tcb.timestamps.on = bench.tcb.timestamps.known = false;
        bench.closes();
        if (stamps) bench.stamped(newer);
        bench.gets(".", RN, SN + 1);
        REQUIRE(bench.tcb.state == TcpState::FinWait2);
        ConcreteSegment fin{there, here, flag::fin | flag::ack, {RN, 0}, {SN + 1, 0}, W, 0, bench.timestamps};
        const auto step = receive<ConcreteReading>(bench.r, bench.endpoint, bench.tcb, fin);
        CHECK(bench.tcb.state == TcpState::TimeWait);
        CHECK(step.remembers_peer == stamps);
        CHECK(bench.tcb.timer(TcpTimer::TimeWait) == (stamps ? 700U : 60'000U));
        if (stamps) CHECK(bench.ts_recent() == newer);
    }
}

TEST_CASE(
    "OpenBSD's TIME_WAIT takes a SYN for its newer timestamp or its newer number; NetBSD's for neither alone",
    "[timestamps][syn]") {
    const auto syn = [](std::string_view name, std::uint32_t tsval, std::uint32_t seq) {
        return TimestampBench(name).waiting().stamped(tsval).gets("S", seq);
    };
    for (const std::uint32_t seq : {RN - 1'000, RN, RN + 7}) {
        CHECK(syn("openbsd", newer, seq).starts_with("S. "));
        CHECK(syn("netbsd-6", newer, seq).starts_with(". "));
        CHECK(syn("netbsd-6", older, seq) == ". SN ack RN");
    }
    CHECK(syn("openbsd", older, RN + 7).starts_with("S. "));
    CHECK(syn("openbsd", older, RN - 1'000) == "nothing");
    CHECK(syn("openbsd", recent, RN - 1'000) == ". SN ack RN");
}

TEST_CASE("PAWS comes before a crossed SYN is looked at in the BSDs' SYN_RCVD", "[timestamps]") {
    for (const auto& [name, answer] : {std::pair("netbsd-6", ". SN ack RN"), std::pair("openbsd", "nothing"),
                                       std::pair("freebsd-7", "nothing")}) {
        INFO(name);
        TimestampBench bench(name);
        bench.in(TcpState::SynReceived);
        bench.tcb.active_open = true;
        CHECK(bench.stamped(older).gets("S", RN + 7) == answer);
        CHECK(bench.stamped(newer).gets("S", RN + 7) != "nothing");
    }
}

TEST_CASE("gVisor drops what lacks the timestamp that was agreed upon, but not a reset or a SYN",
          "[timestamps]") {
    TimestampBench bench("gvisor");
    CHECK(bench.gets("P.", RN, SN, 10) == "nothing");
    CHECK(bench.gets("S", RN + 7) == ". SN ack RN");
    CHECK(bench.stamped(older).gets("P.", RN, SN, 10) == ". SN ack RN+10");
    CHECK(TimestampBench("gvisor").gets("R", RN) == "nothing; CLOSED, connection reset");
}

TEST_CASE(
    "After crossing SYNs Linux 6.18 lets no old timestamp complete the handshake, and is silent to an old "
    "ACK",
    "[timestamps]") {
    const auto crossed = [](std::string_view name) {
        TimestampBench bench(name);
        bench.connecting();
        bench.tcb.timestamps = {true, true, false, our_clock, {}};
        bench.stamped(recent).gets("S", RN - 1);
        REQUIRE(bench.tcb.state == TcpState::SynReceived);
        return bench;
    };
    CHECK(crossed("linux-6.18").stamped(recent - 1).gets("S.", RN - 1, SN) ==
          ". SN ack RN; ESTABLISHED, established");  // TCP_PAWS_WINDOW
    CHECK(crossed("linux-6.18").stamped(older).gets("S.", RN - 1, SN) == ". SN ack RN");
    CHECK(crossed("linux-6.18").stamped(older).gets(".", RN - 1, SN) == "nothing");
    CHECK(crossed("linux-6.18").stamped(older).gets(".", RN, SN) == ". SN ack RN");
    CHECK(crossed("linux-6.18").stamped(older).gets("P.", RN - 1, SN, 1) == ". SN ack RN");
    CHECK(crossed("linux-6.1").stamped(older).gets(".", RN - 1, SN) == ". SN ack RN");
}

TEST_CASE("Linux is silent to an old ACK with an old timestamp since 2025 only", "[timestamps]") {
    CHECK(TimestampBench("linux-6.18").stamped(older).gets(".", RN - 1, SN) == "nothing");
    for (const auto* name : {"linux-6.1", "linux-4.19", "linux-3.10", "linux-2.6.24"})
        CHECK(TimestampBench(name).stamped(older).gets(".", RN - 1, SN) == ". SN ack RN");
}
