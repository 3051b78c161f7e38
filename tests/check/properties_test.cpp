// Side properties, and properties of a scenario's own, with the shortest run that violates each.
#include "check/properties.hpp"

#include <catch2/catch.hpp>

#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

PropertyResult judged(const Scenario& scenario, const std::string& name,
                      const std::vector<PropertySpec>& own = {}) {
    const Model model(scenario, library());
    const PropertyCheck found = check_properties(model, {name}, own, verdict_only());
    REQUIRE(found.results.size() == 1);
    return found.results.front();
}

std::vector<PropertySpec> own(const Scenario& scenario, PropertySpec::Kind kind,
                              const std::string& condition) {
    return {{"own", "", kind, StatePredicate::parse(condition, scenario, {})}};
}

PropertyResult must_never_be(const Scenario& scenario, const std::string& condition) {
    return judged(scenario, "own", own(scenario, PropertySpec::Kind::Never, condition));
}
PropertyResult always_possible(const Scenario& scenario, const std::string& condition) {
    return judged(scenario, "own", own(scenario, PropertySpec::Kind::AlwaysPossible, condition));
}

}  // namespace

TEST_CASE("A leak ends with the reset that leaves untranslated, and be_liberal prevents it") {
    const PropertyResult leak = judged(one_connect(), "leak");
    CHECK_FALSE(leak.holds);
    REQUIRE_FALSE(leak.trace.steps.empty());
    const Step& last = leak.trace.steps.back().step;
    CHECK(last.outcome == NatOutcome::Leaked);
    CHECK(last.segment->has(flag::rst));
    for (std::size_t i = 0; i + 1 < leak.trace.steps.size(); ++i)
        CHECK((leak.trace.steps[i].step.tag_bits & tag::leak) == 0);
    CHECK_FALSE(leak.trace.loop);
    CHECK(judged(one_connect({{"nat.nf_conntrack_tcp_be_liberal", "true"}}), "leak").holds);
}

TEST_CASE(
    "One client's segment changes another's connection where ports are shared, not where they are fixed") {
    const Settings endless{{"client.syn_never_gives_up", "true"}, {"network.order", "reversed"}};
    const PropertyResult cross = judged(founding(endless), "cross");
    CHECK_FALSE(cross.holds);
    CHECK((cross.trace.steps.back().step.tag_bits & tag::cross) != 0);
    Settings fixed = endless;
    fixed.emplace_back("nat.port_mapping", "fixed");
    CHECK(judged(founding(fixed), "cross").holds);
    CHECK(judged(founding(endless), "collateral").holds);
}

TEST_CASE("A storm is a cycle in which no time passes") {
    CHECK(judged(one_connect(), "storm").holds);
    const PropertyResult storm = judged(read_scenario(spec_folder + "/scenarios/ack-war.toml"), "storm");
    CHECK_FALSE(storm.holds);
    REQUIRE(storm.trace.loop);
    for (std::size_t i = *storm.trace.loop; i < storm.trace.steps.size(); ++i)
        CHECK(storm.trace.steps[i].step.elapsed == 0);
}

TEST_CASE("What must never be is shown by the shortest run to it") {
    const PropertyResult reset = must_never_be(one_connect(), "link(clientA, headnode) = RST");
    CHECK_FALSE(reset.holds);
    const World& last = reset.trace.steps.back().after;
    CHECK(last.links[0].front().segment.has(flag::rst));
    CHECK(must_never_be(one_connect(), "nfs.state(903) = CLOSE_WAIT").holds);
    // The server keeps the old connection as long as the reset does not come.
    CHECK_FALSE(must_never_be(one_connect(), "nfs.state(903) = none").holds);
}

TEST_CASE("What must stay possible fails just where the verdict is permanent") {
    CHECK_FALSE(always_possible(one_connect(), "clientA.recovered").holds);
    CHECK(always_possible(founding({{"scenario.clients", "1"}}), "clientA.recovered").holds);
    CHECK(always_possible(one_connect({{"nat.nf_conntrack_tcp_be_liberal", "true"}}), "clientA.recovered")
              .holds);
}

TEST_CASE("Conditions on several nodes see every order of events") {
    // Both SYNs on their way at once: deliveries that are merged with others would hide such worlds.
    const Settings endless{{"client.syn_never_gives_up", "true"}};
    CHECK_FALSE(
        must_never_be(founding(endless), "link(clientA, headnode) = RST and link(clientB, headnode) = SYN")
            .holds);
}

TEST_CASE("A limit leaves the question open, and an unknown name is an error") {
    const Model model(one_connect(), library());
    CheckOptions shallow = verdict_only();
    shallow.limits.max_depth = 3;
    const PropertyCheck found = check_properties(model, {"leak"}, {}, shallow);
    CHECK(found.stopped == explorer::StopReason::Depth);
    CHECK(found.results.empty());
    CHECK_THROWS_WITH(check_properties(model, {"leek"}, {}, verdict_only()),
                      "--property: unknown property \"leek\"; did you mean \"leak\"? (allowed: leak, cross, "
                      "collateral, storm)");
}
