// What the shipped scenarios promise, and what no verdict may depend on.
#include <catch2/catch.hpp>
#include <random>

#include "check/batch.hpp"
#include "tests/check/promises.hpp"
#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;
using explorer::StopReason;
using explorer::Verdict;

TEST_CASE("Every shipped scenario, variant and fix has the verdict that its file promises") {
    const std::vector<Promise> all = promises(shipped_scenarios());
    REQUIRE(all.size() >= 10);
    CheckOptions options = verdict_only();
    options.attempts = false;
    std::vector<BatchJob> jobs;
    for (const Promise& promise : all) jobs.push_back({promise.scenario, options});
    const std::vector<CheckResult> results = check_all(jobs, library(), 2);
    for (std::size_t i = 0; i < all.size(); ++i) {
        INFO(all[i].what);
        CHECK(to_string(results[i].verdict) == all[i].expected);
    }
}

TEST_CASE("A result does not depend on how many threads work") {
    std::vector<BatchJob> jobs;
    for (const char* nat : {"linux-2.6.18", "linux-5.10", "linux-5.18"})
        jobs.push_back({one_connect({{"nat.policy", nat}}), verdict_only()});
    const auto alone = check_all(jobs, library(), 1);
    const auto together = check_all(jobs, library(), 3);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        CHECK(findings(alone[i]) == findings(together[i]));
        CHECK(alone[i].states == together[i].states);
        CHECK(alone[i].transitions == together[i].transitions);
    }
}

TEST_CASE("Steps that commute need not be explored in every order") {
    const Settings endless{{"client.syn_never_gives_up", "true"}};
    const std::vector<std::pair<std::string, Scenario>> cases{
        {"one client", one_connect()},
        {"two clients", founding(endless)},
        {"two clients in order", changed(founding(endless), {{"network.order", "kept"}})},
        {"the NAT keeps its table", changed(founding(endless), {{"fault.table", "kept"}})},
        {"the NAT is liberal", changed(founding(endless), {{"nat.nf_conntrack_tcp_be_liberal", "true"}})},
        {"the NAT is new", changed(founding(endless), {{"nat.policy", "linux-6.18"}})},
        {"a segment may be lost", one_connect({{"network.loss", "1"}})},
        {"a segment may come twice", one_connect({{"network.duplication", "1"}})},
    };
    for (const auto& [what, scenario] : cases) {
        DYNAMIC_SECTION(what) {
            CheckOptions options = verdict_only();
            const CheckResult merged = checked(scenario, options);
            options.merge_commuting_steps = false;
            const CheckResult every_order = checked(scenario, options);
            CHECK(findings(merged) == findings(every_order));
            CHECK(merged.states <= every_order.states);
        }
    }
}

TEST_CASE("One client's verdict does not depend on the numbers of its old connection") {
    std::mt19937 random(20101111);
    const CheckOptions options = exact_counts();
    const Findings expected = findings(checked(one_connect(), options));
    REQUIRE(expected.verdict == Verdict::Permanent);
    for (int i = 0; i < 10; ++i) {
        const auto snd_nxt = static_cast<std::uint32_t>(random());
        const auto rcv_nxt = static_cast<std::uint32_t>(random());
        CAPTURE(snd_nxt, rcv_nxt);
        const CheckResult result = checked(one_connect({{"client.snd_nxt", std::to_string(snd_nxt)},
                                                        {"client.rcv_nxt", std::to_string(rcv_nxt)}}),
                                           options);
        CHECK(findings(result) == expected);
        REQUIRE(result.losing.size() == 1);
        CHECK(result.losing.front().rcv_nxt == snd_nxt);
    }
}

