// tcp_in_window() on both sides of each of its limits, era by era and in both directions:
// reference/nats.md 1.7.
//
//   ok    translated, and the timer starts over
//   INV   leaks outbound, reaches the NAT host inbound
//   IGN   translated without belief: neither the timer nor the window changes
//   IGN+  the same, but td_end follows
#include <sstream>
#include <string>

#include "tests/spec/nat/tracked_pair.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

constexpr std::uint32_t grant = 60'000;       // td_maxend - td_end of the sender
constexpr std::uint32_t lookback = 50'000;    // td_maxwin of the receiver
constexpr std::uint32_t ack_window = 66'000;  // MAXACKWINDOW where td_maxwin is less

/// Numbers as offsets: of the sender's next, and of what it has seen of the receiver.
struct Offsets {
    std::int64_t seq, ack;
    std::uint32_t length;
};

std::uint32_t plus(std::uint32_t base, std::int64_t offset) {
    return base + static_cast<std::uint32_t>(offset);
}

struct Limits {
    std::uint32_t sender_window = 60'000;
    bool receiver_known = true;
    bool liberal = false;
};

Network pair_of(const std::string& era, std::uint8_t direction, const Limits& limits, Overrides overrides) {
    Network network = in_state(era, TrackState::Established, overrides);
    auto& e = network.table.entries.front();
    auto& sender = e.peers[direction];
    auto& receiver = e.peers[1 - direction];
    sender.td_maxwin = limits.sender_window;
    sender.be_liberal = limits.liberal;
    receiver.td_maxwin = lookback;
    if (!limits.receiver_known) receiver = unknown_side(network.reading);
    return network;
}

std::string verdict(const std::string& era, std::uint8_t direction, std::uint8_t flags, const Offsets& o,
                    const Limits& limits = {}, Overrides overrides = {}) {
    Network network = pair_of(era, direction, limits, overrides);
    const auto before = network.entry().peers[direction].td_end.value;
    const std::uint32_t seq = plus(direction == original ? own : peer, o.seq);
    const std::uint32_t ack = plus(direction == original ? peer : own, o.ack);
    const bool acks = (flags & flag::ack) != 0;
    const Step step = direction == original
                          ? network.out(flags, seq, acks ? ack : 0, o.length, client, std::nullopt, 40'000)
                          : network.in(flags, seq, acks ? ack : 0, o.length, pair_port, 40'000);
    if (step.outcome != NatOutcome::Forwarded) return "INV";
    const bool moved = network.entry().peers[direction].td_end.value != before;
    const bool refreshed = network.entry().timeout != 5000;
    if (step.ignored) return refreshed ? "IGN, refreshed" : moved ? "IGN+" : "IGN";
    return refreshed ? "ok" : "not refreshed";
}

/// Each line: what it is about, SEG.SEQ, SEG.LEN, SEG.ACK, and the verdicts of the eras; both directions.
void check_window(const std::string& table, std::uint8_t flags, const Limits& limits = {},
                  Overrides overrides = {}) {
    std::istringstream lines(table);
    std::string what;
    Offsets o{};
    while (lines >> what >> o.seq >> o.length >> o.ack)
        for (const auto* era : eras) {
            std::string expected;
            REQUIRE(lines >> expected);
            for (const std::uint8_t direction : {original, reply}) {
                INFO(era << (direction == original ? " original " : " reply ") << what);
                CHECK(verdict(era, direction, flags, o, limits, overrides) == expected);
            }
        }
}

}  // namespace

TEST_CASE("the window test on both sides of its limits: text") {
    static_assert(grant == 60'000 && lookback == 50'000 && ack_window == 66'000);
    //  what                   seq     len     ack 2.6.18 2.6.31 3.6  5.10 5.18 6.18
    check_window(R"(
        I:at-the-grant         60000   100       0 ok     ok     ok   ok   ok   ok
        I:beyond-it            60001   100       0 INV    INV    INV  INV  INV  IGN+
        I:by-almost-a-window   60000   49999     0 ok     ok     ok   ok   ok   ok
        I:by-a-window          60001   49999     0 INV    INV    INV  INV  INV  INV
        I:far-beyond         9000000   100       0 INV    INV    INV  INV  INV  INV
        II:a-window-old       -50100   100       0 ok     ok     ok   ok   ok   ok
        II:older              -50101   100       0 INV    INV    INV  INV  INV  IGN
        II:far-older        -9000000   100       0 INV    INV    INV  INV  INV  IGN
        III:all-that-was-seen      0   100       0 ok     ok     ok   ok   ok   ok
        III:one-more               0   100       1 INV    INV    INV  INV  INV  INV
        IV:the-oldest              0   100  -66000 INV    ok     ok   ok   ok   ok
        IV:one-older               0   100  -66001 INV    INV    INV  INV  INV  IGN
        IV:one-newer               0   100  -65999 ok     ok     ok   ok   ok   ok
        I+III:both-beyond      60001   100       1 INV    INV    INV  INV  INV  INV
        I+IV:beyond-and-old    60001   100  -66001 INV    INV    INV  INV  INV  INV
        II+III:old-and-beyond -50101   100       1 INV    INV    INV  INV  INV  INV
        II+IV:old-and-older   -50101   100  -66001 INV    INV    INV  INV  INV  IGN)",
                 A);
}

// Up to 3.5 a segment without data is judged by its acknowledgement alone.
TEST_CASE("the window test on both sides of its limits: an ACK without text") {
    //  what                   seq     len     ack 2.6.18 2.6.31 3.6  5.10 5.18 6.18
    check_window(R"(
        I:at-the-grant         60000     0       0 ok     ok     ok   ok   ok   ok
        I:beyond-it            60001     0       0 ok     ok     INV  INV  INV  IGN+
        I:far-beyond         9000000     0       0 ok     ok     INV  INV  INV  INV
        II:a-window-old       -50000     0       0 ok     ok     ok   ok   ok   ok
        II:older              -50001     0       0 ok     ok     INV  INV  INV  IGN
        III:one-more               0     0       1 INV    INV    INV  INV  INV  INV
        IV:the-oldest              0     0  -66000 INV    ok     ok   ok   ok   ok
        IV:one-older               0     0  -66001 INV    INV    INV  INV  INV  IGN)",
                 A);
}

