// Time, the fault and recovery.
#include <catch2/catch.hpp>

#include "spec/world/recovery.hpp"
#include "tests/spec/world/small_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

using Kind = Step::Kind;

/// The first edge of a kind, breadth first.
const Edge& first(const Explored& explored, Kind kind) {
    for (const Edge& edge : explored.edges) {
        if (edge.step.kind == kind) return edge;
    }
    throw std::logic_error("no such step");
}

bool anything_due(const World& world) {
    for (const auto& link : world.links) {
        if (!link.empty() && link.front().delay == 0) return true;
    }
    for (const ClientState& client : world.clients) {
        if (client.reconnect == 0 || next_expiry(client.tcb) == 0) return true;
    }
    for (const NatState& nat : world.nats) {
        if (nat.down == 0 || next_expiry(nat.table) == 0) return true;
    }
    for (const ServerState& server : world.servers) {
        for (const ConcreteTcb& tcb : server.connections) {
            if (next_expiry(tcb) == 0) return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("The fault comes first, and alone") {
    const Explored explored(small_pair(endless));
    CHECK(explored.worlds.front().fault_pending);
    CHECK(explored.edges.front().step.kind == Kind::Fault);
    std::size_t faults = 0;
    for (const Edge& edge : explored.edges) {
        if (edge.step.kind == Kind::Fault) ++faults;
        if (edge.from.fault_pending) CHECK(edge.step.kind == Kind::Fault);
        CHECK_FALSE(edge.to.fault_pending);
    }
    CHECK(faults == 1);
}

TEST_CASE("Time jumps to the next expiry, no further and not less far") {
    for (const Settings& settings :
         {endless, Settings{{"network.inside_delay", "250ms"}}, Settings{{"client.isn", "clock"}}}) {
        const Explored explored(small(settings));
        for (const Edge& edge : explored.edges) {
            if (edge.step.kind == Kind::Time) {
                CHECK(edge.step.elapsed > 0);
                CHECK_FALSE(anything_due(edge.from));
                CHECK(anything_due(edge.to));
            } else {
                CHECK(edge.step.elapsed == 0);
            }
        }
    }
}

TEST_CASE("Only time after the fault, with the NAT up and a client reconnecting, counts as recovery time") {
    const Explored explored(small(endless));
    for (const Edge& edge : explored.edges) {
        if (edge.step.kind != Kind::Time) continue;
        const bool down = edge.from.nats[0].down != timer_off;
        CHECK(edge.step.counts == (!down && !edge.from.clients[0].connected_before));
        CHECK(edge.step.duration() == (edge.step.counts ? edge.step.elapsed : 0));
    }
}

TEST_CASE("The limit on challenge ACKs runs out on a connection in use as on any other") {
    const Explored explored(read_scenario(HALFOPEN_SOURCE_DIR "/spec/scenarios/tuple-collapse.toml"));
    std::size_t seen = 0;
    for (const Edge& edge : explored.edges) {
        if (edge.step.kind != Kind::Time) continue;
        const auto& before = edge.from.servers[0].connections;
        const auto& after = edge.to.servers[0].connections;
        for (std::size_t i = 0; i < before.size() && before.size() == after.size(); ++i) {
            const std::uint32_t left = before[i].timer(TcpTimer::ChallengeLimit);
            if (left == timer_off) continue;
            ++seen;
            const std::uint32_t expected = left > edge.step.elapsed ? left - edge.step.elapsed : timer_off;
            CHECK(after[i].timer(TcpTimer::ChallengeLimit) == expected);
        }
    }
    CHECK(seen > 5);
}

TEST_CASE("Time leaves a connection in use as it is but for the limit on challenge ACKs") {
    const Explored explored(small_pair({{"client.timestamps", "true"}, {"server.timestamps", "true"}}));
    std::size_t held = 0;
    for (const Edge& edge : explored.edges) {
        if (edge.step.kind != Kind::Time) continue;
        for (std::size_t i = 0; i < edge.from.clients.size(); ++i) {
            const auto path = edge.from.clients[i].connected_before
                                  ? std::nullopt
                                  : working_path(explored.model, edge.from, i);
            if (!path) continue;
            ++held;
            const ConcreteTcb& before = edge.from.servers[path->server].connections[path->connection];
            const auto age = [](const World& world, const ConcreteTcb& tcb) {
                const Number& recent = tcb.timestamps.recent;
                return world.origins[recent.origin].value - recent.value;
            };
            for (const ConcreteTcb& after : edge.to.servers[path->server].connections) {
                if (after.remote == before.remote) CHECK(age(edge.to, after) == age(edge.from, before));
            }
        }
    }
    CHECK(held > 0);
}

TEST_CASE("A table that is restored is there at once where the NAT is never down") {
    const Explored explored(small({{"fault.table", "restored"}, {"fault.down", "0s"}}));
    const Edge& fault = first(explored, Kind::Fault);
    REQUIRE(fault.to.nats[0].table.entries.size() == 1);
    CHECK(fault.to.nats[0].table.entries[0].inside == fault.from.nats[0].table.entries[0].inside);
    CHECK_FALSE(fault.to.nats[0].table.entries[0] == fault.from.nats[0].table.entries[0]);
}

TEST_CASE("Timers due together fire in every order, unless the scenario says in which") {
    const auto beginners = [](const std::string& order) {
        const Explored explored(
            small_pair({{"client.syn_never_gives_up", "true"}, {"network.order", order}}));
        std::string who;
        for (const Edge& edge : explored.edges) {
            const bool both_wait =
                edge.from.clients[0].connected_before && edge.from.clients[1].connected_before;
            if (edge.step.kind != Kind::Connect || !both_wait) continue;
            const std::string& name = explored.model.name(edge.step.node);
            if (who.find(name) == std::string::npos) who += name + " ";
        }
        return who;
    };
    CHECK(beginners("any") == "alice bob ");
    CHECK(beginners("kept") == "alice ");
    CHECK(beginners("reversed") == "bob ");
}

TEST_CASE("Alternative times of reconnecting are alternative beginnings") {
    const Explored explored(
        small({{"client.reconnect_at", "61s,2min"}, {"client.syn_never_gives_up", "true"}}));
    REQUIRE(explored.worlds.size() > 2);
    CHECK(explored.worlds[0].clients[0].reconnect == 61'000);
    CHECK(explored.worlds[1].clients[0].reconnect == 120'000);
    CHECK(explored.worlds[1].fault_pending);
}

TEST_CASE("A table is lost, kept, or restored without what its windows were") {
    const auto explored_with = [](const char* table) {
        return Explored(small({{"client.syn_never_gives_up", "true"}, {"fault.table", table}}));
    };
    const auto entries_before = [](const Explored& e) { return e.worlds.front().nats[0].table.entries; };

    const Explored lost = explored_with("lost");
    REQUIRE(entries_before(lost).size() == 1);
    CHECK(first(lost, Kind::Fault).to.nats[0].table.entries.empty());
    CHECK(first(lost, Kind::NatUp).to.nats[0].table.entries.empty());

    const Explored kept = explored_with("kept");
    CHECK(first(kept, Kind::Fault).to.nats[0].table.entries == entries_before(kept));
    CHECK(first(kept, Kind::NatUp).to.nats[0].table.entries.size() == 1);

    const Explored restored = explored_with("restored");
    const auto& saved = first(restored, Kind::Fault).to.nats[0].table.entries;
    REQUIRE(saved.size() == 1);
    CHECK(saved[0].state == TrackState::None);
    const auto& back = first(restored, Kind::NatUp).to.nats[0].table.entries;
    REQUIRE(back.size() == 1);
    CHECK(back[0].inside == entries_before(restored)[0].inside);
    CHECK(back[0].outside == entries_before(restored)[0].outside);
    CHECK(back[0].state == TrackState::Established);
    CHECK_FALSE(back[0] == entries_before(restored)[0]);
}

TEST_CASE(
    "A NAT that is told to resets both ends of a connection that times out, and each reset finds its way") {
    const Settings idle{
        {"client.syn_never_gives_up", "true"}, {"fault.table", "kept"},         {"nat.policy", "azure-lb"},
        {"client.reconnect_at", "10min"},      {"client.outside_port", "2048"}, {"nat.expiry_reset", "both"}};
    const Explored explored(small(idle));
    const Edge& expiry = first(explored, Kind::EntryExpires);
    CHECK(expiry.to.nats[0].table.entries.empty());
    REQUIRE(expiry.step.sent.size() == 2);
    CHECK(to_string(expiry.step.sent[0].segment) ==
          "1.2.3.9:2049 > 10.1.0.1:903 R. 1700000000 ack 1000000000");
    CHECK(to_string(expiry.step.sent[1].segment) ==
          "1.2.3.4:2048 > 1.2.3.9:2049 R. 1000000000 ack 1700000000");
    for (const Emission& sent : expiry.step.sent) CHECK(sent.link != no_link);
    CHECK(std::any_of(explored.worlds.begin(), explored.worlds.end(),
                      [](const World& w) { return w.servers[0].connections.empty(); }));

    auto silent = idle;
    silent.back().second = "nobody";
    CHECK(first(Explored(small(silent)), Kind::EntryExpires).step.sent.empty());
}

TEST_CASE("The NAT is back when its time is over, and forwards again") {
    const Explored explored(small(endless));
    CHECK(first(explored, Kind::Fault).to.nats[0].down == 60'000);
    const Edge& up = first(explored, Kind::NatUp);
    CHECK(up.from.nats[0].down == 0);
    CHECK(up.to.nats[0].down == timer_off);
}

TEST_CASE("A client has recovered when both ends are established and agree, through a live mapping") {
    const Explored explored(small(endless));
    CHECK(recovery_marks(explored.model, explored.worlds.front()) == 0);  // the fault is still to come
    std::size_t recovered = 0;
    for (const World& world : explored.worlds) {
        const std::uint32_t marks = recovery_marks(explored.model, world);
        CHECK(((marks & 2U) != 0) == (!world.fault_pending && !world.clients[0].connected_before &&
                                      working_path(explored.model, world, 0).has_value()));
        if ((marks & 1U) == 0) continue;
        ++recovered;
        CHECK(marks == 3);
        const ConcreteTcb& client = world.clients[0].tcb;
        REQUIRE(world.servers[0].connections.size() == 1);
        const ConcreteTcb& server = world.servers[0].connections[0];
        CHECK(client.state == TcpState::Established);
        CHECK(server.state == TcpState::Established);
        CHECK(client.snd_nxt.value == server.rcv_nxt.value);
        CHECK(client.rcv_nxt.value == server.snd_nxt.value);
        CHECK(server.remote == *outside_address(explored.model, world, 0));
        for (const auto& link : world.links) CHECK(link.empty());
    }
    CHECK(recovered > 0);
}

TEST_CASE("Who holds an old connection that is left has not recovered by that") {
    // Reset while the NAT is down: nobody learns of it.
    const Explored explored(
        small({{"client.old_connection", "reset"}, {"client.syn_never_gives_up", "true"}}));
    const World& after_fault = first(explored, Kind::Fault).to;
    CHECK(after_fault.clients[0].tcb.state == TcpState::Established);
    CHECK(recovery_marks(explored.model, after_fault) == 0);
}

TEST_CASE("All clients have recovered: nothing happens any more") {
    const Explored explored(small_pair({{"client.syn_never_gives_up", "true"}, {"network.order", "kept"}}));
    for (const Edge& edge : explored.edges) REQUIRE((recovery_marks(explored.model, edge.from) & 1U) == 0);
}
