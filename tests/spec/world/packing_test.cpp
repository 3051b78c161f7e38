// A packed world is the world: nothing is lost, and equal worlds are equal bytes.
#include "spec/world/packing.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "tests/spec/world/small_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

std::vector<std::byte> packed(const World& world) {
    std::vector<std::byte> bytes;
    pack_world(world, bytes);
    return bytes;
}

}  // namespace

TEST_CASE("Every world that is reached comes back from its bytes") {
    for (const Settings& settings : many_kinds_of_worlds) {
        const Explored explored(small(settings), {Corners::One, true});
        CHECK(explored.worlds.size() > 10);
        World used;  // unpacked into again and again, whatever it held before
        for (const World& world : explored.worlds) {
            const auto bytes = packed(world);
            REQUIRE(unpack_world(bytes) == world);
            unpack_world(bytes, used);
            REQUIRE(used == world);
            REQUIRE(packed(used) == bytes);
        }
    }
}

TEST_CASE("Worlds are equal exactly where their bytes are") {
    const Explored explored(small_pair({{"client.syn_never_gives_up", "true"}, {"network.order", "kept"}}));
    std::set<std::vector<std::byte>> seen;
    for (const World& world : explored.worlds) CHECK(seen.insert(packed(world)).second);
    for (std::size_t i = 0; i < explored.worlds.size(); i += 7) {
        for (std::size_t k = 0; k < i; k += 5) REQUIRE_FALSE(explored.worlds[i] == explored.worlds[k]);
    }
}

TEST_CASE("Packing appends, and a world takes few bytes") {
    const Explored explored(small(endless));
    std::vector<std::byte> bytes{std::byte{1}, std::byte{2}};
    pack_world(explored.worlds.front(), bytes);
    CHECK(bytes[0] == std::byte{1});
    CHECK(std::vector<std::byte>(bytes.begin() + 2, bytes.end()) == packed(explored.worlds.front()));
    for (const World& world : explored.worlds) CHECK(packed(world).size() < 300);
}
