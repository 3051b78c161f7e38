// Which changes help, alone and together.
#include "check/fix_sets.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;
using explorer::Verdict;

namespace {

/// A mute server behind a NAT that loses the reset: two parties have to act.
Scenario mute_server() { return one_connect({{"nfs.policy", "linux-3.10"}, {"nat.policy", "linux-5.18"}}); }

FixSearch search(const Scenario& scenario, const std::vector<std::string>& names, std::size_t max_size,
                 unsigned threads = 2) {
    std::vector<ExpectedFix> fixes;
    for (const std::string& name : names) fixes.push_back({name, std::nullopt, {}});
    return search_fixes(scenario, fixes, FixLibrary(spec_folder + "/policies"), library(), verdict_only(),
                        threads, max_size);
}

std::vector<std::string> names_of(const FixSet& set) {
    std::vector<std::string> names;
    for (const Fix& fix : set.fixes) names.push_back(fix.name);
    return names;
}

}  // namespace

TEST_CASE(
    "Where the server is mute and the NAT loses the reset, it takes both a challenge ACK and the repair") {
    const FixSearch found = search(mute_server(), {"rfc5961", "challenge-ack-repair", "drop-invalid"}, 2);
    CHECK(found.before.result.verdict == Verdict::Permanent);
    for (const FixSet& single : found.singles) CHECK_FALSE(single.works());
    REQUIRE(found.larger.size() == 1);
    const FixSet& both = found.larger.front();
    CHECK(names_of(both) == std::vector<std::string>{"rfc5961", "challenge-ack-repair"});
    CHECK(both.parties() == std::vector<std::string>{"server", "nat"});
    CHECK(both.works());
    CHECK(both.result.worst_ms);
    CHECK(found.tried == 3);
    CHECK(found.supersets == 0);
}

TEST_CASE("A superset of a set that works is not explored") {
    const FixSearch found = search(mute_server(), {"teardown", "rfc5961", "challenge-ack-repair"}, 3);
    REQUIRE(found.singles.front().works());
    REQUIRE(found.larger.size() == 1);
    CHECK(names_of(found.larger.front()) == std::vector<std::string>{"rfc5961", "challenge-ack-repair"});
    CHECK(found.tried == 1);
    CHECK(found.supersets == 3);  // two pairs with teardown, and all three
}

TEST_CASE("Fixes that set one thing differently are not tried together") {
    // What a server does comes too late for a client that waits for ever; rfc5961 and teardown are two
    // stacks.
    const Scenario waiting = read_scenario(spec_folder + "/scenarios/waits-for-ever.toml");
    const FixSearch found = search(waiting, {"rfc5961", "teardown"}, 2);
    CHECK(found.tried == 0);
    CHECK(found.contradictions == 1);
}

TEST_CASE("A teardown costs the server all protection, what the NAT does costs it none") {
    const FixSearch found = search(mute_server(), {"teardown", "rfc5961", "be-liberal"}, 1);
    CHECK(found.singles[0].exposure == 1);
    CHECK(found.singles[1].exposure > found.singles[0].exposure);
    CHECK(found.singles[2].exposure == found.before.exposure);
    CHECK(std::isfinite(found.before.exposure));
}

TEST_CASE("For one party there is what it can do alone, then what it can do with others") {
    const auto all = search(mute_server(), {"teardown", "rfc5961", "challenge-ack-repair"}, 2);
    const FixSearch of_nat = for_party(all, "nat");
    REQUIRE(of_nat.singles.size() == 1);
    CHECK(names_of(of_nat.singles[0]) == std::vector<std::string>{"challenge-ack-repair"});
    CHECK(of_nat.larger.size() == 1);
    CHECK(for_party(all, "client").singles.empty());
}

TEST_CASE("The sets found do not depend on how many threads look for them") {
    const std::vector<std::string> names{"rfc5961", "challenge-ack-repair", "drop-invalid",
                                         "ignore-invalid-rst"};
    const FixSearch alone = search(mute_server(), names, 3, 1);
    const FixSearch together = search(mute_server(), names, 3, 3);
    REQUIRE(alone.larger.size() == together.larger.size());
    for (std::size_t i = 0; i < alone.larger.size(); ++i) {
        CHECK(names_of(alone.larger[i]) == names_of(together.larger[i]));
        CHECK(alone.larger[i].result.states == together.larger[i].result.states);
    }
}