TEST_CASE("a side that has advertised more than 66,000 may acknowledge as much less") {
    check_window(R"(
        IV:the-oldest              0   100  -70000 INV    ok     ok   ok   ok   ok
        IV:one-older               0   100  -70001 INV    INV    INV  INV  INV  IGN)",
                 A, {.sender_window = 70'000});
}

// A RST without ACK: III and IV hold of themselves.  Not ASSURED, so that step c leaves it to the window.
TEST_CASE("the window test of a reset") {
    check_window(R"(
        I:at-the-grant         60000     0       0 ok     ok     ok   ok   ok   ok
        I:beyond-it            60001     0       0 INV    INV    INV  INV  INV  IGN+
        I:far-beyond         9000000     0       0 INV    INV    INV  INV  INV  INV
        II:a-window-old       -50000     0       0 ok     ok     ok   ok   ok   ok
        II:older              -50001     0       0 INV    INV    INV  INV  INV  IGN)",
                 R);
}

// "IF_ZERO_WINDOW" of condition II, since 3.12: nothing is too old for a receiver that has not spoken.
TEST_CASE("the lower bound while nothing is known of the receiver") {
    for (const auto* era : eras) {
        const std::string name = era;
        const bool skipped = name == "linux-5.10" || name == "linux-5.18" || name == "linux-6.18";
        INFO(era);
        CHECK(verdict(era, original, R, {0, 0, 0}, {.receiver_known = false}) == "ok");
        CHECK(verdict(era, original, R, {-9'000'000, 0, 0}, {.receiver_known = false}) ==
              (skipped ? "ok" : "INV"));
    }
}

