// Faults after the first one.
#include <algorithm>
#include <catch2/catch.hpp>

#include "spec/world/failure.hpp"
#include "spec/world/packing.hpp"
#include "spec/world/recovery.hpp"
#include "tests/spec/world/small_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

using Kind = Step::Kind;

const Settings reboots_again{{"client.syn_never_gives_up", "true"}, {"fault.again", "1"}};

bool is_later_fault(const Edge& edge) {
    return !edge.from.fault_pending && (edge.step.kind == Kind::Fault || edge.step.kind == Kind::Evict);
}

/// But for the names of its numbers, which depend on what others still remember.
bool as_it_was(const ClientState& before, const ClientState& after) {
    return before.tcb.state == after.tcb.state && before.tcb.timers == after.tcb.timers &&
           before.tcb.local == after.tcb.local && before.reconnect == after.reconnect &&
           before.connected_before == after.connected_before && before.port == after.port;
}

/// The first worlds of a scenario too large to be explored, breadth first.
struct Begun {
    Model model;
    std::vector<World> worlds;
    std::vector<Edge> edges;

    explicit Begun(const Scenario& scenario) : model(scenario, library()) {
        WorldSystem system(model, {}, {});
        system.initial([&](const World& world) { worlds.push_back(world); });
        std::set<std::vector<std::byte>> seen;
        for (std::size_t i = 0; i < worlds.size() && i < 3'000; ++i) {
            const World from = worlds[i];
            system.successors(from, [&](const Step& step, const World& to) {
                edges.push_back({from, step, to});
                std::vector<std::byte> bytes;
                system.pack(to, bytes);
                if (seen.insert(bytes).second) worlds.push_back(to);
            });
        }
    }
};

template <class Worlds>
std::vector<Edge> later_faults(const Worlds& explored) {
    std::vector<Edge> found;
    for (const Edge& edge : explored.edges) {
        if (is_later_fault(edge)) found.push_back(edge);
    }
    return found;
}

