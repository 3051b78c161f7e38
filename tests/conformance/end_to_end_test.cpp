// Real clients, a real NAT and a real server, captured on both sides of the NAT, against the model's traces.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
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

/// One client, a challenge ACK, and the reset that makes room for its second SYN.
NatSequence simplest_run() {
    const auto runs = recorded_runs().nat_sequences;
    const auto found = std::find_if(runs.begin(), runs.end(), [](const NatSequence& run) {
        return run.steps.size() == 6 && run.steps.front().outbound && run.settings.size() == 1;
    });
    REQUIRE(found != runs.end());
    return *found;
}

Scenario scenario() {
    return read_scenario((test::source_folder / "tests/conformance/end-to-end.toml").string());
}

bool possible(const Scenario& as, const NatSequence& run) {
    const Model model(as, library());
    return ObservedRun(model, run).is_possible();
}
bool possible(const NatSequence& run) { return possible(test::scenario_of_run(scenario(), run), run); }

void require_possible(const NatSequence& run) {
    const Model model(test::scenario_of_run(scenario(), run), library());
    ObservedRun observed(model, run);
    const bool is_possible = observed.is_possible();
    INFO(observed.explanation());
    CHECK(is_possible);
}

}  // namespace

TEST_CASE("every recorded run of real clients is a run of the model") {
    std::set<std::size_t> counts;
    std::set<std::vector<std::size_t>> orders;
    const Vectors recorded = recorded_runs();
    REQUIRE(recorded.nat_sequences.size() >= 30);
    for (const NatSequence& run : recorded.nat_sequences) {
        require_possible(run);
        counts.insert(run.clients.size());
        std::vector<std::size_t> order;
        for (const NatObservation& step : run.steps) {
            const bool syn = step.outbound && step.segment.flags == flag::syn;
            if (syn && std::find(order.begin(), order.end(), step.client) == order.end())
                order.push_back(step.client);
        }
        if (!run.settings.contains("client.old_connection")) orders.insert(order);
    }
    // One client, two and three, in every order of coming back.
    CHECK(counts == std::set<std::size_t>{1, 2, 3});
    CHECK(orders ==
          std::set<std::vector<std::size_t>>{
              {0}, {0, 1}, {1, 0}, {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}});
}

