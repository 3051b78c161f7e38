// Linux' short way for the segment that it expects, and the text that it keeps for later.
#include "tests/spec/tcp/endpoint_bench.hpp"

using namespace halfopen;

namespace {

/// With TS.Recent = 1000.
Bench stamped_bench(std::string_view name) {
    Policy policy = endpoint_policy(name);
    policy.set("timestamps", "true");
    policy.set("tcp_invalid_ratelimit", "0");
    Bench bench(std::move(policy));
    bench.tcb.timestamps = {true, true, true, {1, 0}, {1000, 0}};
    return bench;
}

void stamp(Bench& bench, std::uint32_t value) { bench.timestamps = {true, {value, 0}, {1, 0}}; }

}  // namespace

TEST_CASE("A Linux that tests no oldest acknowledgement tests none of an expected segment either",
          "[timestamps]") {
    for (const char* name : {"linux-2.6.24", "linux-3.0", "linux-3.10", "linux-4.19", "bigip-fastl4"}) {
        CAPTURE(name);
        Bench server = stamped_bench(name);
        server.tcb.iss = {SN - 1, 0};
        stamp(server, 1005);
        CHECK(server.gets(".", RN, SN - 1) == "nothing");
        CHECK(server.rule == "predicted-old-ack");
        CHECK(server.tcb.timestamps.recent.value == 1005);
    }
}

TEST_CASE("Linux takes the timestamp of an expected segment before it looks at its old ACK", "[timestamps]") {
    Bench server = stamped_bench("linux-6.18");
    server.tcb.iss = {SN - 1, 0};
    stamp(server, 1005);
    CHECK(server.gets(".", RN, SN - 1) == ". SN ack RN");
    CHECK(server.rule == "predicted-ack-before-connection");
    CHECK(server.tcb.timestamps.recent.value == 1005);
    SECTION("not where the window is another one") {
        server.tcb.send_window.wnd = 8192;
        stamp(server, 1010);
        CHECK(server.gets(".", RN, SN - 1) == ". SN ack RN");
        CHECK(server.rule == "ack-before-connection");
        CHECK(server.tcb.timestamps.recent.value == 1005);
    }
    SECTION("nor while text is kept for later") {
        stamp(server, 1006);
        CHECK(server.gets(".", RN + 10, SN, 10) == ". SN ack RN");
        stamp(server, 1010);
        CHECK(server.gets(".", RN, SN - 1) == ". SN ack RN");
        CHECK(server.rule == "ack-before-connection");
    }
}

TEST_CASE("a late duplicate ACK passes PAWS only if it brings no newer window", "[timestamps]") {
    Bench server = stamped_bench("linux-6.18");
    stamp(server, 990);
    CHECK(server.gets(".", RN, SN) == "nothing");
    CHECK(server.rule == "paws-disordered-ack");
    stamp(server, 1000);
    CHECK(server.gets("F.", RN, SN) == ". SN ack RN+1; CLOSE_WAIT, closed");
    stamp(server, 990);
    CHECK(server.gets(".", RN + 1, SN) == ". SN ack RN+1");
    CHECK(server.rule == "paws");
    stamp(server, 1000);
    CHECK(server.gets(".", RN + 1, SN) == "nothing");
    stamp(server, 990);
    CHECK(server.gets(".", RN + 1, SN) == "nothing");
}

TEST_CASE("text that comes too early is acknowledged with what comes before it", "[data]") {
    Bench server("linux-6.18");
    CHECK(server.gets("P.", RN + 1, SN, 100) == ". SN ack RN");
    CHECK(server.gets("P.", RN, SN, 1) == ". SN ack RN+101");
    CHECK(server.tcb.kept_text.absent());
    SECTION("two stretches that meet are one") {
        CHECK(server.gets("P.", RN + 111, SN, 10) == ". SN ack RN+101");
        CHECK(server.gets("P.", RN + 106, SN, 5) == ". SN ack RN+101");
        CHECK(server.gets("P.", RN + 101, SN, 5) == ". SN ack RN+121");
    }
    SECTION("two that do not meet are kept both") {
        CHECK(server.gets("P.", RN + 201, SN, 10) == ". SN ack RN+101");
        CHECK(server.gets("P.", RN + 111, SN, 10) == ". SN ack RN+101");
        CHECK(server.gets("P.", RN + 101, SN, 10) == ". SN ack RN+121");
        CHECK(server.gets("P.", RN + 121, SN, 80) == ". SN ack RN+211");
        CHECK(server.tcb.kept_text.absent());
    }
    SECTION("one that reaches from the first gap over the second takes both along") {
        CHECK(server.gets("P.", RN + 111, SN, 10) == ". SN ack RN+101");
        CHECK(server.gets("F.", RN + 131, SN, 10) == ". SN ack RN+101");
        CHECK(server.gets("P.", RN + 101, SN, 35) == ". SN ack RN+142; CLOSE_WAIT, closed");
    }
    SECTION("a FIN within a longer text that came first is not kept") {
        CHECK(server.gets("P.", RN + 111, SN, 30) == ". SN ack RN+101");
        CHECK(server.gets("F.", RN + 121, SN, 5) == ". SN ack RN+101");
        CHECK(server.gets("P.", RN + 101, SN, 10) == ". SN ack RN+141");
    }
    SECTION("a FIN where text has come behind it ends the connection there") {
        CHECK(server.gets("F.", RN + 111, SN, 10) == ". SN ack RN+101");
        CHECK(server.gets("P.", RN + 115, SN, 30) == ". SN ack RN+101");
        CHECK(server.gets("P.", RN + 101, SN, 10) == ". SN ack RN+122; CLOSE_WAIT, closed");
    }
    SECTION("a FIN behind it closes") {
        CHECK(server.gets("F.", RN + 111, SN, 10) == ". SN ack RN+101");
        CHECK(server.gets("P.", RN + 101, SN, 10) == ". SN ack RN+122; CLOSE_WAIT, closed");
    }
    SECTION("what has come meanwhile is not kept") {
        CHECK(server.gets("P.", RN + 111, SN, 10) == ". SN ack RN+101");
        CHECK(server.gets("P.", RN + 101, SN, 100) == ". SN ack RN+201");
        CHECK(server.tcb.kept_text.absent());
    }
}

