// reference/nats.md section 7: SYN(ISS) out, challenge ACK(X) in, RST(X) out.

#include "tests/spec/nat/nat_fixture.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

/// Is the RST that answers a challenge ACK accepted?
bool reset_passes(Network& network, std::uint32_t x) {
    REQUIRE(translated(network.out(S, iss)));
    const auto challenge = network.in(A, irs, x);
    REQUIRE(challenge.outcome == NatOutcome::Forwarded);
    REQUIRE(challenge.ignored);
    const auto reset = network.out(R, x);
    if (translated(reset)) {
        CHECK(network.entry().state == TrackState::Close);
        CHECK(network.entry().timeout == 10'000);
        return true;
    }
    REQUIRE(leaked(reset));
    CHECK(reset.segment.source == client);
    CHECK(network.entry().state == TrackState::SynSent);
    return false;
}

bool reset_passes(const std::string& era, std::uint32_t x, Overrides overrides = {}) {
    Network network(era, overrides);
    return reset_passes(network, x);
}

/// The verdicts for X far before ISS, just before it, at ISS, at ISS + 1, just after it, and far after it.
std::string verdicts(const std::string& era, Overrides overrides = {}) {
    std::string text;
    for (const auto x : {iss - far, iss - 1, iss, iss + 1, iss + 2, iss + far})
        text += reset_passes(era, x, overrides) ? 'a' : 'I';
    return text;
}

}  // namespace

TEST_CASE("a challenge ACK is let through without being believed, in every era") {
    for (const auto* era : eras) {
        Network network(era);
        network.out(S, iss);
        const auto before = network.entry();
        network.table.entries[0].timeout = 50'000;
        const auto step = network.in(A, irs, iss + far);
        INFO(era);
        CHECK(step.outcome == NatOutcome::Forwarded);
        CHECK(step.ignored);
        CHECK(step.segment.destination == client);
        CHECK(network.entry().state == TrackState::SynSent);
        CHECK(network.entry().timeout == 50'000);
        CHECK(network.entry().seen_reply);  // it counts as a reply all the same
        CHECK(network.entry().last_class == SegmentClass::Ack);
        CHECK(network.entry().peers[original] == before.peers[original]);
        CHECK(network.entry().peers[reply] == before.peers[reply]);
    }
}

TEST_CASE("the reset that answers it passes for one half of the numbers, and which half depends on the era") {
    CHECK(verdicts("linux-2.6.18") == "IIaaaa");
    CHECK(verdicts("linux-2.6.31") == "IIIaaa");
    CHECK(verdicts("linux-3.6") == "IIIaaa");
    CHECK(verdicts("linux-5.10") == "aaaaaa");
    CHECK(verdicts("linux-5.18") == "aaaaII");
    CHECK(verdicts("linux-6.18") == "aaaaaa");
}

TEST_CASE("2.6.18 gives the unknown server a window of 1, hence its one value more") {
    CHECK(reset_passes("linux-2.6.18", iss));
    CHECK_FALSE(reset_passes("linux-2.6.31", iss));
}

TEST_CASE("be_liberal lets every such reset pass, in every era") {
    for (const auto* era : eras) {
        INFO(era);
        CHECK(verdicts(era, {{"nf_conntrack_tcp_be_liberal", "true"}}) == "aaaaaa");
    }
}

TEST_CASE("ignore_invalid_rst has no effect in SYN_SENT") {
    for (const auto* era : eras) {
        INFO(era);
        CHECK(verdicts(era, {{"nf_conntrack_tcp_ignore_invalid_rst", "true"}}) == verdicts(era));
    }
}

TEST_CASE("without the window check of OpenWrt's patch every such reset passes") {
    CHECK(verdicts("linux-5.18", {{"nf_conntrack_tcp_no_window_check", "true"}}) == "aaaaaa");
}

TEST_CASE("a reset that acknowledges the challenge passes: the test before the window asks for that") {
    for (const auto* era : eras) {
        Network network(era);
        network.out(S, iss);
        network.in(A, irs, iss - far);
        INFO(era);
        CHECK(translated(network.out(RA, iss - far, irs)));
    }
}

TEST_CASE("6.18 remembers one packet only") {
    const auto x = iss + far;
    SECTION("a SYN sent again hides the challenge ACK") {
        Network network("linux-6.18");
        network.out(S, iss);
        network.in(A, irs, x);
        network.out(S, iss);
        CHECK(leaked(network.out(R, x)));
    }
    SECTION("so does a second challenge ACK") {
        Network network("linux-6.18");
        network.out(S, iss);
        network.in(A, irs, x);
        network.in(A, irs, x + 7);
        CHECK(leaked(network.out(R, x)));
        CHECK(translated(network.out(R, x + 7)));
    }
    SECTION("an INVALID packet does not, because the entry is not assured") {
        Network network("linux-6.18");
        network.out(S, iss);
        network.in(A, irs, x);
        CHECK(leaked(network.out(R, x + 1)));
        CHECK(leaked(network.out(FA, x, 5)));
        CHECK(translated(network.out(R, x)));
    }
}

TEST_CASE("after the accepted reset the next SYN gets a new entry and, if it is free, the same port") {
    for (const auto* era : {"linux-2.6.31", "linux-5.10", "linux-6.18"}) {
        Network network(era);
        REQUIRE(reset_passes(network, iss + 1));
        const auto again = network.out(S, iss);
        INFO(era);
        CHECK(translated(again));
        CHECK(again.segment.source.port == 903);
        CHECK(network.entry().state == TrackState::SynSent);
        CHECK_FALSE(network.entry().seen_reply);
    }
}

TEST_CASE("an INVALID reset changes nothing: each SYN repeats the same exchange") {
    Network network("linux-2.6.31");
    REQUIRE_FALSE(reset_passes(network, iss - far));
    const auto after_first = network.table;
    network.out(S, iss);
    network.in(A, irs, iss - far);
    CHECK(leaked(network.out(R, iss - far)));
    CHECK(network.table == after_first);
}

TEST_CASE(
    "a bare reset by the server in SYN_SENT deletes the unanswered entry, though the client ignores it") {
    for (const auto* era : {"linux-5.10", "linux-5.18", "linux-6.18"}) {
        Network network(era);
        network.out(S, iss);
        INFO(era);
        CHECK(network.in(R, irs).outcome == NatOutcome::Forwarded);
        CHECK(network.table.entries.empty());
    }
}

TEST_CASE("a server's FIN in SYN_SENT reaches the NAT host") {
    for (const auto* era : eras) {
        Network network(era);
        network.out(S, iss);
        INFO(era);
        CHECK(network.in(FA, irs, iss + 1).outcome == NatOutcome::ToHost);
    }
}
