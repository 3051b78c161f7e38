// reference/nats.md section 2: which outside port a new connection gets.

#include "tests/spec/nat/nat_fixture.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

Address with_port(Address a, std::uint16_t port) {
    a.port = port;
    return a;
}

std::uint16_t port_of(const Step& step) {
    REQUIRE(translated(step));
    return step.segment.source.port;
}

/// The outside port of `from`'s connection when `taken` already holds the port that it would keep.
std::uint16_t port_after_clash(Network& network, std::uint16_t port) {
    REQUIRE(port_of(network.out(S, iss, 0, 0, with_port(client, port))) == port);
    return port_of(network.out(S, iss, 0, 0, with_port(other_client, port)));
}

}  // namespace

TEST_CASE("a port that is free is kept, in every era") {
    for (const auto* era : eras) {
        Network network(era);
        INFO(era);
        CHECK(port_of(network.out(S, iss)) == 903);
    }
}

TEST_CASE("the deterministic searches begin at the first port of the class: swaps are exact") {
    for (const auto* era : {"linux-2.6.18", "linux-2.6.31", "linux-3.6"}) {
        INFO(era);
        for (const auto& [port, first] :
             {std::pair<std::uint16_t, std::uint16_t>{400, 1}, {512, 600}, {903, 600}, {40000, 1024}}) {
            Network network(era);
            CHECK(port_after_clash(network, port) == first);
        }
        Network network(era);
        REQUIRE(port_of(network.out(S, iss, 0, 0, other_client)) == 903);  // the other order
        CHECK(port_of(network.out(S, iss, 0, 0, client)) == 600);
    }
}

TEST_CASE("the founding story's port 601: 600 was in use by someone else") {
    Network network("linux-2.6.31");
    network.addresses.busy_ports = {600};
    CHECK(port_after_clash(network, 903) == 601);
}

TEST_CASE("the search goes on where it last succeeded") {
    for (const auto* era : {"linux-2.6.18", "linux-2.6.31"}) {
        Network network(era);
        CHECK(port_after_clash(network, 903) == 600);
        const Address third{client.ip + 2, 903}, fourth{client.ip + 3, 903};
        INFO(era);
        CHECK(port_of(network.out(S, iss, 0, 0, third)) == 601);
        CHECK(network.table.search_start == 1);
        // 600 is free again, but the search does not return to it.
        erase(network.table, find_original(network.table, other_client, server));
        CHECK(port_of(network.out(S, iss, 0, 0, fourth)) == 602);
    }
}

TEST_CASE("the search wraps around its class") {
    Network network("linux-3.6");
    network.table.search_start = 423;
    network.addresses.busy_ports = {1023};
    CHECK(port_after_clash(network, 903) == 600);
}

TEST_CASE("a random search is the environment's choice") {
    Network network("linux-5.10");
    network.interesting = {601, 903, 2000};
    REQUIRE(port_of(network.out(S, iss)) == 903);
    const auto before = network.table;

    const auto asked = network.out(S, iss, 0, 0, other_client);
    CHECK(asked.needs_port);
    CHECK(network.table == before);
    // 600..1023 without 903; 2000 is out of the class.
    REQUIRE(asked.ports.size() == 2);
    CHECK(asked.ports[0] == PortChoice{601, 1, 423});
    CHECK(asked.ports[1] == PortChoice{600, 422, 423});

    CHECK(port_of(network.out(S, iss, 0, 0, other_client, std::uint16_t{601})) == 601);
}

TEST_CASE("a port is taken by an entry in any state") {
    Network network("linux-3.6");
    network.shake_hands(iss, 5000);
    network.out(R, iss + 1);
    REQUIRE(network.entry().state == TrackState::Close);
    CHECK(port_of(network.out(S, iss, 0, 0, other_client)) == 600);
}

TEST_CASE("a port is taken for one destination only") {
    Network network("linux-3.6");
    REQUIRE(port_of(network.out(S, iss)) == 903);
    const Address elsewhere{server.ip + 1, server.port};
    const ConcreteSegment segment{other_client, elsewhere, flag::syn, {iss, 0}, {0, 0}, 64240, 0};
    const auto step =
        outbound(network.reading, network.nat, network.addresses, network.table, segment, {}, std::nullopt);
    CHECK(port_of(step) == 903);
}

TEST_CASE("a client's port keeps its mapping towards further destinations") {
    Network network("linux-3.6");
    REQUIRE(port_after_clash(network, 903) == 600);
    const Address elsewhere{server.ip + 1, server.port};
    const ConcreteSegment segment{other_client, elsewhere, flag::syn, {iss, 0}, {0, 0}, 64240, 0};
    const auto step =
        outbound(network.reading, network.nat, network.addresses, network.table, segment, {}, std::nullopt);
    CHECK(port_of(step) == 600);
}