TEST_CASE("Two clients' verdict does not depend on the numbers of their old connections") {
    std::mt19937 random(903601);
    const auto number = [&] { return std::to_string(static_cast<std::uint32_t>(random())); };
    const Scenario usual = founding({{"client.syn_never_gives_up", "true"}, {"network.order", "reversed"}});
    Findings expected = findings(checked(usual, verdict_only()));
    expected.losing.clear();  // which of the other's numbers a loser can meet depends on both connections
    for (int i = 0; i < 4; ++i) {
        const Scenario other = changed(usual, {{"clientA.snd_nxt", number()},
                                               {"clientA.rcv_nxt", number()},
                                               {"clientB.snd_nxt", number()},
                                               {"clientB.rcv_nxt", number()}});
        Findings found = findings(checked(other, verdict_only()));
        found.losing.clear();
        CHECK(found == expected);
    }
}

TEST_CASE("Endless reconnects with fresh numbers reach finitely many states") {
    for (const char* clients : {"1", "2"}) {
        DYNAMIC_SECTION(clients << " clients") {
            const CheckResult result = checked(founding({{"scenario.clients", clients}}), verdict_only());
            CHECK(result.stopped == StopReason::Complete);
            CHECK(result.verdict == Verdict::Unbounded);
            CHECK(result.states > 0);
            CHECK(result.states < 200'000);
            CHECK(result.transitions >= result.states - 1);
            CHECK(result.trap_states == 0);
            REQUIRE(result.escape_per_attempt);
            CHECK(*result.escape_per_attempt > 0);
            CHECK(*result.escape_per_attempt < 1);
        }
    }
}

TEST_CASE("An attempt of a single client gets through with the share of numbers that do not lose") {
    const CheckResult result = checked(founding({{"scenario.clients", "1"}}), verdict_only());
    REQUIRE(result.losing.size() == 1);
    REQUIRE(result.escape_per_attempt);
    const double share = static_cast<double>(result.losing.front().count) / 4294967296.0;
    CHECK(*result.escape_per_attempt == Approx(1 - share).epsilon(1e-3));
}

TEST_CASE("A limit that is hit makes the answer inconclusive, never good") {
    const Scenario fine = one_connect({{"nat.nf_conntrack_tcp_be_liberal", "true"}});
    REQUIRE(checked(fine, verdict_only()).verdict == Verdict::Bounded);
    CheckOptions options;
    StopReason reason = StopReason::Complete;
    SECTION("depth") {
        options.limits.max_depth = 5;
        reason = StopReason::Depth;
    }
    SECTION("memory") {
        options.limits.memory_bytes = 1;
        reason = StopReason::Memory;
    }
    SECTION("time") {
        options.limits.timeout = std::chrono::milliseconds(0);
        reason = StopReason::Timeout;
    }
    SECTION("interruption") {
        std::stop_source stop;
        stop.request_stop();
        options.limits.stop = stop.get_token();
        reason = StopReason::Interrupted;
        CHECK(checked(fine, options).stopped == reason);
    }
    if (reason == StopReason::Interrupted) return;
    const CheckResult result = checked(fine, options);
    CHECK(result.verdict == Verdict::Inconclusive);
    CHECK(result.stopped == reason);
    CHECK_FALSE(result.worst_ms);
    CHECK(result.trace.steps.empty());
    CHECK_FALSE(result.proof.proved);
}

TEST_CASE("Limits that suffice change nothing") {
    CheckOptions options = verdict_only();
    const CheckResult free = checked(one_connect(), options);
    options.limits.max_depth = free.depth;
    options.limits.memory_bytes = 1ULL << 30U;
    options.limits.timeout = std::chrono::minutes(1);
    CHECK(findings(checked(one_connect(), options)) == findings(free));
}

TEST_CASE("A corner decides the verdict only where it is asked to") {
    const Scenario scenario = one_connect({{"nat.policy", "linux-6.18"}});
    CheckOptions options = exact_counts();
    CHECK(checked(scenario, options).verdict == Verdict::Bounded);
    options.isn = IsnMode::Complete;
    const CheckResult complete = checked(scenario, options);
    CHECK(complete.verdict == Verdict::Permanent);
    CHECK(complete.corners.empty());
}
