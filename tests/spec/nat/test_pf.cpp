// pf: two peers for each state, its window test, its own resets and its challenge ACK
// (reference/nats.md 3.1).

#include "tests/spec/nat/nat_fixture.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

const std::initializer_list<const char*> pfs{"pf-old", "pf", "pf-static-port", "pf-return-rst"};

}  // namespace

TEST_CASE("pf forwards a handshake and keeps the state for a day") {
    for (const auto* name : pfs) {
        INFO(name);
        const Network network = connected(name);
        CHECK(network.entry().timeout == 86'400'000);
        CHECK(network.entry().peers[original].side == SideState::Established);
        CHECK(network.entry().peers[reply].side == SideState::Established);
    }
}

TEST_CASE("a challenge ACK never gets through pf: pf itself resets the server with its number") {
    for (const auto* name : pfs)
        for (const std::uint32_t x : {iss - far, iss + far, iss - 70'000, iss + 70'000}) {
            Network network(name);
            const auto outside = syn(network);
            const auto step = network.in(A, irs, x, 0, outside);
            INFO(name << " " << x);
            CHECK(step.outcome == NatOutcome::Dropped);
            REQUIRE(step.sent.size() == 1);
            const auto& reset = step.sent.front();
            CHECK(reset.flags == R);
            CHECK(reset.seq.value == x);
            CHECK(reset.source == Address{nat_ip, outside});
            CHECK(reset.destination == server);
            // The next SYN-ACK introduces the server anew.
            CHECK(translated(network.out(S, iss, 0, 0, client, random_port)));
            CHECK(network.in(SA, irs + far, iss + 1, 0, outside).outcome == NatOutcome::Forwarded);
            CHECK(translated(network.out(A, iss + 1, irs + far + 1)));
            CHECK(network.entry().state == TrackState::Established);
        }
}

TEST_CASE(
    "within 67,035 of the SYN's number the challenge ACK passes, and the reset that answers it does not") {
    for (const auto* name : pfs)
        for (const std::uint32_t x : {iss - 67'035, iss - 5, iss + 67'035}) {
            Network network(name);
            const auto outside = syn(network);
            INFO(name << " " << x);
            CHECK(network.in(A, irs, x, 0, outside).outcome == NatOutcome::Forwarded);
            const auto reset = network.out(R, x);
            CHECK(reset.outcome == NatOutcome::Dropped);
            CHECK(reset.sent.empty());
        }
}

