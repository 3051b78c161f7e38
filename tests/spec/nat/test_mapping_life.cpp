// How mappings come, change and go: lookup again, pick-up, leaks, timers (reference/nats.md 1.8
// to 1.10, 2.5).

#include "tests/spec/nat/nat_fixture.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

/// The other client holds 903, so that this one was given 600; then 903 becomes free.
Network displaced(const std::string& era) {
    Network network(era);
    network.out(S, 77, 0, 0, other_client);
    network.out(S, iss);
    REQUIRE(network.entry().outside.port == 600);
    network.in(SA, irs, iss + 1, 0, 600);
    network.out(A, iss + 1, irs + 1);
    erase(network.table, find_original(network.table, other_client, server));
    return network;
}

}  // namespace

TEST_CASE("a SYN on a CLOSE entry after the client's own reset chooses the port again") {
    Network network = displaced("linux-3.6");
    network.out(R, iss + 1);
    REQUIRE(network.entry().state == TrackState::Close);
    const auto step = network.out(S, iss + 999);
    CHECK(translated(step));
    CHECK(step.segment.source.port == 903);
    CHECK(network.entry().state == TrackState::SynSent);
    CHECK(network.table.entries.size() == 1);
}

TEST_CASE("a SYN on a TIME_WAIT entry chooses the port again") {
    Network network = displaced("linux-3.6");
    network.out(FA, iss + 1, irs + 1);
    network.in(FA, irs + 1, iss + 2, 0, 600);
    network.out(A, iss + 2, irs + 2);
    REQUIRE(network.entry().state == TrackState::TimeWait);
    CHECK(network.out(S, iss + 999).segment.source.port == 903);
}

TEST_CASE("a SYN on a CLOSE entry after the server's reset is ignored and keeps the port") {
    Network network = displaced("linux-3.6");
    network.in(R, irs + 1, 0, 0, 600);
    REQUIRE(network.entry().state == TrackState::Close);
    const auto step = network.out(S, iss + 999);
    CHECK(step.ignored);
    CHECK(step.segment.source.port == 600);
}

TEST_CASE("2.6.18 reopens a closed entry only for a newer SYN or the side that closed it") {
    Network network("linux-2.6.18");
    network.shake_hands(iss, irs);
    network.in(R, irs + 1);
    REQUIRE(network.entry().state == TrackState::Close);
    CHECK(leaked(network.out(S, iss - 1000)));
    CHECK(translated(network.out(S, iss + 1000)));
    CHECK(network.entry().state == TrackState::SynSent);
}

TEST_CASE("looked up again with a random search, nothing changes until the port is chosen") {
    Network network("linux-5.10");
    network.shake_hands(iss, irs);
    network.out(R, iss + 1);
    network.addresses.busy_ports = {903};
    const auto before = network.table;
    const auto asked = network.out(S, iss + 999);
    CHECK(asked.needs_port);
    CHECK(network.table == before);
    CHECK(network.out(S, iss + 999, 0, 0, client, std::uint16_t{777}).segment.source.port == 777);
}

TEST_CASE("a SYN by the server in TIME_WAIT kills the entry since 3.13 and reaches the NAT host") {
    for (const auto* era : {"linux-3.6", "linux-5.10"}) {
        Network network(era);
        network.shake_hands(iss, irs);
        network.out(FA, iss + 1, irs + 1);
        network.in(FA, irs + 1, iss + 2);
        network.out(A, iss + 2, irs + 2);
        INFO(era);
        CHECK(network.in(S, irs + 999).outcome == NatOutcome::ToHost);
        CHECK(network.table.entries.empty() == (std::string(era) == "linux-5.10"));
    }
}

TEST_CASE("without an entry only a SYN or an ACK from inside gets through translated") {
    for (const auto* era : eras) {
        INFO(era);
        CHECK(translated(Network(era).out(S, iss)));
        CHECK(translated(Network(era).out(A, iss, irs)));
        CHECK(leaked(Network(era).out(FA, iss, irs)));
        CHECK(leaked(Network(era).out(R, iss)));
        CHECK(leaked(Network(era).out(SA, iss, irs)));
        CHECK(leaked(Network(era, {{"nf_conntrack_tcp_loose", "false"}}).out(A, iss, irs)));
        for (const auto flags : {S, SA, A, R, FA})
            CHECK(Network(era).in(flags, irs, iss).outcome == NatOutcome::ToHost);
    }
}

TEST_CASE("a rule that drops INVALID stops the leak and spares the NAT host, but lets no reset through") {
    Network network("linux-2.6.31", {{"invalid", "dropped"}});
    CHECK(network.out(R, iss).outcome == NatOutcome::DroppedInvalid);
    network.out(S, iss);
    network.in(A, irs, iss - 1000);
    CHECK(network.out(R, iss - 1000).outcome == NatOutcome::DroppedInvalid);
    CHECK(network.in(FA, irs, iss + 1).outcome == NatOutcome::DroppedInvalid);
}

