// Entries that outlive a NAT's restart (reference/nats.md section 6).

#include "tests/spec/nat/nat_fixture.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

constexpr std::uint32_t client_next = 0x1000'0000;
constexpr std::uint32_t server_next = 0x7000'0000;

Network with_entry(const std::string& era, Restored how) {
    Network network(era);
    restore(network.reading, network.nat, network.table, client, Address{nat_ip, 903}, server,
            IdleSide<ConcreteReading>{{client_next, 0}, 64240},
            IdleSide<ConcreteReading>{{server_next, 0}, 65535}, how);
    return network;
}

}  // namespace

TEST_CASE("an idle connection's entry is what the tracker would hold after it") {
    for (const auto* era : {"linux-5.18", "linux-6.18"}) {
        Network seen(era);
        seen.shake_hands(client_next - 1, server_next - 1);
        seen.in(A, server_next, client_next);
        seen.out(A, client_next, server_next);
        const Network restored = with_entry(era, Restored::Tracked);
        const auto& a = seen.entry();
        const auto& b = restored.entry();
        INFO(era);
        CHECK(a.peers[original] == b.peers[original]);
        CHECK(a.peers[reply] == b.peers[reply]);
        CHECK(a == b);
    }
}

TEST_CASE("traffic goes on through the entry of an idle connection, in every era") {
    for (const auto* era : eras) {
        Network network = with_entry(era, Restored::Tracked);
        INFO(era);
        CHECK(translated(network.out(A, client_next, server_next, 100)));
        CHECK(network.in(A, server_next, client_next + 100).outcome == NatOutcome::Forwarded);
        CHECK(network.entry().state == TrackState::Established);
    }
}

TEST_CASE("a saved entry learns the windows again where the first packet teaches both sides' numbers") {
    for (const auto* era : {"linux-3.6", "linux-5.10", "linux-5.18", "linux-6.18"}) {
        Network network = with_entry(era, Restored::Saved);
        INFO(era);
        CHECK(translated(network.out(A, client_next, server_next, 100)));
        CHECK(network.in(A, server_next, client_next + 100).outcome == NatOutcome::Forwarded);
        CHECK(network.entry().state == TrackState::Established);
    }
    // Before, the first packet's acknowledgement is judged against 0, so that a saved entry leaks.
    Network old = with_entry("linux-2.6.31", Restored::Saved);
    CHECK(leaked(old.out(A, client_next, server_next, 100)));
}

TEST_CASE("an idle connection's foreign challenge ACK reaches the NAT host") {
    Network network = with_entry("linux-6.18", Restored::Tracked);
    REQUIRE(network.out(S, 0x2000'0000).ignored);
    CHECK(network.in(A, server_next, client_next + 5).outcome == NatOutcome::ToHost);
}

TEST_CASE("a saved entry knows no windows: it believes the first numbers it sees") {
    Network network = with_entry("linux-6.18", Restored::Saved);
    CHECK(network.entry().peers[original].td_maxwin == 0);
    CHECK(network.in(A, 0x4242'0000, 0x1717'0000).outcome == NatOutcome::Forwarded);
    CHECK(network.entry().peers[reply].td_end.value == 0x4242'0000);
    CHECK(network.entry().peers[original].td_end.value == 0x1717'0000);
}
