// Real clients, a real NAT and a real server, captured on both sides of the NAT, against the model's traces.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "tests/conformance/files.hpp"
#include "tests/conformance/observed_run.hpp"

using namespace halfopen;
using namespace halfopen::conformance;
using halfopen::test::ObservedRun;

namespace {

const PolicyLibrary& library() {
    static const PolicyLibrary shipped(test::source_folder / "spec/policies");
    return shipped;
}

Vectors recorded_runs() { return read_vectors(test::vectors("end-to-end-linux-6.18.jsonl")); }

Scenario scenario() {
    return read_scenario((test::source_folder / "tests/conformance/end-to-end.toml").string());
}

}  // namespace

TEST_CASE("every recorded run of real clients is a run of the model") {
    std::set<std::size_t> counts;
    std::set<std::vector<std::size_t>> orders;
    const Vectors recorded = recorded_runs();
    REQUIRE(recorded.nat_sequences.size() >= 30);
    for (const NatSequence& run : recorded.nat_sequences) {
        const Model model(test::scenario_of_run(scenario(), run), library());
        ObservedRun observed(model, run);
        const bool possible = observed.is_possible();
        INFO(observed.explanation());
        CHECK(possible);
        counts.insert(run.clients.size());
        std::vector<std::size_t> order;
        for (const NatObservation& step : run.steps) {
            const bool syn = step.outbound && step.segment.flags == flag::syn;
            if (syn && std::find(order.begin(), order.end(), step.client) == order.end())
                order.push_back(step.client);
        }
        orders.insert(order);
    }
    // One client, two and three, in every order of coming back.
    CHECK(counts == std::set<std::size_t>{1, 2, 3});
    CHECK(orders ==
          std::set<std::vector<std::size_t>>{
              {0}, {0, 1}, {1, 0}, {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}});
}

TEST_CASE("a run in which anything is changed is none of the model's") {
    const NatSequence run = recorded_runs().nat_sequences.front();
    REQUIRE(run.steps.size() == 6);
    const auto possible = [](const NatSequence& changed) {
        const Model model(test::scenario_of_run(scenario(), changed), library());
        return ObservedRun(model, changed).is_possible();
    };
    REQUIRE(possible(run));
    NatSequence changed = run;
    SECTION("the challenge ACK has another number") { changed.steps[1].segment.ack += 1; }
    SECTION("the challenge ACK is not forwarded") { changed.steps[1].forwarded = false; }
    SECTION("the reset has another number") { changed.steps[2].segment.seq += 1; }
    SECTION("the reset leaks") { changed.steps[2].source->ip = run.clients.front(); }
    SECTION("there is no reset") { changed.steps.erase(changed.steps.begin() + 2); }
    SECTION("the SYN is not sent again") { changed.steps.erase(changed.steps.begin() + 3); }
    SECTION("the last ACK is missing") { changed.steps.pop_back(); }
    SECTION("the server answers the first SYN") { changed.steps[1].segment.flags |= flag::syn; }
    CHECK_FALSE(possible(changed));
}

TEST_CASE(
    "a server that had data outstanding sends it again before the clients come back, or is reset by them "
    "first") {
    std::size_t sent_again = 0, reset_first = 0;
    for (const NatSequence& run : recorded_runs().nat_sequences) {
        if (run.name.find("data outstanding") == std::string::npos) continue;
        const auto first_data =
            std::find_if(run.steps.begin(), run.steps.end(),
                         [](const NatObservation& step) { return step.segment.length != 0; });
        (first_data == run.steps.begin() ? sent_again : reset_first) += 1;
        // Without data, the challenge ACK has another number, and nothing is sent again.
        NatSequence idle = run;
        idle.name = "end-to-end";
        const Model model(test::scenario_of_run(scenario(), idle), library());
        CHECK_FALSE(ObservedRun(model, idle).is_possible());
    }
    CHECK(sent_again > 0);
    CHECK(reset_first > 0);
}

TEST_CASE("the recorded runs tell servers apart: one that answers a SYN otherwise has no such run") {
    const NatSequence run = recorded_runs().nat_sequences.front();
    for (const char* policy : {"linux-2.6.24", "freebsd-7", "linux-3.10"}) {
        INFO(policy);
        Scenario other = test::scenario_of_run(scenario(), run);
        apply_setting(other, "server.policy", policy);
        const Model model(other, library());
        CHECK_FALSE(ObservedRun(model, run).is_possible());
    }
}
