/// Rounds that come to an end in truth, and in the explorer's graph do not.
#include <catch2/catch.hpp>

#include "check/proof_pairs.hpp"
#include "check/report.hpp"
#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;
using explorer::Verdict;

namespace {

/// Each SYN whose ISS lies between the last one and the edge that the old server's FIN has granted keeps Open
/// vSwitch's entry, and the answer to it is +inv.
Scenario ascending_numbers(const char* server = "linux-3.10") {
    const Fix fix = FixLibrary(spec_folder + "/policies").load("idle-close-6min");
    return changed(scenario_of(proof_pair(&fix, server, "ovs-userspace"), founding(), library()),
                   {{"scenario.clients", "1"}});
}

}  // namespace

TEST_CASE("rounds that each draw a number between the last one and an edge come to an end") {
    const Scenario scenario = ascending_numbers();
    const CheckResult result = checked(scenario, verdict_only());
    CHECK(result.verdict == Verdict::Unbounded);
    CHECK(result.wears_out);
    CHECK(check_report(Model(scenario, library()), result, std::nullopt, {})
              .find("each leaves less room in a mapping") != std::string::npos);
    CHECK(check_json(Model(scenario, library()), result, std::nullopt)["wears_out"] == true);
}

TEST_CASE("rounds whose number may be the same each time go on for ever") {
    CheckOptions options = verdict_only();
    options.isn = IsnMode::Complete;
    const CheckResult result = checked(ascending_numbers(), options);
    CHECK(result.verdict == Verdict::Unbounded);
    CHECK(!result.wears_out);
}

TEST_CASE("rounds that use nothing up go on for ever") {
    const CheckResult founding_story = checked(founding({{"scenario.clients", "1"}}), verdict_only());
    CHECK(founding_story.verdict == Verdict::Unbounded);
    CHECK(!founding_story.wears_out);
    const CheckResult bounded = checked(
        founding({{"server.policy", "linux-6.18"}, {"nat.policy", "linux-5.10"}, {"scenario.clients", "1"}}),
        verdict_only());
    CHECK(!bounded.wears_out);
}