TEST_CASE("liberal tracking lets everything pass, believes nothing and refreshes the timer") {
    for (const auto* era : eras)
        for (const bool by_sysctl : {true, false})
            for (const Offsets& o : {Offsets{60'001, 0, 100},
                                     {9'000'000, 0, 100},
                                     {-50'101, 0, 100},
                                     {0, 1, 100},
                                     {0, -66'001, 100},
                                     {9'000'000, 9'000'000, 0}}) {
                INFO(era << (by_sysctl ? " be_liberal " : " picked up ") << o.seq << " " << o.ack);
                const Overrides overrides{{"nf_conntrack_tcp_be_liberal", by_sysctl ? "true" : "false"}};
                Network network = pair_of(era, original, {.liberal = !by_sysctl}, overrides);
                const auto peers_before = network.entry().peers[original];
                const Step step = network.out(A, plus(own, o.seq), plus(peer, o.ack), o.length);
                CHECK(translated(step));
                CHECK_FALSE(step.ignored);
                CHECK(network.entry().timeout != 5000);
                // 6.1 and later note an overshoot all the same.
                const bool noted = o.seq == 60'001 && std::string(era) == "linux-6.18";
                CHECK((network.entry().peers[original].td_end == peers_before.td_end) == !noted);
                CHECK(network.entry().peers[original].td_maxend == peers_before.td_maxend);
            }
}

TEST_CASE("OpenWrt does not look at the window") {
    for (const std::uint8_t direction : {original, reply})
        for (const Offsets& o : {Offsets{60'001, 0, 100},
                                 {9'000'000, 0, 100},
                                 {-9'000'000, 0, 100},
                                 {0, 1, 100},
                                 {0, -66'001, 100}})
            CHECK(verdict("openwrt", direction, A, o) == "ok");
}

TEST_CASE("what an accepted segment teaches of its sender and of its receiver") {
    for (const auto* era : eras) {
        INFO(era);
        Network network = pair_of(era, original, {}, {});
        network.out(A, own, peer - 10, 100, client, std::nullopt, 65'000);
        const auto& e = network.entry();
        CHECK(e.peers[original].td_end.value == own + 100);
        CHECK(e.peers[original].td_maxend.value == own + 60'000);
        CHECK(e.peers[original].td_maxwin == 65'000);
        CHECK(e.peers[reply].td_end.value == peer);
        CHECK(e.peers[reply].td_maxend.value == peer - 10 + 65'000);
        CHECK(e.peers[original].maxack_set == (std::string(era) != "linux-2.6.18"));
        // An old segment with a smaller window takes nothing back.
        network.out(A, own - 5000, peer - 5000, 100, client, std::nullopt, 1000);
        CHECK(e.peers[original].td_end.value == own + 100);
        CHECK(e.peers[original].td_maxwin == 65'000);
        CHECK(e.peers[reply].td_maxend.value == peer - 10 + 65'000);
        // A window of 0 grants one octet, that of the probe.
        network.out(A, own + 100, peer, 0, client, std::nullopt, 0);
        network.out(A, own + 100, peer, 0, client, std::nullopt, 65'000);
        CHECK(e.peers[reply].td_maxend.value == peer + 65'000);
    }
}

// The first segment of a side, which the entry knows nothing of (reference/nats.md 1.7, Initialisation).
TEST_CASE("the first segment of the server's side is taken at its word") {
    for (const auto* era : eras) {
        INFO(era);
        Network network(era);
        network.out(S, own - 1);
        const auto& e = network.entry();
        CHECK(e.peers[original].td_end.value == own);
        CHECK(e.peers[original].td_maxend.value == own);
        CHECK(e.peers[original].td_maxwin == 64'240);
        CHECK(e.peers[reply].td_maxwin == (std::string(era) == "linux-2.6.18" ? 1U : 0U));
        REQUIRE(network.in(SA, peer - 1, own).outcome == NatOutcome::Forwarded);
        CHECK(e.peers[reply].td_end.value == peer);
        CHECK(e.peers[reply].td_maxend.value == peer);
        CHECK(e.peers[reply].td_maxwin == 65'535);
        CHECK(e.peers[original].td_maxend.value == own + 65'535);
        // An acknowledgement of what the client has not sent is refused from the beginning.
        Network other(era);
        other.out(S, own - 1);
        CHECK(other.in(SA, peer - 1, own + 1).outcome == NatOutcome::ToHost);
    }
}

// Up to 5.17 any segment begins a side's numbers anew during the handshake, a reset too; then only a SYN.
TEST_CASE("what begins a side anew while its SYN has not been answered") {
    for (const auto* era : eras) {
        const std::string name = era;
        const bool syn_only = name == "linux-5.18" || name == "linux-6.18";
        INFO(era);
        const auto passes = [&](std::uint8_t flags, std::uint32_t seq) {
            Network network(era);
            network.out(S, own);
            return translated(network.out(flags, seq, 0));
        };
        CHECK(passes(S, own + 1'000'000));
        CHECK(passes(R, own + 1'000'000) == !syn_only);
        // Right of the SYN by nothing: td_end is not passed.
        CHECK(passes(R, own + 1));
    }
}

TEST_CASE("in SYN_RECV the server's side is begun anew in the same way") {
    for (const auto* era : eras) {
        const std::string name = era;
        const bool syn_only = name == "linux-5.18" || name == "linux-6.18";
        Network network(era);
        network.out(S, own - 1);
        network.in(SA, peer - 1, own);
        REQUIRE(network.entry().state == TrackState::SynRecv);
        INFO(era);
        CHECK((network.in(R, peer + 1'000'000).outcome == NatOutcome::Forwarded) == !syn_only);
    }
}

TEST_CASE(
    "in SYN_SENT a reset with SEQ = 0 stands where its sender stands; one with ACK = 0 acknowledges "
    "nothing") {
    for (const auto* era : eras) {
        INFO(era);
        // From the server: seq 0, an acknowledgement as it should be.
        Network network = in_state(era, TrackState::SynSent);
        network.table.entries.front().peers[reply] = known_side(network.reading, peer);
        CHECK(network.in(RA, 0, own).outcome == NatOutcome::Forwarded);
        Network established = in_state(era, TrackState::Established);
        CHECK(established.in(RA, peer, 0).outcome == NatOutcome::Forwarded);
        // 1 is an acknowledgement, and far too old.
        const Step step = in_state(era, TrackState::Established).in(RA, peer, 1);
        CHECK((step.outcome == NatOutcome::Forwarded) == (std::string(era) == "linux-6.18"));
    }
}
