// Worlds that differ only in what nothing can tell apart are one.
#include "spec/world/canonical.hpp"

#include <catch2/catch.hpp>

#include "spec/world/leaf_visitor.hpp"
#include "tests/spec/world/small_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

const std::vector<Settings> cases{
    endless,
    {{"client.reconnect_delay", "3s"}},
    {{"client.isn", "clock"}},
    {{"client.syn_never_gives_up", "true"}, {"nat.policy", "linux-5.18"}},
    {{"client.timestamps", "true"}, {"server.timestamps", "true"}, {"network.inside_delay", "1300ms"}},
};

std::size_t successors_of(WorldSystem& system, const World& world) {
    std::size_t count = 0;
    system.successors(world, [&](const Step&, const World&) { ++count; });
    return count;
}

}  // namespace

TEST_CASE("A canonical world is its own canonical form") {
    for (const Settings& settings : cases) {
        const Explored explored(small(settings));
        WorldSystem system(explored.model, explored.cuts, {});
        for (const World& world : explored.worlds) REQUIRE(system.canonical(world) == world);
    }
}

TEST_CASE("The real numbers of a run and their canonical forms go on alike") {
    for (const Settings& settings : cases) {
        const Explored explored(small(settings));
        WorldSystem system(explored.model, explored.cuts, {});
        for (const World& world : explored.worlds) {
            std::vector<std::pair<Step, World>> renamed;
            system.successors(world, [&](const Step& s, const World& w) { renamed.emplace_back(s, w); });
            const auto real = system.successors_unrenamed(world);
            REQUIRE(real.size() == renamed.size());
            for (std::size_t i = 0; i < real.size(); ++i) {
                CHECK(real[i].first.kind == renamed[i].first.kind);
                REQUIRE(system.canonical(real[i].second) == renamed[i].second);
                CHECK(successors_of(system, real[i].second) == successors_of(system, renamed[i].second));
                CHECK(system.marks(real[i].second) == system.marks(renamed[i].second));
            }
        }
    }
}

TEST_CASE("A run stands for the state that it has come to, and for no other") {
    for (const Settings& settings : cases) {
        const Explored explored(small(settings));
        WorldSystem system(explored.model, explored.cuts, {});
        for (const World& world : explored.worlds) {
            for (const auto& [step, real] : system.successors_unrenamed(world)) {
                const World state = system.canonical(real);
                CHECK(system.stands_for(real, {}, state));
                for (const World& other : {explored.worlds.front(), world, explored.worlds.back()})
                    if (other != state) CHECK_FALSE(system.stands_for(real, {}, other));
            }
        }
    }
}

TEST_CASE("An origin that no number refers to is forgotten") {
    const Explored explored(small(endless));
    WorldSystem system(explored.model, explored.cuts, {});
    for (const World& world : explored.worlds) {
        World more = world;
        more.origins.push_back({client_isn_role(0), 0x1234'5678});
        REQUIRE(system.canonical(more) == world);
        REQUIRE(world.origins.size() <= 6);
        REQUIRE(world.origins.front() == Origin{});
    }
}

TEST_CASE("A fresh number is renamed within its cell, never out of it") {
    const Explored explored(small(endless));
    WorldSystem system(explored.model, explored.cuts, {});
    std::size_t moved = 0;
    for (const World& world : explored.worlds) {
        for (std::size_t slot = 1; slot < world.origins.size(); ++slot) {
            const Origin fresh = world.origins[slot];
            if (fresh.role != client_isn_role(0)) continue;
            // All numbers of that origin move by the same distance; the ISS stays left or right of RCV.NXT.
            for (const std::uint32_t by : {1U, 0U - 1U, 1000U}) {
                World other = world;
                other.origins[slot].value += by;
                NumberVisitor move([&](Number& n) {
                    if (n.origin == slot) n.value += by;
                });
                move("", other);
                REQUIRE_FALSE(other == world);
                CHECK(system.canonical(other) == world);
                ++moved;
            }
        }
    }
    CHECK(moved > 0);
}

TEST_CASE("The scenario's own numbers keep their values") {
    const Explored explored(small(endless));
    for (const World& world : explored.worlds) {
        for (const Origin& origin : world.origins) {
            if (origin.role == old_client_role(0)) CHECK(origin.value == 1'000'000'000);
            if (origin.role == old_server_role(0)) CHECK(origin.value == 1'700'000'000);
        }
    }
}