TEST_CASE(
    "a rule that drops INVALID does not stop what opens a connection with the NAT host itself, or is picked "
    "up") {
    for (const auto* era : eras) {
        INFO(era);
        Network network(era, {{"invalid", "dropped"}});
        for (const auto flags : {S, A}) CHECK(network.in(flags, irs, iss).outcome == NatOutcome::ToHost);
        for (const auto flags : {SA, FA, R})
            CHECK(network.in(flags, irs, iss).outcome == NatOutcome::DroppedInvalid);
        Network strict(era, {{"invalid", "dropped"}, {"nf_conntrack_tcp_loose", "false"}});
        CHECK(strict.in(A, irs, iss).outcome == NatOutcome::DroppedInvalid);
        CHECK(strict.table.entries.empty());
    }
}

TEST_CASE("impossible flags are INVALID") {
    Network network("linux-6.18");
    network.shake_hands(iss, irs);
    CHECK(leaked(network.out(flag::fin, iss + 1)));
    CHECK(leaked(network.out(0, iss + 1)));
    CHECK(leaked(network.out(flag::syn | flag::fin, iss + 1)));
}

TEST_CASE("a SYN sent again restarts the timer in older kernels only") {
    for (const auto* era : eras) {
        Network network(era);
        network.out(S, iss);
        pass_time(network.table, 30'000);
        network.out(S, iss);
        const bool recent = std::string(era) == "linux-5.18" || std::string(era) == "linux-6.18";
        INFO(era);
        CHECK(next_expiry(network.table) == (recent ? 90'000 : 120'000));
    }
}

TEST_CASE("an older SYN on the same entry is INVALID up to 3.11") {
    for (const auto* era : eras) {
        Network network(era);
        network.out(S, iss);
        const std::string name = era;
        // A segment without data is judged by its acknowledgement only up to 2.6.32, but a SYN spans a
        // number.
        const bool refused = name == "linux-2.6.18" || name == "linux-2.6.31" || name == "linux-3.6";
        INFO(era);
        CHECK(leaked(network.out(S, iss - 1000)) == refused);
    }
}

TEST_CASE("timers: unacknowledged data, identical ACKs and a window of 0 shorten ESTABLISHED to 300 s") {
    Network network("linux-6.18");
    network.shake_hands(iss, irs);
    CHECK(network.entry().timeout == 432'000'000);
    network.out(A, iss + 1, irs + 1, 100);
    CHECK(network.entry().timeout == 300'000);
    network.in(A, irs + 1, iss + 101);
    CHECK(network.entry().timeout == 432'000'000);
    for (int i = 0; i < 3; ++i) network.in(A, irs + 1, iss + 101);
    CHECK(network.entry().timeout == 300'000);
    network.out(A, iss + 101, irs + 1, 0, client, std::nullopt, 0);
    CHECK(network.entry().timeout == 300'000);

    Network old("linux-2.6.18");
    old.shake_hands(iss, irs);
    old.out(A, iss + 1, irs + 1, 100);
    CHECK(old.entry().timeout == 432'000'000);
}

TEST_CASE("an out-of-window FIN or RST of each side brings an assured entry's end nearer since 6.1") {
    Network network("linux-6.18");
    network.shake_hands(iss, irs);
    CHECK(leaked(network.out(FA, iss + 0x0100'0000, irs + 1)));
    CHECK(network.entry().timeout == 432'000'000);
    CHECK(network.in(FA, irs + 0x0100'0000, iss + 1).outcome == NatOutcome::ToHost);
    CHECK(network.entry().timeout == 300'000);
}

TEST_CASE("time passes for every entry, and an expired one is gone without a word") {
    Network network("linux-6.18");
    CHECK(next_expiry(network.table) == never);
    network.out(S, iss);
    pass_time(network.table, 100'000);
    network.out(S, iss, 0, 0, Address{client.ip, 904});
    CHECK(next_expiry(network.table) == 20'000);
    pass_time(network.table, 20'000);
    expire(network.reading, network.nat, network.table);
    REQUIRE(network.table.entries.size() == 1);
    CHECK(network.table.entries[0].inside.port == 904);
    CHECK(network.table.entries[0].timeout == 100'000);
}

TEST_CASE("entries are kept sorted by inside and destination") {
    Network one("linux-3.6"), two("linux-3.6");
    one.out(S, iss);
    one.out(S, iss, 0, 0, Address{other_client.ip, 950});
    two.out(S, iss, 0, 0, Address{other_client.ip, 950});
    two.out(S, iss);
    CHECK(one.table == two.table);
}