TEST_CASE("a bare reset must be within 1 of the highest number that pf saw of its sender") {
    for (const auto* name : pfs)
        for (const int off : {-2, -1, 0, 1, 2}) {
            Network network = connected(name);
            // A handshake without data leaves the client's highest number at its ISS.
            REQUIRE(network.entry().peers[original].td_end.value == iss);
            const auto seq = iss + static_cast<std::uint32_t>(off);
            INFO(name << " " << off);
            const bool passes = network.out(R, seq).outcome == NatOutcome::Forwarded;
            CHECK(passes == (off >= -1 && off <= 1));
            if (!passes) continue;
            CHECK(network.entry().state == TrackState::Close);
            CHECK(network.entry().timeout == 90'000);
        }
}

TEST_CASE("FreeBSD without scrub asks of no reset that it be exact") {
    Network network = connected("pf-old", {{"reset_match", "in window"}});
    CHECK(network.out(R, iss + far).outcome == NatOutcome::Forwarded);  // judged by its acknowledgement only
}

TEST_CASE("OpenBSD believes a RST,ACK in window whose acknowledgement is exactly right") {
    for (const auto* name : {"pf-old", "pf"})
        for (const std::uint32_t off : {0U, 1U}) {
            Network network = connected(name);
            const auto port_used = network.entry().outside.port;
            REQUIRE(network.in(A, irs + 1, iss + 1, 500, port_used).outcome == NatOutcome::Forwarded);
            INFO(name << " " << off);
            // The server's number is 500 behind what was seen of it.
            const auto step = network.in(RA, irs + 1, iss + off, 0, port_used);
            CHECK((step.outcome == NatOutcome::Forwarded) == (std::string(name) == "pf" && off == 0));
        }
}

TEST_CASE("a FIN itself may lie beyond the window since OpenBSD counts data only") {
    for (const auto* name : {"pf-old", "pf"}) {
        Network network = connected(name);
        const auto& peer = network.entry().peers[original];
        const auto room = peer.td_maxend.value - peer.td_end.value;
        const auto step = network.out(FA, iss + 1, irs + 1, room - 1);
        INFO(name);
        CHECK((step.outcome == NatOutcome::Forwarded) == (std::string(name) == "pf"));
    }
}

TEST_CASE("a SYN on an established state: swallowed before, challenged by pf itself since") {
    Network old = connected("pf-old");
    const auto swallowed = old.out(S, iss + far);
    CHECK(swallowed.outcome == NatOutcome::Dropped);
    CHECK(swallowed.sent.empty());

    Network network = connected("pf");
    const auto step = network.out(S, iss + far);
    CHECK(step.outcome == NatOutcome::Dropped);
    REQUIRE(step.sent.size() == 1);
    const auto& challenge = step.sent.front();
    CHECK(challenge.flags == A);
    CHECK(challenge.source == server);
    CHECK(challenge.destination == client);
    CHECK(challenge.seq.value == irs + 1);
    CHECK(challenge.ack.value ==
          iss);  // what pf saw, one less than the server expects where no data was sent
    // The rebooted client's reset reaches the server and closes the state.
    CHECK(translated(network.out(R, iss)));
    CHECK(network.entry().state == TrackState::Close);
}

TEST_CASE("a SYN on a closed state removes it and is lost; the next one makes a new state") {
    for (const auto* name : pfs) {
        Network network = connected(name);
        REQUIRE(translated(network.out(R, iss + 1)));
        INFO(name);
        CHECK(network.out(S, iss + far).outcome == NatOutcome::Dropped);
        CHECK(network.table.entries.empty());
        CHECK(translated(network.out(S, iss + far, 0, 0, client, random_port)));
    }
}

TEST_CASE("a connection that closes goes through closing, fin_wait and closed") {
    for (const auto* name : pfs) {
        Network network = connected(name);
        const auto outside = network.entry().outside.port;
        INFO(name);
        network.out(FA, iss + 1, irs + 1);
        CHECK(network.entry().state == TrackState::FinWait);
        CHECK(network.entry().timeout == 900'000);
        network.in(FA, irs + 1, iss + 2, 0, outside);
        CHECK(network.entry().state == TrackState::LastAck);
        CHECK(network.entry().timeout == 45'000);
        network.out(A, iss + 2, irs + 2);
        CHECK(network.entry().state == TrackState::TimeWait);
        CHECK(network.entry().timeout == 90'000);
    }
}

TEST_CASE("a state lives 120 s after its first packet, and 30 s after any further one of the handshake") {
    Network network("pf");
    syn(network);
    CHECK(network.entry().timeout == 120'000);
    network.out(S, iss, 0, 0, client, random_port);
    CHECK(network.entry().timeout == 30'000);
}

TEST_CASE("without a state pf blocks all but a SYN from inside; with return it resets the sender") {
    Network silent("pf");
    for (const std::uint8_t flags : {A, FA, R, RA, SA}) {
        const auto step = silent.out(flags, iss, irs, 0, client, random_port);
        CHECK(step.outcome == NatOutcome::Dropped);
        CHECK(step.sent.empty());
        CHECK(silent.in(flags, irs, iss, 0, random_port).outcome == NatOutcome::Dropped);
    }
    Network returning("pf-return-rst");
    const auto step = returning.out(A, iss, irs, 100, client, random_port);
    REQUIRE(step.sent.size() == 1);
    CHECK(step.sent.front().flags == RA);
    CHECK(step.sent.front().seq.value == irs);
    CHECK(step.sent.front().ack.value == iss + 100);
    CHECK(step.sent.front().destination == client);
    CHECK(returning.out(R, iss, 0, 0, client, random_port).sent.empty());
    CHECK(returning.in(S, irs, 0, 0, random_port).sent.size() == 1);
}

TEST_CASE("with `flags any` every segment from inside makes a state and a mapping") {
    for (const std::uint8_t flags : {A, FA, R, SA}) {
        Network network("pf", {{"any_flags", "true"}});
        CHECK(translated(network.out(flags, iss, irs, 0, client, random_port)));
    }
}

TEST_CASE("pf takes a random port of its range for each connection; static-port keeps it or drops") {
    Network network("pf");
    const auto asked = network.out(S, iss);
    REQUIRE(asked.needs_port);
    CHECK(asked.ports.front().port >= 50'001);
    CHECK(asked.ports.front().of == 15'535);

    Network fixed("pf-static-port");
    CHECK(syn(fixed) == 903);
    CHECK(fixed.out(S, iss, 0, 0, other_client).outcome == NatOutcome::Dropped);
    CHECK(translated(fixed.out(S, iss, 0, 0, {other_client.ip, 904})));
}

TEST_CASE("sloppy: no number is looked at, and the flags move the state") {
    Network network("pf-sloppy");
    const auto outside = syn(network);
    CHECK(network.in(A, irs, iss + far, 0, outside).outcome == NatOutcome::Forwarded);
    CHECK(translated(network.out(R, iss + far)));
    CHECK(network.entry().state == TrackState::Close);
}
