// The other entries that the seed scenario's SYN can meet (reference/nats.md, end of section 7), on
// Linux 6.18.

#include "tests/spec/nat/nat_fixture.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

constexpr std::uint32_t own = 0x1000'0000;   // the client's numbers before
constexpr std::uint32_t peer = 0x7000'0000;  // the server's
constexpr std::uint32_t new_iss = 0x2000'0000;
constexpr std::uint32_t foreign = 0x3000'0000;  // another connection's numbers

/// A connection picked up from the client's data.
Network picked_up(Overrides overrides = {}) {
    Network network("linux-6.18", overrides);
    REQUIRE(translated(network.out(A, own, peer, 100)));
    REQUIRE(network.entry().state == TrackState::Established);
    REQUIRE(network.entry().peers[original].be_liberal);
    REQUIRE_FALSE(network.entry().seen_reply);
    CHECK(network.entry().timeout == 300'000);
    return network;
}

/// … and answered within its window, so that td_maxack = own + 100.
Network answered(Overrides overrides = {}) {
    Network network = picked_up(overrides);
    REQUIRE(network.in(A, peer, own + 100).outcome == NatOutcome::Forwarded);
    REQUIRE(network.entry().peers[reply].maxack_set);
    REQUIRE(network.entry().peers[reply].td_maxack.value == own + 100);
    return network;
}

void challenge(Network& network, std::uint32_t x) {
    REQUIRE(network.out(S, new_iss).ignored);
    const auto step = network.in(A, foreign, x);
    REQUIRE(step.outcome == NatOutcome::Forwarded);
    REQUIRE_FALSE(step.ignored);
}

}  // namespace

