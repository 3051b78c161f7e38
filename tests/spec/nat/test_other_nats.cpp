// NATs that keep no sequence numbers, Open vSwitch, and the clouds' (reference/nats.md 3.2, 4 and 5).

#include "tests/spec/nat/nat_fixture.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

/// SYN(ISS), challenge ACK(X), RST(X): does the reset reach the server?
bool challenged_reset_passes(const std::string& name, std::uint32_t x) {
    Network network(name);
    const auto outside = syn(network);
    REQUIRE(network.in(A, irs, x, 0, outside).outcome == NatOutcome::Forwarded);
    return translated(network.out(R, x));
}

void expire_now(Network& network, std::vector<ConcreteSegment>& sent) {
    pass_time(network.table, network.entry().timeout);
    sent = expire(network.reading, network.nat, network.table);
}

}  // namespace

TEST_CASE("NATs without a window test let every reset that answers a challenge ACK pass") {
    for (const auto* name : {"openwrt", "libalias", "vpp", "vignat", "rfc5382", "aws-nat-gateway",
                             "azure-nat-gateway", "azure-lb", "gcp-cloud-nat"})
        for (const auto x : {iss - far, iss - 1, iss, iss + 1, iss + far}) {
            INFO(name << " " << x);
            CHECK(challenged_reset_passes(name, x));
        }
}

TEST_CASE("Open vSwitch lets the challenge ACK pass and refuses the reset unless it is next to the SYN") {
    for (const auto x : {iss - far, iss - 2, iss + 2, iss + far})
        CHECK_FALSE(challenged_reset_passes("ovs-userspace", x));
    for (const auto x : {iss - 1, iss, iss + 1}) CHECK(challenged_reset_passes("ovs-userspace", x));
    Network network("ovs-userspace");
    const auto outside = syn(network);
    network.in(A, irs, iss + far, 0, outside);
    CHECK(network.entry().peers[original].side == SideState::Established);
    CHECK(network.entry().peers[reply].side == SideState::SynSent);
    CHECK(network.out(R, iss + far).outcome == NatOutcome::DroppedInvalid);
}