TEST_CASE("a run in which anything is changed is none of the model's") {
    const NatSequence run = simplest_run();
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

namespace {

/// Those of the runs in which the setting has this value.
std::vector<NatSequence> runs_with(const std::string& setting, const std::string& value) {
    std::vector<NatSequence> found;
    for (const NatSequence& run : recorded_runs().nat_sequences) {
        const auto at = run.settings.find(setting);
        if (at != run.settings.end() && at->second == value) found.push_back(run);
    }
    return found;
}

/// Whether it is a run of the model's where that had another setting than was recorded.
bool possible_with(NatSequence run, const std::string& setting, const std::string& value) {
    run.settings[setting] = value;
    return possible(run);
}

bool begins_with_server(const NatSequence& run) { return !run.steps.front().outbound; }

}  // namespace

TEST_CASE(
    "a server that had data outstanding sends it again before the clients come back, or is reset by them "
    "first") {
    std::size_t sent_again = 0, reset_first = 0;
    for (NatSequence run : runs_with("server.data", "unacknowledged")) {
        (begins_with_server(run) ? sent_again : reset_first) += 1;
        // Without data, the challenge ACK has another number, and nothing is sent again.
        for (auto& old : run.old) old.server_snd_nxt.reset();
        CHECK_FALSE(possible_with(run, "server.data", "none"));
    }
    CHECK(sent_again > 0);
    CHECK(reset_first > 0);
}

TEST_CASE(
    "a server that probes ends its old connection at the NAT host, by itself, or is reset by the clients "
    "before") {
    std::size_t probed = 0, gave_up = 0, reset_first = 0;
    for (const NatSequence& run : runs_with("server.keepalive", "true")) {
        if (!begins_with_server(run)) {
            ++reset_first;
            continue;
        }
        // Where nobody answers the second probe, it says good-bye.
        const bool good_bye = std::any_of(run.steps.begin(), run.steps.end(), [](const NatObservation& step) {
            return !step.outbound && (step.segment.flags & flag::rst) != 0;
        });
        (good_bye ? gave_up : probed) += 1;
        CHECK_FALSE(possible_with(run, "server.keepalive", "false"));
    }
    CHECK(probed > 0);
    CHECK(gave_up > 0);
    CHECK(reset_first > 0);
}

TEST_CASE("a rule that drops INVALID is seen where the server speaks first and nothing is picked up") {
    std::size_t seen = 0;
    for (NatSequence run : recorded_runs().nat_sequences) {
        const auto invalid = run.config.find("invalid");
        if (invalid == run.config.end() || !begins_with_server(run)) continue;
        if (run.config.at("nf_conntrack_tcp_loose") != "0") continue;
        run.config.erase(invalid);
        CHECK_FALSE(possible(run));
        ++seen;
    }
    CHECK(seen > 0);
}

TEST_CASE(
    "a client whose connect() has failed comes again with another number, through the entry of the first") {
    const auto runs = runs_with("client.syn_retransmit", "1s,2s");
    REQUIRE(runs.size() >= 5);
    for (const NatSequence& run : runs) {
        INFO(run.name);
        for (std::size_t client = 0; client < run.clients.size(); ++client) {
            std::set<std::uint32_t> numbers;
            for (const NatObservation& step : run.steps)
                if (step.outbound && step.client == client && step.segment.flags == flag::syn)
                    numbers.insert(step.segment.seq);
            CHECK(numbers.size() == 2);
        }
        CHECK_FALSE(possible_with(run, "network.loss", "0"));
    }
}

TEST_CASE(
    "clients that have noticed nothing are picked up under any port, and under each other's they never get "
    "through") {
    std::size_t through = 0, wedged = 0, leaked = 0;
    for (NatSequence run : runs_with("client.old_connection", "kept")) {
        INFO(run.name);
        if (run.config.at("nf_conntrack_tcp_loose") == "0") {
            // Nothing is picked up: what they write leaves untranslated, or is dropped.
            CHECK_FALSE(run.recovered);
            ++leaked;
            continue;
        }
        (run.recovered ? through : wedged) += 1;
        // Whoever writes first may get another's port, and the server answers with that one's numbers: an ACK
        // that acknowledges nothing of what was written.
        const NatObservation& first = run.steps.front();
        const bool own_port = first.source->port == run.old[first.client].outside_port;
        CHECK((own_port || !run.recovered));
        run.config["nf_conntrack_tcp_loose"] = "0";
        CHECK_FALSE(possible(run));
    }
    CHECK(through > 0);
    CHECK(wedged > 0);
    CHECK(leaked > 0);
}

// Not of the suite: `fresh` asks it of what it has just recorded.
TEST_CASE("every run in the file HALFOPEN_RUNS is a run of the model", "[.recorded-now]") {
    const char* file = std::getenv("HALFOPEN_RUNS");
    REQUIRE(file != nullptr);
    const Vectors recorded = read_vectors(file);
    REQUIRE_FALSE(recorded.nat_sequences.empty());
    for (const NatSequence& run : recorded.nat_sequences) require_possible(run);
}

TEST_CASE("the recorded runs tell servers apart: one that answers a SYN otherwise has no such run") {
    const NatSequence run = simplest_run();
    for (const char* policy : {"linux-2.6.24", "freebsd-7", "linux-3.10"}) {
        INFO(policy);
        Scenario other = test::scenario_of_run(scenario(), run);
        apply_setting(other, "server.policy", policy);
        CHECK_FALSE(possible(other, run));
    }
}