TEST_CASE("picked up, all replies foreign: the reset passes and closes") {
    Network network = picked_up();
    REQUIRE(network.in(A, foreign, own - 0x0800'0000).outcome == NatOutcome::Forwarded);
    challenge(network, own - 0x0800'0000);
    CHECK(translated(network.out(R, own - 0x0800'0000)));
    CHECK(network.entry().state == TrackState::Close);
}

TEST_CASE("picked up and answered: a reset after td_maxack passes, but ESTABLISHED stays for 10 s") {
    Network network = answered();
    challenge(network, own + 5000);
    CHECK(translated(network.out(R, own + 5000)));
    CHECK(network.entry().state == TrackState::Established);
    CHECK(network.entry().timeout == 10'000);
}

TEST_CASE("picked up and answered: a reset before td_maxack is INVALID") {
    const auto x = own - 5000;
    SECTION("by default") {
        Network network = answered();
        challenge(network, x);
        CHECK(leaked(network.out(R, x)));
        CHECK(network.entry().state == TrackState::Established);
    }
    SECTION("be_liberal does not help") {
        Network network = answered({{"nf_conntrack_tcp_be_liberal", "true"}});
        challenge(network, x);
        CHECK(leaked(network.out(R, x)));
    }
    SECTION("ignore_invalid_rst does") {
        Network network = answered({{"nf_conntrack_tcp_ignore_invalid_rst", "true"}});
        challenge(network, x);
        CHECK(translated(network.out(R, x)));
    }
}

TEST_CASE("handshake seen, the client rebooted: its own old connection's challenge ACK and reset pass") {
    Network network("linux-6.18");
    network.shake_hands(own, peer);
    REQUIRE(network.out(S, new_iss).ignored);
    CHECK(network.in(A, peer + 1, own + 1).outcome == NatOutcome::Forwarded);
    CHECK(translated(network.out(R, own + 1)));
    CHECK(network.entry().state == TrackState::Close);
}

TEST_CASE("handshake seen, a foreign ACK above td_end reaches the NAT host") {
    Network network("linux-6.18");
    network.shake_hands(own, peer);
    REQUIRE(network.out(S, new_iss).ignored);
    const auto step = network.in(A, peer + 1, foreign);
    CHECK(step.outcome == NatOutcome::ToHost);
    CHECK(step.segment.destination == Address{nat_ip, 903});  // as received
    CHECK(network.entry().state == TrackState::Established);
}

TEST_CASE("handshake seen, a foreign sequence number above the window reaches the NAT host") {
    Network network("linux-6.18");
    network.shake_hands(own, peer);
    REQUIRE(network.out(S, new_iss).ignored);
    CHECK(network.in(A, peer + 0x0100'0000, own - 10).outcome == NatOutcome::ToHost);
}

TEST_CASE("handshake seen, plausible seq and an ack far below: both challenge and reset are ignored") {
    Network network("linux-6.18");
    network.shake_hands(own, peer);
    REQUIRE(network.out(S, new_iss).ignored);
    const auto x = own - 0x0800'0000;
    const auto challenge_ack = network.in(A, peer + 1, x);
    CHECK(challenge_ack.outcome == NatOutcome::Forwarded);
    CHECK(challenge_ack.ignored);
    const auto reset = network.out(R, x);
    CHECK(translated(reset));
    CHECK(reset.ignored);
    CHECK(network.entry().state == TrackState::Established);
}

TEST_CASE("before 6.1 a segment below the window is INVALID instead") {
    Network network("linux-5.18");
    network.shake_hands(own, peer);
    CHECK(network.in(A, peer + 1, own - 0x0800'0000).outcome == NatOutcome::ToHost);
}

TEST_CASE("a reset on an entry that is closing is not looked at since 5.15") {
    for (const auto* era : {"linux-5.10", "linux-5.18", "linux-6.18"}) {
        Network network(era);
        network.shake_hands(own, peer);
        network.out(FA, own + 1, peer + 1);
        REQUIRE(network.entry().state == TrackState::FinWait);
        INFO(era);
        CHECK((network.in(R, foreign).outcome == NatOutcome::Forwarded) ==
              (std::string(era) != "linux-5.10"));
    }
}

TEST_CASE("a SYN-ACK that answers an ignored SYN: killed before 2.6.33, believed since") {
    for (const auto* era : eras) {
        Network network(era);
        network.shake_hands(own, peer);
        REQUIRE(network.out(S, new_iss).ignored);
        const auto step = network.in(SA, foreign, new_iss + 1);
        INFO(era);
        if (std::string(era).starts_with("linux-2.6")) {
            CHECK(step.outcome == NatOutcome::Dropped);
            CHECK(network.table.entries.empty());
        } else {
            CHECK(step.outcome == NatOutcome::Forwarded);
            CHECK(network.entry().state == TrackState::SynRecv);
            CHECK(translated(network.out(A, new_iss + 1, foreign + 1)));
            CHECK(network.entry().state == TrackState::Established);
        }
    }
}

TEST_CASE("a SYN-ACK that answers no ignored SYN is ignored") {
    Network network("linux-6.18");
    network.shake_hands(own, peer);
    REQUIRE(network.out(S, new_iss).ignored);
    CHECK(network.in(SA, foreign, new_iss + 2).ignored);
    CHECK(network.entry().state == TrackState::Established);
}

TEST_CASE("in LAST_ACK a challenge ACK is not taken for the last ACK since 2015") {
    for (const auto* era : {"linux-3.6", "linux-5.10", "linux-6.18"}) {
        Network network(era);
        network.shake_hands(own, peer);
        network.out(FA, own + 1, peer + 1);
        network.in(FA, peer + 1, own + 2);
        REQUIRE(network.entry().state == TrackState::LastAck);
        REQUIRE(network.out(S, new_iss).ignored);
        CHECK(network.in(A, peer + 2, own + 2).outcome == NatOutcome::Forwarded);
        INFO(era);
        CHECK((network.entry().state == TrackState::LastAck) == (std::string(era) != "linux-3.6"));
    }
}

TEST_CASE("simultaneous open is tracked since 2.6.31") {
    Network old("linux-2.6.18");
    old.out(S, own);
    CHECK(old.in(S, peer).outcome == NatOutcome::ToHost);

    Network network("linux-6.18");
    network.out(S, own);
    CHECK(network.in(S, peer).outcome == NatOutcome::Forwarded);
    CHECK(network.entry().state == TrackState::SynSent2);
    network.in(SA, peer, own + 1);
    CHECK(network.entry().state == TrackState::SynRecv);
    network.out(SA, own, peer + 1);
    CHECK(network.in(A, peer + 1, own + 1).outcome == NatOutcome::Forwarded);
    CHECK(network.entry().state == TrackState::Established);
}