TEST_CASE("one fixed port per client: the mapping is a function, and a second connection is dropped") {
    Network network("linux-5.10");
    network.addresses.fixed_ports = {{client.ip, 700}, {other_client.ip, 701}};
    CHECK(port_of(network.out(S, iss, 0, 0, other_client)) == 701);
    CHECK(port_of(network.out(S, iss)) == 700);
    const auto second = network.out(S, iss, 0, 0, with_port(client, 904));
    CHECK(second.outcome == NatOutcome::Dropped);
    CHECK(network.table.entries.size() == 2);
}

TEST_CASE("where every port is taken the packet is dropped") {
    Network network("linux-3.6");
    for (std::uint16_t port = 600; port < 1024; ++port) network.addresses.busy_ports.push_back(port);
    CHECK(network.out(S, iss).outcome == NatOutcome::Dropped);
    CHECK(network.table.entries.empty());
}

TEST_CASE("a firewall without an outside address tracks and translates nothing") {
    Network network("linux-6.18");
    network.addresses.outside_ip = 0;
    const auto syn = network.out(S, iss);
    CHECK(syn.outcome == NatOutcome::Forwarded);
    CHECK(syn.segment.source == client);
    const ConcreteSegment synack{server, client, SA, {7000, 0}, {iss + 1, 0}, 65535, 0};
    const auto step = inbound(network.reading, network.nat, network.addresses, network.table, synack);
    CHECK(step.outcome == NatOutcome::Forwarded);
    CHECK(step.segment.destination == client);
}

// reference/nats.md 2.1 to 2.3, 3.1, 3.2 and 5.  "any of N from F": a random choice of N ports, F the first
// of them.
TEST_CASE(
    "what outside port a connection gets: alone from 903 and 5000, and from 903 where another client has it",
    "[table]") {
    const auto port = [](Network& network, const Address& from) -> std::string {
        const Step step = network.out(S, iss, 0, 0, from);
        if (step.needs_port) {
            const auto& some = step.ports.front();
            return "any of " + std::to_string(some.of) + " from " + std::to_string(some.port);
        }
        return translated(step) ? std::to_string(step.segment.source.port) : "dropped";
    };
    struct Row {
        std::initializer_list<const char*> nats;
        const char *from_903, *from_5000, *clash;
    };
    for (const Row& row : {
             Row{{"linux-2.6.18", "linux-2.6.31", "linux-3.6"}, "903", "5000", "600"},
             Row{{"linux-5.10", "linux-5.18", "linux-6.18", "openwrt", "pan-os", "ovs-userspace"},
                 "903",
                 "5000",
                 "any of 423 from 600"},
             Row{{"pf-old", "pf", "pf-return-rst", "pf-sloppy"},
                 "any of 15535 from 50001",
                 "any of 15535 from 50001",
                 "any of 15535 from 50001"},
             Row{{"pf-static-port"}, "903", "5000", "dropped"},
             Row{{"libalias"}, "903", "5000", "any of 32768 from 32768"},
             Row{{"vpp"}, "any of 64512 from 1024", "5000", "any of 64512 from 1024"},
             Row{{"rfc5382"}, "903", "5000", "any of 64512 from 1024"},
             Row{{"vignat"}, "1024", "1024", "1025"},
             Row{{"aws-nat-gateway", "azure-nat-gateway"},
                 "any of 64512 from 1024",
                 "any of 64512 from 1024",
                 "any of 64512 from 1024"},
             Row{{"azure-lb"}, "any of 1024 from 2048", "any of 1024 from 2048", "any of 1024 from 3072"},
             Row{{"gcp-cloud-nat"}, "any of 64 from 1088", "any of 64 from 1088", "any of 64 from 1152"},
         })
        for (const auto* nat : row.nats) {
            INFO(nat);
            Network alone(nat), other(nat), clash(nat);
            CHECK(port(alone, client) == row.from_903);
            CHECK(port(other, with_port(client, 5000)) == row.from_5000);
            clash.out(S, iss, 0, 0, client, std::uint16_t{903});
            CHECK(port(clash, other_client) == row.clash);
        }
}

TEST_CASE("random and fully-random keep no port, even where it is free") {
    for (const auto* era : eras) {
        INFO(era);
        Network network(era, {{"port_preservation", "never"}, {"port_search", "random"}});
        const Step step = network.out(S, iss);
        REQUIRE(step.needs_port);
        CHECK(step.ports.front().of == 424);
    }
}
