/// Who hands what to whom around one connection, with timers of unknown age.
#include "solver/recovery/connection.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "solver/path_explorer.hpp"
#include "solver/recovery/connection_timers.hpp"
#include "solver/recovery/left_behind.hpp"
#include "tests/solver/both_readings.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

Model founding_with(const std::vector<std::pair<std::string, std::string>>& settings) {
    Scenario scenario = read_scenario(std::string(HALFOPEN_SOURCE_DIR) + "/spec/scenarios/founding.toml");
    for (const auto& [key, value] : settings) apply_setting(scenario, key, value);
    return Model(std::move(scenario), shipped_policies());
}

const LeftBehind& called(const std::vector<LeftBehind>& all, const char* what) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const LeftBehind& left) { return left.what == what; });
    REQUIRE(found != all.end());
    return *found;
}

}  // namespace

// nf_tcp_handle_invalid(): "Reset timer" of an entry that both sides want closed, "if (timeout > …)".
TEST_CASE("A NAT that lowers the time-out of an entry of unknown age does not make it younger", "[prove]") {
    const Model model = founding_with({{"nat.policy", "linux-6.18"}, {"fault.table", "kept"}});
    const FairRun run(model);
    z3::context context;
    const Z3Reading names(context);
    const std::vector<LeftBehind> all = left_behind(context, run, model.scenario().fault);
    const LeftBehind& start = called(all, "server in ESTABLISHED, the mapping idle");
    Connection before = start.connection;
    auto& entry = before.table.entries.front();
    before.times.start(entry_slot, 0, entry.timeout);
    entry.last_class = SegmentClass::Rst;
    entry.last_direction = reply;
    Segment<Z3Reading> reset;
    reset.source = entry.inside;
    reset.destination = entry.destination;
    reset.flags = flag::rst;
    reset.seq = names.unknown("the reset's number");
    reset.ack = names.literal(0);
    reset.window = names.size(0);
    before.links[static_cast<std::size_t>(Hop::ToNat)].push_back(reset);

    PathExplorer paths(context);
    paths.assume(start.known);
    std::size_t lowered = 0, restarted = 0;
    paths.explore(
        [&](Z3Reading& r) {
            Connection now = before;
            run.perform(r, now, {FairEvent::Kind::Deliver, TcpTimer::Retransmit, Hop::ToNat},
                        names.literal(0));
            return now;
        },
        [&](const z3::expr&, const Connection& now) {
            REQUIRE(now.table.entries.size() == 1);
            CHECK(now.table.entries.front().timeout == now.times.most(entry_slot));
            // Invalid: at most 300 s, and less where it had less.  Accepted: 10 s from now.  Ignored: as it
            // was.
            const std::uint32_t most = now.times.most(entry_slot);
            lowered += most == 300'000 ? 1 : 0;
            restarted += most == 10'000 ? 1 : 0;
            CHECK(now.times.least(entry_slot) == (most == 10'000 ? most : 0));
        });
    CHECK(lowered > 0);
    CHECK(restarted > 0);
}

// RFC 9293 §3.8.4: keepalives "MUST only be sent when no sent data is outstanding".
TEST_CASE(
    "A keepalive timer is not followed while data is outstanding, and counts again once it is acknowledged",
    "[prove]") {
    const Model model = founding_with({{"server.keepalive", "true"}});
    const FairRun run(model);
    z3::context context;
    const Z3Reading names(context);
    const std::vector<LeftBehind> all = left_behind(context, run, model.scenario().fault);
    CHECK(called(all, "server in ESTABLISHED").connection.times.runs(keepalive_slot));
    const LeftBehind& start = called(all, "server in ESTABLISHED with data outstanding");
    CHECK_FALSE(start.connection.times.runs(keepalive_slot));
    Connection before = start.connection;
    Segment<Z3Reading> ack;
    ack.source = before.server->remote;
    ack.destination = before.server->local;
    ack.flags = flag::ack;
    ack.seq = before.server->rcv_nxt;
    ack.ack = before.server->snd_nxt;
    ack.window = names.size(65'535);
    before.links[static_cast<std::size_t>(Hop::ToServer)].push_back(ack);
    PathExplorer paths(context);
    paths.assume(start.known);
    std::size_t acknowledged = 0;
    paths.explore(
        [&](Z3Reading& r) {
            Connection now = before;
            run.perform(r, now, {FairEvent::Kind::Deliver, TcpTimer::Retransmit, Hop::ToServer},
                        names.literal(0));
            return now;
        },
        [&](const z3::expr&, const Connection& now) {
            REQUIRE(now.server);
            const bool outstanding = now.server->unacked_data > 0;
            CHECK(now.times.runs(keepalive_slot) == !outstanding);
            CHECK(now.keepalive_overlooked == outstanding);
            acknowledged += outstanding ? 0 : 1;
        });
    CHECK(acknowledged > 0);
}
