/// What is taken to be possible of a connection that has been left behind.
#include "solver/recovery/left_behind.hpp"

#include <catch2/catch.hpp>

#include "solver/path_explorer.hpp"
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

}  // namespace

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
