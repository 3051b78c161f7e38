// Many checks at once: which come first, and that each result stands where its job stood.
#include "check/batch.hpp"

#include <catch2/catch.hpp>

#include "check/cost.hpp"
#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

double cost(const Settings& settings) { return estimated_cost(Model(founding(settings), library())); }

const std::pair<std::string, std::string> one_client{"scenario.clients", "1"};
const std::pair<std::string, std::string> endless{"client.syn_never_gives_up", "true"};

}  // namespace

TEST_CASE("What makes a check longer makes its estimate greater") {
    const double plain = cost({endless});
    CHECK(cost({endless, one_client}) < plain);
    CHECK(cost({}) > plain);
    CHECK(cost({{"client.port_choice", "random"}}) > cost({}));
    CHECK(cost({{"client.isn", "clock"}}) > cost({}));
    CHECK(cost({endless, {"network.loss", "1"}}) > plain);
    CHECK(cost({endless, {"network.loss", "2"}}) > cost({endless, {"network.loss", "1"}}));
    CHECK(cost({endless, {"network.duplication", "1"}}) > plain);
    CHECK(cost({endless, {"network.order", "kept"}}) < plain);
    CHECK(cost({endless, {"client.reconnect_at", "181s,200s"}}) > plain);
    CHECK(cost({endless, {"client.port_choice", "random"}}) > plain);
    // The clock of a client that never gives up is read once.
    CHECK(cost({endless, {"client.isn", "clock"}}) == plain);
    // A policy's parameter counts, whoever sets it.
    CHECK(cost({endless, {"clientA.syn_never_gives_up", "false"}}) > plain);
}

TEST_CASE("The estimate puts scenarios in the order of the worlds that they have") {
    // From the smallest on; nothing but the settings that the estimate looks at is changed.
    const std::vector<Settings> ascending{
        {one_client, endless}, {one_client}, {endless, {"network.order", "kept"}}, {endless}};
    double last_cost = 0;
    std::uint64_t last_states = 0;
    for (const Settings& settings : ascending) {
        const std::uint64_t states = checked(founding(settings), verdict_only()).states;
        CHECK(states > last_states);
        CHECK(cost(settings) > last_cost);
        last_states = states;
        last_cost = cost(settings);
    }
}

TEST_CASE("Results come in the order of the jobs, however long each takes and on however many threads") {
    const std::vector<Settings> settings{{one_client, endless},
                                         {one_client},
                                         {one_client, endless, {"network.loss", "1"}},
                                         {one_client, endless, {"fault.table", "kept"}},
                                         {endless, {"network.order", "kept"}},
                                         {one_client, {"client.isn", "clock"}}};
    std::vector<BatchJob> jobs;
    std::vector<CheckResult> alone;
    for (const Settings& each : settings) {
        jobs.push_back({founding(each), verdict_only()});
        alone.push_back(checked(founding(each), verdict_only()));
    }
    for (const unsigned threads : {1U, 3U}) {
        const std::vector<CheckResult> together = check_all(jobs, library(), threads);
        REQUIRE(together.size() == alone.size());
        for (std::size_t i = 0; i < alone.size(); ++i) {
            INFO("job " << i << ", " << threads << " threads");
            CHECK(together[i].verdict == alone[i].verdict);
            CHECK(together[i].states == alone[i].states);
            CHECK(together[i].worst_ms == alone[i].worst_ms);
        }
    }
    CHECK(check_all({}, library(), 2).empty());
}

TEST_CASE("A job that cannot be run is reported before any is: the first of them") {
    std::size_t explored = 0;
    CheckOptions options = verdict_only();
    options.report = [&](const explorer::Progress&) { ++explored; };
    // The first alone would take seconds, and report.
    const std::vector<BatchJob> jobs{{founding(), options},
                                     {one_connect({{"server.policy", "freebsd-77"}}), options},
                                     {one_connect({{"nat.policy", "linux-77"}}), options}};
    CHECK_THROWS_WITH(check_all(jobs, library(), 1), Catch::Contains("freebsd-77"));
    CHECK(explored == 0);
}
