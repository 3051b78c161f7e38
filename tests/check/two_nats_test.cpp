// A home NAT behind a carrier's: whichever of the two has lost its table decides, as it would alone.
#include <catch2/catch.hpp>

#include "counterexamples/state_columns.hpp"
#include "spec/world/world_system.hpp"
#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;
using explorer::Verdict;

namespace {

const std::string two_nats_text = R"(name = "two-nats"
title = "A home NAT behind a carrier's"
source = "this test"

[[client]]
name = "alice"
address = "192.168.0.2"
policy = "linux-2.6.24"
behind = "home"
server = "files"
port = 903
reconnect_at = "61s"
snd_nxt = 1000000000
rcv_nxt = 1700000000
syn_never_gives_up = true

[[nat]]
name = "home"
policy = "linux-6.18"
inside = "192.168.0.0/24"
outside = "10.64.0.2"
host_policy = "linux-6.18"
behind = "carrier"

[[nat]]
name = "carrier"
policy = "linux-6.18"
inside = "10.64.0.0/16"
outside = "1.2.3.4"
host_policy = "linux-6.18"

[[server]]
name = "files"
address = "1.2.3.9"
port = 2049
policy = "freebsd-7"

[fault]
nat = "carrier"
down = "1min"
)";

Scenario two_nats(const Settings& settings = {}) {
    return changed(parse_scenario(two_nats_text, "two.toml"), settings);
}

}  // namespace

TEST_CASE("The old connection goes through an entry of each NAT, and the server sees the outermost") {
    const Model model(two_nats({{"client.outside_port", "700"}}), library());
    WorldSystem system(model, {}, {});
    system.initial([&](const World& world) {
        for (const NatState& nat : world.nats) CHECK(nat.table.entries.size() == 1);
        CHECK(to_string(world.nats[0].table.entries[0].outside) == "10.64.0.2:903");
        CHECK(to_string(world.nats[1].table.entries[0].inside) == "10.64.0.2:903");
        CHECK(to_string(world.nats[1].table.entries[0].outside) == "1.2.3.4:700");
        REQUIRE(world.servers[0].connections.size() == 1);
        CHECK(to_string(world.servers[0].connections[0].remote) == "1.2.3.4:700");
    });
}

TEST_CASE("Through two NATs as through one: what the NAT without a table makes of the RST decides") {
    for (const std::string failing : {"home", "carrier"}) {
        for (const char* policy : {"linux-2.6.31", "linux-5.10", "linux-5.18", "linux-6.18"}) {
            DYNAMIC_SECTION(failing << " runs " << policy) {
                const CheckResult alone = checked(one_connect({{"nat.policy", policy}}), exact_counts());
                const CheckResult both = checked(
                    two_nats({{"fault.nat", failing}, {failing + ".policy", policy}}), exact_counts());
                CHECK(both.verdict == alone.verdict);
                CHECK(both.best_ms == alone.best_ms);
                CHECK(both.properties.leak == alone.properties.leak);
                REQUIRE(both.losing.size() == 1);
                CHECK(both.losing[0].intervals == alone.losing[0].intervals);
            }
        }
    }
}

TEST_CASE("Behind the carrier on another port nobody meets the old connection") {
    const CheckResult result = checked(
        two_nats({{"client.outside_port", "700"}, {"carrier.policy", "linux-2.6.31"}}), exact_counts());
    CHECK(result.verdict == Verdict::Bounded);
    CHECK(result.worst_ms == 0);
    CHECK(result.losing.empty());
    CHECK(result.corners.empty());
}

TEST_CASE("A run through two NATs ends with both entries established") {
    CheckOptions options = verdict_only();
    options.trace = true;
    const Model model(two_nats(), library());
    const Trace trace = check(model, options).trace;
    REQUIRE_FALSE(trace.steps.empty());
    const World& end = trace.steps.back().after;
    const auto path = working_path(model, end, 0);
    REQUIRE(path);
    CHECK(path->hops.size() == 2);
    for (const NatState& nat : end.nats) {
        REQUIRE(nat.table.entries.size() == 1);
        CHECK(nat.table.entries[0].state == TrackState::Established);
    }
}

TEST_CASE("A chart has a column for each outside port of the outer NAT, which knows no client's address") {
    CheckOptions options = verdict_only();
    options.trace = true;
    const Model model(two_nats(), library());
    const Trace trace = check(model, options).trace;
    const auto columns = state_columns(model, trace);
    std::vector<std::string> titles;
    for (const StateColumn& column : columns) titles.push_back(column.title);
    CHECK(titles == std::vector<std::string>{"alice", "home/alice", "carrier/:903", "files/:903"});
    CHECK(describe_state(model, trace.initial, columns[2]) == "ESTAB");
    CHECK(describe_state(model, trace.steps.back().after, columns[1]) == ">903 ESTAB");
    CHECK(describe_state(model, trace.steps.back().after, columns[2]) == "ESTAB");
}
