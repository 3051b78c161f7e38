// Interchangeable clients: changing places commutes with everything that can happen.
#include "spec/world/client_symmetry.hpp"

#include <catch2/catch.hpp>
#include <tuple>

#include "tests/spec/world/small_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

const ClientPermutation exchange{{1, 0, 2, 3, 4, 5, 6, 7}};

using Outcome = std::tuple<std::vector<std::byte>, std::uint32_t, std::uint8_t>;

std::multiset<Outcome> outcomes(WorldSystem& system, const World& from, const ClientPermutation& places) {
    std::multiset<Outcome> all;
    for (const auto& [step, world] : system.successors_unrenamed(from)) {
        std::vector<std::byte> bytes;
        system.pack(system.canonical(world, places), bytes);
        all.emplace(std::move(bytes), step.duration(), step.tags());
    }
    return all;
}

}  // namespace

TEST_CASE(
    "What two interchangeable clients can do after they have changed places is what they could do before") {
    const WorldOptions options{.merge_commuting_steps = false, .symmetry = true};
    for (const Settings& extra :
         {Settings{}, Settings{{"network.loss", "1"}}, Settings{{"nat.policy", "linux-6.18"}},
          Settings{{"nat.policy", "pf"}}, Settings{{"client.port_choice", "next"}}}) {
        Settings settings = endless;
        settings.insert(settings.end(), extra.begin(), extra.end());
        const Explored explored(small_pair(settings), options);
        WorldSystem system(explored.model, explored.cuts, options);
        REQUIRE(system.symmetry().groups() == std::vector<std::vector<std::uint8_t>>{{0, 1}});
        std::size_t compared = 0;
        for (const World& world : explored.worlds) {
            if (world.fault_pending) continue;
            const World exchanged = system.canonical(world, exchange);
            REQUIRE(outcomes(system, world, exchange) == outcomes(system, exchanged, {}));
            ++compared;
        }
        CHECK(compared > 40);
    }
}

TEST_CASE("Changing places twice changes nothing, and the order chosen does not depend on who stood where") {
    const WorldOptions options{.symmetry = true};
    const Explored explored(small_pair(endless), options);
    WorldSystem system(explored.model, explored.cuts, options);
    for (const World& world : explored.worlds) {
        World twice = world;
        permute_clients(explored.model, twice, exchange);
        permute_clients(explored.model, twice, exchange);
        REQUIRE(twice == world);
        if (world.fault_pending) continue;
        World exchanged = world;
        permute_clients(explored.model, exchanged, exchange);
        CHECK(system.canonical(exchanged) == system.canonical(world));
    }
}