TEST_CASE("Open vSwitch does not judge a SYN that nobody has acknowledged, and learns nothing from it") {
    Network network("ovs-userspace");
    const auto outside = syn(network);
    const auto before = network.entry().peers[original];
    for (const auto other : {iss + far, iss - far, iss + 0x80000000U}) {
        network.table.entries[0].timeout = 5;
        CHECK(translated(network.out(S, other)));
        CHECK(network.entry().timeout == 30'000);
        CHECK(network.entry().peers[original] == before);
        CHECK(network.entry().peers[reply].td_maxend.value == 1);
    }
    // The server's is +new from outside.
    CHECK(network.in(S, irs, 0, 0, outside).outcome == NatOutcome::Dropped);
    CHECK(network.entry().peers[reply].side == SideState::SynSent);
    CHECK(network.entry().peers[reply].td_end.value == 0);
    // Once its SYN is acknowledged, by whomever, the client's number counts.
    Network open = connected("ovs-userspace");
    CHECK(open.out(S, iss + far).outcome == NatOutcome::DroppedInvalid);
}

TEST_CASE("Open vSwitch makes a new connection at once of a SYN on a closed one") {
    Network network = connected("ovs-userspace");
    REQUIRE(translated(network.out(R, iss + 1)));
    REQUIRE(network.entry().state == TrackState::Close);
    CHECK(network.entry().timeout == 30'000);
    CHECK(translated(network.out(S, iss + far)));
    CHECK(network.entry().state == TrackState::SynSent);
    CHECK(network.entry().peers[original].td_end.value == iss + far);
}

TEST_CASE("who picks up a connection that it does not know, and who does not") {
    const auto data = [](const char* name) {
        Network network(name);
        return network.out(A, iss, irs, 100, client, random_port);
    };
    for (const auto* name : {"openwrt", "libalias", "vignat", "ovs-userspace"}) {
        INFO(name);
        CHECK(translated(data(name)));
    }
    for (const auto* name : {"vpp", "rfc5382", "azure-lb", "gcp-cloud-nat"}) {
        INFO(name);
        const auto step = data(name);
        CHECK(step.outcome == NatOutcome::Dropped);
        CHECK(step.sent.empty());
    }
    for (const auto* name : {"aws-nat-gateway", "azure-nat-gateway"}) {
        INFO(name);
        const auto step = data(name);
        CHECK(step.outcome == NatOutcome::Dropped);
        REQUIRE(step.sent.size() == 1);
        CHECK(step.sent.front().flags == R);
        CHECK(step.sent.front().seq.value == irs);
        CHECK(step.sent.front().source == server);
        CHECK(step.sent.front().destination == client);
    }
}

TEST_CASE("a reset for a connection that is gone is never answered") {
    for (const auto* name : {"aws-nat-gateway", "azure-nat-gateway", "azure-lb", "pf-return-rst"}) {
        Network network(name);
        INFO(name);
        CHECK(network.out(R, iss, 0, 0, client, random_port).sent.empty());
        CHECK(network.out(RA, iss, irs, 0, client, random_port).sent.empty());
        CHECK(network.in(R, irs, 0, 0, random_port).sent.empty());
    }
}

TEST_CASE(
    "from outside, for nobody: AWS is silent, Azure's NAT gateway resets, libalias leaves it to its host") {
    Network aws("aws-nat-gateway");
    CHECK(aws.in(A, irs, iss, 0, random_port).sent.empty());
    Network azure("azure-nat-gateway");
    const auto step = azure.in(A, irs, iss, 0, random_port);
    REQUIRE(step.sent.size() == 1);
    CHECK(step.sent.front().seq.value == iss);
    CHECK(azure.in(S, irs, 0, 0, random_port).sent.empty());
    Network libalias("libalias");
    CHECK(libalias.in(A, irs, iss, 0, random_port).outcome == NatOutcome::ToHost);
    Network vpp("vpp");
    CHECK(vpp.in(A, irs, iss, 0, random_port).outcome == NatOutcome::Dropped);
}

TEST_CASE("idle times of an established connection") {
    const std::pair<const char*, std::uint32_t> times[]{
        {"libalias", 86'400'000},       {"vpp", 7'440'000},
        {"ovs-userspace", 86'400'000},  {"vignat", 10'000},
        {"rfc5382", 7'440'000},         {"aws-nat-gateway", 350'000},
        {"azure-nat-gateway", 240'000}, {"azure-lb", 240'000},
        {"gcp-cloud-nat", 1'200'000},   {"openwrt", 432'000'000}};
    for (const auto& [name, ms] : times) {
        INFO(name);
        Network network = connected(name);
        CHECK(network.entry().timeout == ms);
        network.table.entries[0].timeout = 5;
        network.out(A, iss + 1, irs + 1, 10);
        CHECK(network.entry().timeout >= std::min(ms, 300'000U));  // 300 s: unacknowledged data, openwrt
    }
}

TEST_CASE("Azure's load balancer resets both ends at the time-out if it is told to, and nobody else does") {
    std::vector<ConcreteSegment> sent;
    for (const auto* name : {"libalias", "vpp", "aws-nat-gateway", "azure-nat-gateway", "azure-lb", "pf"}) {
        Network network = connected(name);
        expire_now(network, sent);
        INFO(name);
        CHECK(sent.empty());
        CHECK(network.table.entries.empty());
    }
    Network network = connected("azure-lb", {{"expiry_reset", "both"}});
    const auto outside = network.entry().outside;
    expire_now(network, sent);
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].source == server);
    CHECK(sent[0].destination == client);
    CHECK(sent[0].flags == RA);
    CHECK(sent[0].seq.value == irs + 1);  // what each end waits for
    CHECK(sent[1].source == outside);
    CHECK(sent[1].destination == server);
    CHECK(sent[1].seq.value == iss + 1);
    CHECK(network.table.entries.empty());
}

TEST_CASE("no reset goes out at a time-out for a connection that was never answered") {
    Network network("azure-lb", {{"expiry_reset", "both"}});
    syn(network);
    std::vector<ConcreteSegment> sent;
    expire_now(network, sent);
    CHECK(sent.empty());
}

TEST_CASE(
    "libalias: a side opens by SYN and closes by FIN or RST, and the pair says how long the link lives") {
    Network network("libalias");
    syn(network);
    CHECK(network.entry().timeout == 300'000);
    network.in(SA, irs, iss + 1);
    CHECK(network.entry().state == TrackState::Established);
    network.out(FA, iss + 1, irs + 1);
    CHECK(network.entry().timeout == 90'000);
    network.in(FA, irs + 1, iss + 2);
    CHECK(network.entry().timeout == 10'000);
    CHECK(translated(network.out(A, iss + 2, irs + 2)));
    CHECK(network.entry().timeout == 10'000);
    // A SYN of the same port passes through the dead link and does not revive it.
    CHECK(translated(network.out(S, iss + far)));
    CHECK(network.entry().timeout == 10'000);
}

TEST_CASE("libalias: a reset before the link is connected leaves it 10 s") {
    Network network("libalias");
    syn(network);
    network.in(A, irs, iss + far);
    network.out(R, iss + far);
    CHECK(network.entry().timeout == 10'000);
}

TEST_CASE(
    "VPP: a session is established by SYN and ACK from both sides, and one RST or FIN makes it transitory") {
    Network network = connected("vpp");
    network.out(R, iss + far);  // whatever its number
    CHECK(network.entry().state == TrackState::Close);
    CHECK(network.entry().timeout == 240'000);
    const auto port = network.entry().outside.port;
    // Another handshake reopens the session with its port.
    CHECK(translated(network.out(S, iss + far)));
    network.in(SA, irs + far, iss + far + 1, 0, port);
    CHECK(network.entry().state == TrackState::Close);
    network.out(A, iss + far + 1, irs + far + 1);
    CHECK(network.entry().state == TrackState::Established);
    CHECK(network.entry().outside.port == port);
}

TEST_CASE("VPP: a reset before the handshake is complete counts for nothing") {
    Network network("vpp");
    const auto outside = syn(network);
    network.in(A, irs, iss + far, 0, outside);
    CHECK(translated(network.out(R, iss + far)));
    CHECK(network.entry().state == TrackState::SynSent);
    network.in(SA, irs, iss + 1, 0, outside);
    network.out(A, iss + 1, irs + 1);
    CHECK(network.entry().state == TrackState::Established);
}

TEST_CASE("VPP: what has no session is dropped, or passes untranslated where forwarding is on") {
    Network forwarding("vpp", {{"forwarding", "true"}});
    CHECK(leaked(forwarding.out(A, iss, irs)));
    CHECK(translated(forwarding.out(S, iss, 0, 0, client, random_port)));
}

TEST_CASE(
    "RFC 7857: a reset is translated whatever its number, and what follows it brings the session back") {
    Network network = connected("rfc5382");
    CHECK(translated(network.out(R, iss + far)));
    CHECK(network.entry().state == TrackState::Close);
    CHECK(network.entry().timeout == 240'000);
    network.table.entries[0].timeout = 1000;
    CHECK(network.out(R, iss + far).ignored);
    CHECK(network.entry().timeout == 1000);
    CHECK(network.in(A, irs + 1, iss + 1, 10).outcome == NatOutcome::Forwarded);
    CHECK(network.entry().state == TrackState::Established);
    CHECK(network.entry().timeout == 7'440'000);
}

TEST_CASE("RFC 6146: both FINs lead to 4 minutes that nothing prolongs") {
    Network network = connected("rfc5382");
    network.out(FA, iss + 1, irs + 1);
    CHECK(network.entry().state == TrackState::FinWait);
    network.in(FA, irs + 1, iss + 2);
    CHECK(network.entry().state == TrackState::LastAck);
    network.table.entries[0].timeout = 1000;
    CHECK(translated(network.out(A, iss + 2, irs + 2)));
    CHECK(network.entry().timeout == 1000);
}

TEST_CASE("RFC 5382: one mapping for all destinations, open to all, and to nobody else's connections") {
    Network network("rfc5382");
    syn(network);
    const Address elsewhere{0xc0000263, 80};
    const auto to = [&](const Address& from, const Address& destination, std::uint8_t flags) {
        return outbound(network.reading, network.nat, network.addresses, network.table,
                        ConcreteSegment{from, destination, flags, network.reading.literal(iss),
                                        network.reading.literal(0), 1000, 0},
                        network.interesting, random_port);
    };
    CHECK(to(client, elsewhere, S).segment.source.port == 903);
    // Port 903 serves 10.1.0.1 only, towards whatever destination.
    CHECK(to(other_client, {0xc0000264, 80}, S).segment.source.port == random_port);

    const auto from = [&](const Address& source, std::uint8_t flags) {
        return inbound(network.reading, network.nat, network.addresses, network.table,
                       ConcreteSegment{source, Address{nat_ip, 903}, flags, network.reading.literal(irs),
                                       network.reading.literal(0), 1000, 0});
    };
    const auto unsolicited = from({0xc0000265, 81}, S);
    CHECK(unsolicited.outcome == NatOutcome::Forwarded);
    CHECK(unsolicited.segment.destination == client);
    CHECK(from({0xc0000266, 81}, A).outcome == NatOutcome::Dropped);
}

TEST_CASE("RFC 5382 REQ-2: SYNs that cross make an established session") {
    Network network("rfc5382");
    syn(network);
    CHECK(network.in(S, irs).outcome == NatOutcome::Forwarded);
    CHECK(network.entry().state == TrackState::Established);
}

TEST_CASE("filtering decides which senders reach a mapping that is there for another destination") {
    for (const auto* filtering : {"connection", "address", "endpoint-independent"}) {
        Network network("rfc5382", {{"filtering", filtering}});
        syn(network);
        const auto reaches = [&](const Address& source) {
            return inbound(network.reading, network.nat, network.addresses, network.table,
                           ConcreteSegment{source, Address{nat_ip, 903}, S, network.reading.literal(irs),
                                           network.reading.literal(0), 1000, 0})
                       .outcome == NatOutcome::Forwarded;
        };
        INFO(filtering);
        CHECK(reaches({server.ip, 99}) == (std::string(filtering) != "connection"));
        CHECK(reaches({0xc0000265, 81}) == (std::string(filtering) == "endpoint-independent"));
    }
}

TEST_CASE("VigNAT's ports follow the order of the first segments, so that another order swaps them") {
    Network before("vignat");
    CHECK(syn(before, client) == 1024);
    CHECK(syn(before, other_client) == 1025);
    Network after("vignat");
    CHECK(syn(after, other_client) == 1024);
    CHECK(syn(after, client) == 1025);
}

TEST_CASE("GCP and Azure's load balancer give every machine ports of its own") {
    for (const auto& [name, size] : {std::pair{"gcp-cloud-nat", 64U}, std::pair{"azure-lb", 1024U}}) {
        Network network(name);
        const auto mine = network.out(S, iss);
        const auto others = network.out(S, iss, 0, 0, other_client);
        REQUIRE(mine.needs_port);
        INFO(name);
        CHECK(mine.ports.front().of == size);
        CHECK(mine.ports.front().port / size != others.ports.front().port / size);
        // A server's connection at another machine's port is out of reach.
        network.interesting = {others.ports.front().port};
        for (const auto& choice : network.out(S, iss).ports) CHECK(choice.port != others.ports.front().port);
    }
}

TEST_CASE("ports are preserved by OVS, libalias and the RFC's NAT, and above 1023 by VPP") {
    for (const auto* name : {"ovs-userspace", "libalias", "rfc5382", "openwrt"}) {
        Network network(name);
        INFO(name);
        CHECK(syn(network) == 903);
    }
    Network vpp("vpp");
    CHECK(vpp.out(S, iss).needs_port);
    CHECK(vpp.out(S, iss, 0, 0, {client.ip, 5000}).segment.source.port == 5000);
}

TEST_CASE("parity, where it is asked for: an odd port stays odd") {
    Network network("rfc5382", {{"port_parity", "true"}, {"port_preservation", "never"}});
    for (const auto& choice : network.out(S, iss).ports) CHECK(choice.port % 2 == 1);
}
