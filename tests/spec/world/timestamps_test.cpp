// Clocks and time stamps in a world: no absolute time, as few states as without them, and what an address is
// remembered for.
#include <array>
#include <catch2/catch.hpp>

#include "spec/world/host_clocks.hpp"
#include "spec/world/packing.hpp"
#include "tests/spec/world/small_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

const Settings stamped{{"client.timestamps", "true"}, {"server.timestamps", "true"}};

std::size_t packed_size(const World& world) {
    std::vector<std::byte> bytes;
    pack_world(world, bytes);
    return bytes.size();
}

/// Time stamps of segments on their way, of connections and of addresses, as ages.
std::vector<std::uint32_t> ages(const World& world) {
    std::vector<std::uint32_t> all;
    const auto add = [&](const Number& stamp) {
        if (stamp.origin != 0) all.push_back(world.origins[stamp.origin].value - stamp.value);
    };
    const auto add_of = [&](const ConcreteTcb& tcb) {
        add(tcb.timestamps.recent);
        add(tcb.syn_timestamps.first);
        add(tcb.syn_timestamps.newest);
    };
    for (const ClientState& client : world.clients) add_of(client.tcb);
    for (const ServerState& server : world.servers) {
        for (const ConcreteTcb& tcb : server.connections) add_of(tcb);
        for (const PeerStamp& peer : server.peers.list) add(peer.newest);
    }
    for (const auto& link : world.links) {
        for (const InFlight& flying : link) {
            add(flying.segment.timestamps.value);
            add(flying.segment.timestamps.echo);
        }
    }
    return all;
}

/// A server that closes every connection of alice's after 1 s, so that it comes to TIME_WAIT, and forgets it
/// soon.
const Settings recycling = with(stamped, {{"server.policy", "linux-2.6.24"},
                                          {"server.tcp_tw_recycle", "true"},
                                          {"client.old_connection", "none"},
                                          {"client.isn", "random"},
                                          {"alice.reconnect_at", "61s"},
                                          {"alice.session", "1s"},
                                          {"alice.reconnect_delay", "300s"},
                                          {"bob.reconnect_at", "65s"},
                                          {"bob.port", "904"},
                                          {"bob.outside_port", "904"},
                                          {"bob.syn_never_gives_up", "true"}});

}  // namespace

TEST_CASE("Where nobody uses timestamps no world knows of a clock") {
    for (const Settings& settings : {Settings{}, Settings{{"client.timestamp_clock", "5"}}}) {
        const Explored explored(small(with(endless, settings)));
        CHECK(explored.model.oldest_timestamp() == 0);
        for (const World& world : explored.worlds) {
            CHECK(ages(world).empty());
            for (const Origin& origin : world.origins) CHECK_FALSE(is_clock(origin.role));
            for (const auto& link : world.links)
                for (const InFlight& flying : link) CHECK_FALSE(flying.segment.timestamps.present);
        }
    }
}

TEST_CASE("One end without timestamps is as if both had none, but for the offer") {
    const Explored plain(small(endless));
    const Explored offered(small(with(endless, {{"client.timestamps", "true"}})));
    CHECK(offered.worlds.size() == plain.worlds.size());
    for (const World& world : offered.worlds) {
        for (const ConcreteTcb& tcb : world.servers[0].connections) CHECK_FALSE(tcb.timestamps.on);
    }
}

TEST_CASE("One client's clock tells its connections nothing new: not a single world more") {
    for (const Settings& settings :
         {endless, Settings{{"client.isn", "clock"}}, Settings{},
          Settings{{"client.syn_never_gives_up", "true"}, {"nat.policy", "linux-6.18"}}}) {
        const Explored plain(small(settings));
        const Explored with_clocks(small(with(settings, stamped)));
        CHECK(with_clocks.worlds.size() == plain.worlds.size());
        CHECK(with_clocks.edges.size() == plain.edges.size());
    }
}

TEST_CASE("A clock takes room in a packed world only where there is one") {
    const Explored plain(small(endless));
    const Explored with_clocks(small(with(endless, stamped)));
    CHECK(packed_size(with_clocks.worlds.front()) > packed_size(plain.worlds.front()));
    CHECK(packed_size(with_clocks.worlds.front()) < packed_size(plain.worlds.front()) + 40);
}

TEST_CASE(
    "No state keeps a time stamp older than any that can be on its way, but to tell it from a waiting "
    "SYN's") {
    const auto [client, server, more] = GENERATE(table<const char*, const char*, std::uint32_t>(
        {{"gvisor", "freebsd-14", 0}, {"linux-2.6.24", "freebsd-14", 2}, {"linux-6.18", "linux-6.18", 2}}));
    for (const Settings& delays :
         {Settings{}, Settings{{"network.inside_delay", "1300ms"}, {"network.outside_delay", "300ms"}}}) {
        const Settings policies{{"client.policy", client}, {"server.policy", server}};
        const Explored explored(small(with(with(with(endless, stamped), delays), policies)));
        std::uint32_t oldest = 0, on_its_way = 0;
        for (const World& world : explored.worlds) {
            for (const std::uint32_t age : ages(world)) oldest = std::max(oldest, age);
            for (const auto& link : world.links)
                for (const InFlight& flying : link) {
                    const Number& stamp = flying.segment.timestamps.value;
                    if (flying.segment.timestamps.present)
                        on_its_way = std::max(on_its_way, world.origins[stamp.origin].value - stamp.value);
                }
        }
        INFO(client << " " << server);
        CHECK(oldest >= explored.model.oldest_timestamp());
        CHECK(oldest <= explored.model.oldest_timestamp() + more);
        CHECK(on_its_way + 2 < explored.model.oldest_timestamp());
    }
}