TEST_CASE("text at the edge of the window is answered, and not kept", "[data]") {
    Bench server("linux-6.18");
    CHECK(server.gets("F.", RN + W, SN, 100) == ". SN ack RN");
    CHECK(server.tcb.kept_text.absent());
    CHECK(server.gets("F.", RN + W - 1, SN, 1) == ". SN ack RN");
    CHECK_FALSE(server.tcb.kept_text.absent());
}

TEST_CASE("while text lies unread Linux 6.18 takes no text that reaches beyond the window", "[data]") {
    Bench server("linux-6.18");
    CHECK(server.gets("P.", RN + W - 1, SN, 100) == ". SN ack RN");
    CHECK(server.rule == "old-or-later-data");
    server.tcb.unread_text = true;
    CHECK(server.gets("P.", RN + W - 1, SN, 100) == ". SN ack RN");
    CHECK(server.rule == "text-outside");
}

TEST_CASE("after a SYN that was sent twice Linux waits 3 s for its data, until a round trip is known",
          "[retransmission]") {
    Bench client("linux-6.18");
    std::uint32_t clock = 0;
    client.connecting();
    SECTION("one") {
        client.waits(clock);
        client.gets("S.", RN - 1, SN);
        send<ConcreteReading>(client.r, client.endpoint, client.tcb, 100);
        CHECK(client.tcb.timer(TcpTimer::Retransmit) == 3000);
        CHECK(client.gets(".", RN, SN + 100) == "nothing");
        send<ConcreteReading>(client.r, client.endpoint, client.tcb, 100);
        CHECK(client.tcb.timer(TcpTimer::Retransmit) == 200);
    }
    SECTION("none") {
        client.gets("S.", RN - 1, SN);
        send<ConcreteReading>(client.r, client.endpoint, client.tcb, 100);
        CHECK(client.tcb.timer(TcpTimer::Retransmit) == 200);
    }
}

TEST_CASE("an orphan of Linux whose FIN a FIN acknowledges stays a full socket", "[orphan]") {
    Bench server("linux-6.18");
    CHECK(server.closes() == "F. SN ack RN; FIN_WAIT_1");
    SECTION("an old one: then a RST left of the window is not answered") {
        CHECK(server.gets("F.", RN - 1, SN + 1) == ". SN+1 ack RN; FIN_WAIT_2");
        CHECK(server.gets("R", RN - 1) == "nothing");
        CHECK(server.gets(".", RN, SN + 1, 10) == "R SN+1; CLOSED");
    }
    SECTION("and sends a reset when it has waited long enough") {
        CHECK(server.gets("F.", RN - 1, SN + 1) == ". SN+1 ack RN; FIN_WAIT_2");
        CHECK(server.expires(TcpTimer::TimeWait) == "R. SN+1 ack RN; CLOSED");
    }
    SECTION("an ACK makes a mini-socket of it, which answers that, and does not look at old text") {
        CHECK(server.gets(".", RN - 1, SN + 1, 1) == "nothing; FIN_WAIT_2");
        CHECK(server.gets("R", RN - 1) == ". SN+1 ack RN");
    }
}

TEST_CASE("a second FIN behind the first one moves RCV.NXT, and the application hears nothing", "[fin]") {
    Bench server("linux-6.18");
    CHECK(server.gets("F.", RN, SN) == ". SN ack RN+1; CLOSE_WAIT, closed");
    CHECK(server.gets("F.", RN, SN, 1) == ". SN ack RN+2");
}

