/// In which scenarios a counterexample is looked for: those in which old timers stand as in its run.
#include "check/replay_plan.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

std::vector<SettingList> plan(const Scenario& scenario, const ProofFailure& failure) {
    StartResult start;
    start.server = ServerKind{};
    start.server->state = TcpState::Established;
    return replay_plan(scenario, Model(scenario, library()), start, failure);
}

bool holds(const std::vector<SettingList>& plan, const SettingList& set) {
    return std::find(plan.begin(), plan.end(), set) != plan.end();
}

/// The client's connect() when the old connection is so old, and the NAT back a second before.
SettingList back_at(const char* age, const char* down) {
    return {{"fault.down", down}, {"client.reconnect_at", age}};
}

/// Keepalive of two hours, and then nine probes, 75 s apart.
Scenario probing() { return one_connect({{"server.policy", "linux-3.10"}, {"server.keepalive", "true"}}); }

}  // namespace

TEST_CASE("A client comes back so long before the first keepalive probe as in the run") {
    ProofFailure failure;
    failure.old_timer = {TcpTimer::Keepalive, 0, 40'000, 50'000, 40'000, 50'000};
    const auto found = plan(probing(), failure);
    CHECK(found.front().empty());
    CHECK(holds(found, back_at("7155s", "7154s")));
    CHECK(holds(found, back_at("7160s", "7159s")));
    CHECK(holds(found, back_at("7150s", "7149s")));
}

TEST_CASE("Between two SYNs of a late attempt the first keepalive timer is as old as all attempts took") {
    ProofFailure failure;
    failure.old_timer = {TcpTimer::Keepalive, 0, 400'000, 420'000, 10'000, 30'000};
    const auto found = plan(probing(), failure);
    CHECK(holds(found, back_at("6790s", "6789s")));
    CHECK(holds(found, back_at("7180s", "7179s")));
}

TEST_CASE(
    "A run that waits two hours for what follows the last probe has its last attempt after that probe") {
    // A proof lets a timer be of any age, whatever the count; between two probes there are 75 s.
    ProofFailure failure;
    failure.old_timer = {TcpTimer::Keepalive, 9, 7'128'000, 7'176'000, 45'000, 93'000};
    const auto found = plan(probing(), failure);
    CHECK(holds(found, back_at("7815s", "7814s")));  // two hours, nine times 75 s, less 60
    CHECK(holds(found, back_at("7830s", "7829s")));
    // At this age the NAT would be up when the first probe comes, and that be answered.
    CHECK_FALSE(holds(found, back_at("723s", "722s")));
}

TEST_CASE("Where a client's first SYNs are lost the NAT is back between two of them") {
    ProofFailure failure;
    failure.syn_sent = true;
    failure.syns_lost = 3;  // at 0, 3 and 9 s; the next one is sent at 21 s
    const auto found = plan(probing(), failure);
    CHECK(holds(found, {{"fault.down", "21s"}, {"client.reconnect_at", "1s"}}));
    failure.old_timer = {TcpTimer::Keepalive, 0, 40'000, 40'000, 40'000, 40'000};
    CHECK(holds(plan(probing(), failure), {{"fault.down", "7159s"}, {"client.reconnect_at", "7139s"}}));
    // A connection cannot be older than the SYN that finds it gone.
    failure.old_timer = {TcpTimer::Keepalive, 0, 7'190'000, 7'190'000, 7'190'000, 7'190'000};
    for (const SettingList& set : plan(probing(), failure))
        for (const auto& [key, value] : set) CHECK(value.front() != '-');
}

TEST_CASE("An age at which late timers come in the run's order is met between the bounds of the first one") {
    ProofFailure failure;
    failure.old_timer = {TcpTimer::Keepalive, 2, 45'000, 75'000, 45'000, 75'000};
    const auto found = plan(changed(probing(), {{"server.keepalive_idle", "60s"}}), failure);
    CHECK(holds(found, back_at("150s", "149s")));
    CHECK(holds(found, back_at("136875ms", "135875ms")));  // 73.125 s before the third expiry, at 210 s
}

TEST_CASE("One client alone is tried with the scenario's old numbers and with the run's") {
    ProofFailure failure;
    failure.numbers = {{"RCV.NXT", 5}, {"SND.NXT", 0x80000000}, {"ISS", 7}};
    const SettingList numbers{{"client.snd_nxt", "5"}, {"client.rcv_nxt", "2147483648"}};
    const auto found = plan(probing(), failure);
    SettingList both = numbers;
    for (const auto& setting : back_at("1s", "500ms")) both.push_back(setting);
    CHECK(holds(found, both));
    CHECK(holds(found, back_at("1s", "500ms")));
    failure.kind = FailureKind::Moved;
    CHECK_FALSE(holds(plan(probing(), failure), both));
}

TEST_CASE("A moved mapping is looked for with one client more, anything else with one alone") {
    ProofFailure failure;
    failure.kind = FailureKind::Stuck;
    CHECK(holds(plan(founding(), failure), {{"scenario.clients", "1"}}));
    failure.kind = FailureKind::Moved;
    CHECK_FALSE(holds(plan(founding(), failure), {{"scenario.clients", "1"}}));
    CHECK(holds(plan(founding({{"scenario.clients", "1"}}), failure), {{"scenario.clients", "2"}}));
}