TEST_CASE("Old stamps keep their order to the stamps of a SYN that still waits") {
    const Explored explored(small(with(endless, stamped)));
    World world = explored.worlds.front();
    REQUIRE(world.servers[0].connections.size() == 1);
    REQUIRE(world.servers[0].connections[0].timestamps.known);
    const Number clock = world.clients[0].timestamps.now;
    const auto at_age = [&](std::uint32_t age) { return Number{clock.value - age, clock.origin}; };
    const auto order = [](const Number& a, const Number& b) {
        const auto distance = static_cast<std::int32_t>(a.value - b.value);
        return (distance > 0) - (distance < 0);
    };
    constexpr std::uint32_t oldest = 5;
    for (const auto& [first, newest] :
         {std::pair(0U, 0U), std::pair(1000U, 3U), std::pair(1000U, 400U), std::pair(7U, 7U)})
        for (const std::uint32_t age :
             {0U, 4U, 5U, 6U, 7U, 8U, 399U, 400U, 401U, 999U, 1000U, 1001U, 60'000U}) {
            INFO(first << " " << newest << " " << age);
            auto& syn = world.clients[0].tcb.syn_timestamps;
            auto& other = world.servers[0].connections[0].timestamps.recent;
            syn = {true, at_age(first), at_age(newest)};
            other = at_age(age);
            const auto orders = [&] { return std::array{order(other, syn.first), order(other, syn.newest)}; };
            const auto before = orders();
            limit_timestamp_ages(world, oldest);
            CHECK(orders() == before);
            CHECK(clock.value - other.value <= oldest + 4);
            CHECK((age <= oldest) == (clock.value - other.value == age));
            const World once = world;
            limit_timestamp_ages(world, oldest);
            CHECK(world == once);
        }
}

TEST_CASE("Real stamps and those of limited age go on alike") {
    const bool pair = GENERATE(true, false);
    const Settings asks_for_echo{{"client.policy", "linux-6.18"}, {"server.policy", "linux-6.18"}};
    const Explored explored(pair ? small_pair(recycling)
                                 : small(with(with(endless, stamped), asks_for_echo)));
    WorldSystem system(explored.model, explored.cuts, {});
    for (const World& world : explored.worlds) {
        std::vector<World> limited;
        system.successors(world, [&](const Step&, const World& next) { limited.push_back(next); });
        const auto real = system.successors_unrenamed(world);
        REQUIRE(real.size() == limited.size());
        for (std::size_t i = 0; i < real.size(); ++i) REQUIRE(system.canonical(real[i].second) == limited[i]);
    }
}

TEST_CASE("A client whose clock is behind is let in once the address has been quiet for 60 s") {
    // alice's connection comes to TIME_WAIT at 62 s; bob's SYNs go out at 65, 68, 74, 86, 110 and 158 s.
    for (const bool behind : {true, false}) {
        const std::string clock = behind ? "50000000" : "150000000";
        const Explored explored(small_pair(
            with(recycling, {{"alice.timestamp_clock", "100000000"}, {"bob.timestamp_clock", clock}})));
        std::size_t dropped = 0, accepted = 0;
        for (const Edge& edge : explored.edges) {
            if (edge.step.kind != Step::Kind::Deliver || edge.step.node.kind != NodeRef::Kind::Server)
                continue;
            if (edge.step.segment->flags != flag::syn || edge.step.segment->source.port != 904) continue;
            const bool known = !edge.from.servers[0].peers.list.empty();
            if (edge.step.rule->id == "listen-recycle") {
                CHECK(known);
                ++dropped;
            } else {
                CHECK(edge.step.rule->id == "listen-syn");
                CHECK(known != behind);
                ++accepted;
            }
        }
        CHECK(accepted == 1);
        CHECK(dropped == (behind ? 5U : 0U));
    }
}

TEST_CASE("A session ends at the server, and the client comes again") {
    const Explored explored(small({{"server.policy", "linux-2.6.24"},
                                   {"client.old_connection", "none"},
                                   {"client.session", "1s"},
                                   {"client.isn", "random"},
                                   {"client.reconnect_delay", "300s"}}));
    CHECK(explored.worlds.front().servers[0].connections.empty());
    CHECK(explored.worlds.front().nats[0].table.entries.empty());
    // Short of the goal nothing is left to see: a lone client that is connected has recovered.
    for (const World& world : explored.worlds) {
        if (world.clients[0].tcb.state == TcpState::Established) CHECK(world.clients[0].reconnect <= 1'000);
    }
}

TEST_CASE("Clocks that are drawn stand either way, and are drawn before anything else") {
    const Settings random = with(recycling, {{"client.timestamp_clock", "random"}});
    const Explored explored(small_pair(random));
    WorldSystem system(explored.model, explored.cuts, {});
    std::vector<World> initial;
    system.initial([&](const World& world) { initial.push_back(world); });
    // alice's clock is drawn beside none, bob's before or after it: the few values about hers are corners.
    REQUIRE(initial.size() == 2);
    std::set<bool> before;
    for (const World& world : initial)
        before.insert(static_cast<std::int32_t>(world.clients[1].timestamps.now.value -
                                                world.clients[0].timestamps.now.value) < 0);
    CHECK(before.size() == 2);
}