std::string refusal(const Settings& settings) {
    try {
        const Model model(small(settings), library());
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

}  // namespace

TEST_CASE("While a fault is to come it may strike at any moment at which the NAT is up, and never else") {
    const Explored explored(small(reboots_again));
    for (const World& world : explored.worlds) {
        const auto strikes =
            std::count_if(explored.edges.begin(), explored.edges.end(),
                          [&](const Edge& edge) { return edge.from == world && is_later_fault(edge); });
        const bool possible =
            !world.fault_pending && world.faults_to_come > 0 && world.nats[0].down == timer_off;
        CHECK(strikes == (possible ? 1 : 0));
    }
    for (const Edge& edge : later_faults(explored)) {
        CHECK(edge.to.faults_to_come == edge.from.faults_to_come - 1);
        CHECK(edge.to.nats[0].table.entries.empty());
        CHECK(edge.to.nats[0].down == 60'000);
    }
}

TEST_CASE("Whether a fault is still to come decides nothing but whether it strikes: nobody can wait for it") {
    const Explored explored(small(reboots_again), {.merge_commuting_steps = false});
    std::set<std::vector<std::byte>> last;
    const auto bytes_of = [](const World& world) {
        std::vector<std::byte> bytes;
        pack_world(world, bytes);
        return bytes;
    };
    std::size_t to_come = 0;
    for (const World& world : explored.worlds) {
        if (world.faults_to_come == 0) last.insert(bytes_of(world));
    }
    for (World world : explored.worlds) {
        CHECK(((recovery_marks(explored.model, world) & 1U) == 0 || world.faults_to_come == 0));
        if (world.faults_to_come == 0) continue;
        ++to_come;
        world.faults_to_come = 0;
        CHECK(last.count(bytes_of(world)) == 1);
    }
    CHECK(to_come > 20);
    const Explored once(small(endless), {.merge_commuting_steps = false});
    CHECK(once.worlds.size() <= to_come);
}

TEST_CASE("Where everybody has recovered nothing can happen any more but a fault") {
    const Explored explored(small(with(reboots_again, {{"client.session", "10s"}})));
    std::size_t struck = 0;
    for (const Edge& edge : explored.edges) {
        if (!all_have_recovered(explored.model, edge.from)) continue;
        CHECK(edge.from.faults_to_come == 1);
        CHECK(is_later_fault(edge));
        ++struck;
    }
    CHECK(struck > 0);
}

TEST_CASE("A later fault takes a connection as the first one did, and leaves an attempt under way alone") {
    const Explored explored(small(reboots_again));
    std::size_t connected = 0, connecting = 0, answered = 0;
    for (const Edge& edge : later_faults(explored)) {
        const ClientState &before = edge.from.clients[0], &after = edge.to.clients[0];
        if (before.connected_before) {
            CHECK(as_it_was(before, after));
        } else if (before.tcb.state == TcpState::Established) {
            ++connected;
            CHECK(after.tcb.state == TcpState::Closed);
            CHECK(after.reconnect == 61'000);
            CHECK(after.connected_before);
        } else if (is_answered(explored.model, edge.from, 0, std::uint8_t{0})) {
            ++answered;
            CHECK(after.tcb == before.tcb);
            CHECK(after.reconnect == 61'000);
        } else if (before.tcb.state == TcpState::SynSent) {
            ++connecting;
            CHECK(as_it_was(before, after));
        }
    }
    CHECK(connected > 0);
    CHECK(connecting > 0);
    CHECK(answered > 0);
}

TEST_CASE("A client whose SYN-ACK was on its way when the NAT failed gives the connection up that it gets") {
    for (const char* loss : {"0", "1"}) {
        const Explored explored(small(with(reboots_again, {{"network.loss", loss}})));
        for (const World& world : explored.worlds) {
            const ClientState& client = world.clients[0];
            if (world.fault_pending || client.tcb.state != TcpState::Established) continue;
            if (all_have_recovered(explored.model, world)) continue;
            // Either its path is being made, or it will come back.
            const bool mapped = outside_address(explored.model, world, 0).has_value();
            CHECK((mapped || client.reconnect != timer_off));
        }
    }
}

TEST_CASE("A server that restarts knows of no connection, and its clients lose theirs") {
    const Explored explored(small(with(reboots_again, {{"fault.which", "files"}})));
    std::size_t lost = 0;
    for (const Edge& edge : later_faults(explored)) {
        CHECK(edge.to.servers[0].connections.empty());
        CHECK(edge.to.nats[0].down == timer_off);
        CHECK(edge.to.nats[0].table.entries.size() == edge.from.nats[0].table.entries.size());
        if (edge.from.clients[0].tcb.state == TcpState::Established && !edge.from.clients[0].connected_before)
            lost += edge.to.clients[0].tcb.state == TcpState::Closed ? 1 : 0;
    }
    CHECK(lost > 0);
}

TEST_CASE("A mapping that is lost is one client's, who alone loses its connection") {
    const Begun explored(small_pair(with(reboots_again, {{"fault.which", "box.entry"}})));
    std::size_t lost = 0;
    for (const Edge& edge : later_faults(explored)) {
        CHECK(edge.step.kind == Kind::Evict);
        CHECK(edge.to.nats[0].table.entries.size() + 1 == edge.from.nats[0].table.entries.size());
        std::size_t changed = 0;
        for (std::size_t i = 0; i < 2; ++i)
            changed += as_it_was(edge.from.clients[i], edge.to.clients[i]) ? 0 : 1;
        CHECK(changed <= 1);
        lost += changed;
    }
    CHECK(lost > 0);
}

TEST_CASE("A client that restarts forgets its connection, also one that it is opening") {
    const Begun explored(small_pair(with(reboots_again, {{"fault.which", "bob"}})));
    std::size_t opening = 0;
    for (const Edge& edge : later_faults(explored)) {
        CHECK(as_it_was(edge.from.clients[0], edge.to.clients[0]));
        CHECK(edge.from.clients[1].tcb.state != TcpState::Closed);
        CHECK(edge.to.clients[1].tcb.state == TcpState::Closed);
        CHECK(edge.to.clients[1].reconnect == 61'000);
        opening += edge.from.clients[1].tcb.state == TcpState::SynSent ? 1 : 0;
    }
    CHECK(opening > 0);
}

TEST_CASE("What is restored after a later fault is the table that was lost") {
    const Explored explored(small(with(reboots_again, {{"fault.table", "restored"}})));
    std::size_t back = 0;
    for (const Edge& edge : later_faults(explored)) {
        const auto &before = edge.from.nats[0].table.entries, &saved = edge.to.nats[0].table.entries;
        REQUIRE(before.size() == saved.size());
        for (std::size_t i = 0; i < saved.size(); ++i) {
            CHECK(saved[i].inside == before[i].inside);
            CHECK(saved[i].outside == before[i].outside);
            CHECK(saved[i].state == TrackState::None);
        }
    }
    for (const Edge& edge : explored.edges) {
        if (edge.step.kind != Kind::NatUp) continue;
        const auto &saved = edge.from.nats[0].table.entries, &entries = edge.to.nats[0].table.entries;
        REQUIRE(entries.size() == saved.size());
        for (const auto& entry : entries) CHECK(entry.state == TrackState::Established);
        back += entries.size();
    }
    CHECK(back > 0);
}

TEST_CASE("In a silence a fault comes only where something happens, or every so long as well") {
    const auto longest = [](const Settings& settings) {
        std::uint32_t ms = 0;
        for (const Edge& edge : Explored(small(settings)).edges) {
            if (may_be_struck(edge.from)) ms = std::max(ms, edge.step.elapsed);
        }
        return ms;
    };
    CHECK(longest(reboots_again) > 20'000);
    CHECK(longest(with(reboots_again, {{"fault.every", "20s"}})) == 20'000);
}

TEST_CASE("Later faults that cannot be are refused where they are named") {
    CHECK(refusal({{"fault.which", "boks"}}).find("box") != std::string::npos);
    CHECK(refusal({{"fault.again", "1"}, {"fault.which", "box,files,alice,box.entry,fault"}}).empty());
    CHECK_THROWS_AS(small({{"fault.again", "9"}}), InputError);
    CHECK_THROWS_AS(small({{"fault.which", ""}}), InputError);
    Scenario waiting =
        small({{"client.old_connection", "kept"}, {"fault.again", "1"}, {"fault.which", "alice"}});
    waiting.clients[0].reconnect_at.clear();
    CHECK_THROWS_AS(Model(waiting, library()), InputError);
}
