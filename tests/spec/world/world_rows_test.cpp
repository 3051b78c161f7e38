// A world's row is the world: nothing is lost, equal worlds are equal rows, and threads mean the same by
// them.
#include "spec/world/world_rows.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "tests/spec/world/small_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

using Row = std::vector<std::byte>;

Row row_of(WorldRows& rows, const World& world) {
    Row row;
    rows.pack(world, row);
    return row;
}

}  // namespace

TEST_CASE("Every world that is reached comes back from its row") {
    WorldRows rows;  // of all scenarios together: a part is what it is wherever it was met
    World used;
    for (const Settings& settings : many_kinds_of_worlds) {
        const Explored explored(small(settings), {Corners::One, true});
        std::set<Row> seen;
        for (const World& world : explored.worlds) {
            const Row row = row_of(rows, world);
            CHECK(seen.insert(row).second);
            CHECK(row.size() < 40);
            rows.unpack(row, used);
            REQUIRE(used == world);
            REQUIRE(row_of(rows, used) == row);
        }
    }
}

TEST_CASE("Copies give the same world the same row, whichever meets it first, also at the same time") {
    const Explored explored(small_pair({{"client.syn_never_gives_up", "true"}, {"network.order", "kept"}}));
    WorldRows first;
    std::vector<WorldRows> copies(4, first);
    std::vector<std::vector<Row>> met(copies.size(), std::vector<Row>(explored.worlds.size()));
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < copies.size(); ++t) {
        threads.emplace_back([&, t] {
            for (std::size_t i = 0; i < explored.worlds.size(); ++i) {
                // Half of them from the other end.
                const std::size_t at = t % 2 == 0 ? i : explored.worlds.size() - 1 - i;
                met[t][at] = row_of(copies[t], explored.worlds[at]);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    World world;
    for (std::size_t i = 0; i < explored.worlds.size(); ++i) {
        for (std::size_t t = 0; t < copies.size(); ++t) CHECK(met[t][i] == met[0][i]);
        first.unpack(met[0][i], world);
        CHECK(world == explored.worlds[i]);
    }
}
