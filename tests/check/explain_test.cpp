// The exact condition on the numbers: proved, confirmed by runs, and in agreement with what check counts.
#include "check/explain.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "check/batch.hpp"
#include "check/explain_report.hpp"
#include "tests/check/promises.hpp"

using namespace halfopen;
using namespace halfopen::test;
using Catch::Contains;

namespace {

Explanation explained(const Scenario& scenario, std::size_t samples = 4) {
    ExplainOptions options;
    options.check.trace = options.check.prove_coverage = false;
    options.samples = samples;
    return explain(Model(with_endless_connect(scenario), library()), options);
}

Scenario varied(Scenario scenario, std::string_view name) {
    const auto variant = std::find_if(scenario.variants.begin(), scenario.variants.end(),
                                      [name](const VariantSpec& one) { return one.name == name; });
    REQUIRE(variant != scenario.variants.end());
    apply_variant(scenario, VariantSpec(*variant));
    return scenario;
}

std::string report(const Scenario& scenario) {
    const Model model(with_endless_connect(scenario), library());
    ExplainOptions options;
    options.samples = 2;
    return explain_report(model, explain(model, options), {});
}

}  // namespace

TEST_CASE("Half of all ISSs lose behind linux-2.6.31, and the condition says which") {
    const Explanation found = explained(one_connect());
    REQUIRE(found.conditions.size() == 1);
    const MeetingCondition& one = found.conditions.front();
    CHECK(one.numbers.intervals == std::vector<Interval>{{65536, 2147418111}, {0xFFFF'FFFFU, 1}});
    CHECK(one.proof.proved());
    CHECK(one.proof.comparisons > 0);
    // Both ends of both intervals, and as many at random.
    CHECK(one.members.tried >= 6);
    CHECK(one.members.always_fail == one.members.tried);
    CHECK(one.others.tried >= 6);
    CHECK(one.others.can_fail == 0);
    CHECK(found.confirmed());
    REQUIRE(one.in_trace);
    CHECK(loses(one.numbers, *one.in_trace));
}

TEST_CASE("A number next to the condition gets through, and the last one within fails") {
    const Model model(one_connect(), library());
    const WorldExploration exact = explore_with_cells(model, {}, {Corners::One, true}, exact_counts());
    const std::uint32_t rcv_nxt = model.scenario().clients.front().snd_nxt;
    const auto outcome = [&](std::uint32_t distance) {
        return attempt_with(model, exact.cuts, 0, rcv_nxt + distance, rcv_nxt);
    };
    CHECK(outcome(65535) == AttemptOutcome::GetsThrough);
    CHECK(outcome(65536) == AttemptOutcome::Fails);
    CHECK(outcome(123'456'789) == AttemptOutcome::Fails);
    CHECK(outcome(2147483646) == AttemptOutcome::Fails);
    CHECK(outcome(2147483647) == AttemptOutcome::GetsThrough);
    CHECK(outcome(0xFFFF'FFFFU) == AttemptOutcome::Fails);
    CHECK(outcome(0xFFFF'FFFEU) == AttemptOutcome::GetsThrough);
}

TEST_CASE("Where ISNs follow a clock the condition is a stretch of time") {
    const Explanation found = explained(one_connect({{"client.isn", "clock"}}));
    REQUIRE(found.conditions.size() == 1);
    const MeetingCondition& one = found.conditions.front();
    CHECK(one.clock_period_ms == 274'877);  // 2^32 steps of 64 ns
    REQUIRE(one.windows.size() == 1);
    CHECK(one.windows.front().from_ms == 5);  // 65536 steps are 4.2 ms
    CHECK(one.windows.front().to_ms == 137'438);
    CHECK(explained(one_connect()).conditions.front().windows.empty());
    const Explanation other_half =
        explained(one_connect({{"client.isn", "clock"}, {"nat.policy", "linux-5.18"}}));
    REQUIRE(other_half.conditions.size() == 1);
    CHECK(other_half.conditions.front().windows.back().from_ms >= 137'438);
    CHECK(other_half.conditions.front().windows.back().to_ms <= 274'878);
    CHECK(other_half.confirmed());
}

TEST_CASE("The rules that fired are named with the source that they were read from") {
    const Explanation found = explained(one_connect());
    REQUIRE_FALSE(found.rules.empty());
    for (const FiredRule& rule : found.rules) {
        CHECK_FALSE(rule.source.empty());
        CHECK(rule.times > 0);
    }
    CHECK_THAT(report(one_connect()), Contains("ISS - RCV.NXT in [65536, 2^31 - 1)") &&
                                          Contains("inside always: proved; outside never: proved") &&
                                          Contains("rules that fired"));
}

TEST_CASE("No condition where no number loses") {
    CHECK(explained(one_connect({{"fault.table", "kept"}})).confirmed());
    CHECK_THAT(
        report(one_connect(
            {{"server.policy", "linux-6.18"}, {"nat.policy", "linux-3.6"}, {"client.server_state", "none"}})),
        Contains("no condition: every run recovers"));
}

TEST_CASE(
    "A second meeting of one attempt is counted by the number that was drawn, not by what it was renamed "
    "to") {
    const Explanation found = explained(one_connect(), 2);
    CHECK(found.confirmed());
    const Explanation kept = explained(founding({{"network.order", "kept"}}), 2);
    CHECK(kept.confirmed());
    CHECK(kept.conditions.size() == 3);
}

TEST_CASE("Where nothing is left at the server the condition is told from the client's old SND.NXT") {
    const Explanation found = explained(read_scenario(spec_folder + "/scenarios/second-attempt.toml"), 2);
    REQUIRE(found.conditions.size() == 1);
    CHECK_FALSE(found.conditions.front().numbers.meets_old_connection);
    CHECK(found.conditions.front().numbers.count == 2147352576U);
    CHECK(found.confirmed());
}

TEST_CASE("Where no client draws a number the report says so") {
    CHECK_THAT(report(read_scenario(spec_folder + "/scenarios/ack-war.toml")),
               Contains("no client ever draws one"));
}

TEST_CASE(
    "Of a connection that was kept, and then given up, the numbers next to another connection's count too") {
    const Scenario shipped = read_scenario(spec_folder + "/scenarios/pick-up-swaps.toml");
    const Explanation found = explained(varied(shipped, "no-pick-up"));
    REQUIRE(found.conditions.size() == 4);
    for (const MeetingCondition& one : found.conditions)
        CHECK(one.numbers.intervals == std::vector<Interval>{{65536, 2147418111}, {0xFFFF'FFFFU, 1}});
    CHECK(found.confirmed());
}

namespace {

void check_conditions(const Scenario& scenario) {
    const Explanation found = explained(scenario, 2);
    INFO(scenario.name);
    CHECK(found.stopped == explorer::StopReason::Complete);
    for (const MeetingCondition& one : found.conditions) {
        CHECK(one.proof.proved());
        CHECK(one.members.can_fail == one.members.tried);
        CHECK(one.others.can_fail == 0);
        CHECK(one.members.open + one.others.open == 0);
    }
}

}  // namespace

TEST_CASE("Conditions are proved and confirmed in every shipped scenario") {
    for (const Scenario& shipped : shipped_scenarios()) check_conditions(shipped);
}

TEST_CASE("Conditions are proved and confirmed in every variant of the shipped scenarios", "[.slow]") {
    for (const Scenario& shipped : shipped_scenarios()) {
        for (const VariantSpec& variant : shipped.variants) {
            INFO(variant.name);
            Scenario scenario = shipped;
            apply_variant(scenario, variant);
            check_conditions(scenario);
        }
    }
}