TEST_CASE("Linux takes a smaller window at RCV.NXT only from a segment behind SND.WL1 or with a newer ACK",
          "[window]") {
    Bench server("linux-6.18");
    server.window = 1000;
    SECTION("not where SND.WL1 = RCV.NXT already") {
        CHECK(server.gets(".", RN, SN) == "nothing");
        CHECK(server.tcb.send_window.wnd == W);
    }
    SECTION("of a segment further right") {
        CHECK(server.gets(".", RN + 1, SN) == "nothing");
        CHECK(server.tcb.send_window.wnd == 1000);
        CHECK(server.tcb.send_window.wl1.value == RN + 1);
        server.window = 500;
        CHECK(server.gets(".", RN, SN) == "nothing");
        CHECK(server.tcb.send_window.wnd == 1000);
    }
    SECTION("of one that acknowledges something new") {
        send<ConcreteReading>(server.r, server.endpoint, server.tcb, 100);
        CHECK(server.gets(".", RN, SN + 100) == "nothing");
        CHECK(server.tcb.send_window.wnd == 1000);
    }
    SECTION("a larger one at SND.WL1") {
        server.window = W + 1;
        CHECK(server.gets(".", RN, SN) == "nothing");
        CHECK(server.tcb.send_window.wnd == W + 1);
        CHECK(server.tcb.max_snd_wnd == W + 1);
    }
}

TEST_CASE("a window of 0 at SND.WL1 closes it since Linux 6.6", "[window]") {
    for (const auto& [name, closes] : {std::pair{"linux-6.18", true}, std::pair{"linux-6.1", false}}) {
        CAPTURE(name);
        Bench server(name);
        server.window = 0;
        CHECK(server.gets(".", RN, SN) == "nothing");
        CHECK((server.tcb.send_window.wnd == 0) == closes);
    }
}

TEST_CASE("a late duplicate ACK with window 0 does not pass PAWS since Linux 6.6", "[timestamps][window]") {
    for (const auto& [name, rule] :
         {std::pair{"linux-6.18", "paws"}, std::pair{"linux-6.1", "paws-disordered-ack"}}) {
        CAPTURE(name);
        Bench server = stamped_bench(name);
        server.window = 0;
        stamp(server, 990);
        server.gets(".", RN, SN);
        CHECK(server.rule == rule);
    }
}

TEST_CASE("an ACK left of SND.UNA brings no window", "[window]") {
    for (const char* name : {"linux-6.18", "rfc9293"}) {
        CAPTURE(name);
        Bench server(name);
        server.window = W + 1;
        server.gets(".", RN, SN - 1);
        CHECK(server.tcb.max_snd_wnd == W);
        server.gets(".", RN, SN);
        CHECK(server.tcb.max_snd_wnd == W + 1);
    }
}

TEST_CASE("where the window has shrunk Linux acknowledges from its edge", "[window]") {
    Bench server("linux-6.18");
    send<ConcreteReading>(server.r, server.endpoint, server.tcb, 100);
    server.window = 40;
    CHECK(server.gets(".", RN + 1, SN) == "nothing");
    CHECK(server.gets("S", RN) == ". SN+40 ack RN");
}

TEST_CASE("a listener's child knows of no window but the handshake's last", "[window]") {
    Bench server("linux-6.18");
    server.half_open();
    server.window = 20;
    CHECK(server.gets(".", RN, SN) == "nothing; ESTABLISHED, established");
    CHECK(server.tcb.send_window.wnd == 20);
    CHECK(server.tcb.max_snd_wnd == 20);
}

TEST_CASE("Linux 2.6.24 takes the timestamp even of what acknowledges something never sent", "[timestamps]") {
    Bench server = stamped_bench("linux-2.6.24");
    stamp(server, 1005);
    CHECK(server.gets(".", RN, SN + 1) == "nothing");
    CHECK(server.rule == "ack-unsent");
    CHECK(server.tcb.timestamps.recent.value == 1005);
}

TEST_CASE("a segment is not the predicted one if its timestamp is older or missing", "[timestamps]") {
    Bench server = stamped_bench("linux-6.18");
    server.tcb.iss = {SN - 1, 0};
    SECTION("older by one, which PAWS lets pass") { stamp(server, 999); }
    SECTION("missing") { server.timestamps = {}; }
    server.tcb.unread_text = true;
    CHECK(server.gets("P.", RN, SN - 1, 10) == ". SN ack RN");
    CHECK(server.rule == "ack-before-connection");
}

TEST_CASE("crossing SYNs: ours goes on offering timestamps to a peer that offers none", "[timestamps]") {
    Policy policy = endpoint_policy("linux-6.18");
    policy.set("timestamps", "true");
    Bench client(std::move(policy));
    connect<ConcreteReading>(client.r, client.endpoint, client.tcb, here, there, {SN - 1, 0}, Number{7, 0});
    const ConcreteSegment syn{there, here, flag::syn, {RN - 1, 0}, {0, 0}, W, 0};
    const auto step = receive<ConcreteReading>(client.r, client.endpoint, client.tcb, syn, {});
    REQUIRE(step.sent.size() == 1);
    CHECK(step.sent.front().timestamps.present);
    CHECK_FALSE(client.tcb.timestamps.on);
}
