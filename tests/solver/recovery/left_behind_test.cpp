/// What is taken to be possible of a connection that has been left behind.
#include "solver/recovery/left_behind.hpp"

#include <catch2/catch.hpp>

#include "solver/path_explorer.hpp"
#include "solver/recovery/connection_timers.hpp"
#include "tests/solver/both_readings.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

/// The rules by which a FreeBSD 14 server in ESTABLISHED treats a reset at RCV.NXT + distance.
std::vector<std::string> rules_for_reset(std::uint32_t distance) {
    Scenario scenario = read_scenario(std::string(HALFOPEN_SOURCE_DIR) + "/spec/scenarios/founding.toml");
    apply_setting(scenario, "server.policy", "freebsd-14");
    const Model model(std::move(scenario), shipped_policies());
    const FairRun run(model);
    z3::context context;
    Z3Reading names(context);
    const Tcb<Z3Reading> server = unknown_server(names, run, {TcpState::Established});
    Segment<Z3Reading> reset;
    reset.source = server.remote;
    reset.destination = server.local;
    reset.flags = flag::rst;
    reset.seq = names.plus(server.rcv_nxt, distance);
    reset.ack = names.literal(0);
    reset.window = names.size(0);
    PathExplorer paths(context);
    paths.assume(known_of_server(names, run, server));
    std::vector<std::string> rules;
    paths.explore(
        [&](Z3Reading& r) {
            Tcb<Z3Reading> tcb = server;
            return receive(r, run.server().endpoint, tcb, reset, std::optional(names.literal(0))).rule->id;
        },
        [&](const z3::expr&, const std::string& rule) { rules.push_back(rule); });
    return rules;
}

LeftBehind restored_at(const std::string& nat, z3::context& context) {
    Scenario scenario = read_scenario(std::string(HALFOPEN_SOURCE_DIR) + "/spec/scenarios/founding.toml");
    apply_setting(scenario, "nat.policy", nat);
    apply_setting(scenario, "fault.table", "restored");
    const Model model(std::move(scenario), shipped_policies());
    const FairRun run(model);
    for (LeftBehind& left : left_behind(context, run, model.scenario().fault))
        if (left.what == "server in ESTABLISHED, the mapping without numbers") return std::move(left);
    throw std::logic_error("no such start");
}

}  // namespace

// What the server heard last came through the NAT, where its entry was begun anew; so was it when it was
// restored. FreeBSD waits for two hours and then sends eight probes, 75 s after each other, before it gives
// up.
TEST_CASE("A mapping that nothing has come by since the fault is no older than the server's silence",
          "[prove]") {
    z3::context context;
    TimerZone times = restored_at("ovs-userspace", context).connection.times;
    constexpr std::uint32_t hour = 3'600'000, most_silence = 2 * hour + 8 * 75'000;
    CHECK(times.most(entry_slot) == 24 * hour);
    CHECK(times.least(entry_slot) == 24 * hour - most_silence);
    // So its time is never up while the server has its connection.
    CHECK_FALSE(TimerZone(times).is_first(entry_slot));
    REQUIRE(times.is_first(keepalive_slot));
    times.expire(keepalive_slot);
    CHECK(times.least(entry_slot) == 24 * hour - most_silence);
}

// FreeBSD's window for a reset begins at last_ack_sent.  Were as much received since as it offers at most,
// RCV.NXT would lie outside, and whoever answers its probes be ignored; but what has been read is
// acknowledged.
TEST_CASE("A connection that was left behind has not used up the window that it offered last", "[prove]") {
    CHECK_THAT(rules_for_reset(0),
               Catch::UnorderedEquals(std::vector<std::string>{"rst-exact", "rst-in-window"}));
    // What is not acknowledged yet may still be anything less.
    CHECK_THAT(rules_for_reset(0U - 1000U),
               Catch::UnorderedEquals(std::vector<std::string>{"rst-exact", "rst-in-window", "rst-outside"}));
}
