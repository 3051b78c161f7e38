// Which sets of fixes help, and in what order they are told.
#include "check/fix_sets.hpp"

#include <catch2/catch.hpp>

#include "tests/check/scenario_bench.hpp"
#include "tests/temporary_folder.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

FixSearch search(const Scenario& scenario, const std::vector<std::string>& names,
                 std::optional<std::size_t> max_size = std::nullopt, const std::string& party = "") {
    std::vector<ExpectedFix> fixes;
    for (const std::string& name : names) fixes.push_back({name, std::nullopt, {}});
    FixSearchOptions options;
    options.check = verdict_only();
    options.max_size = max_size;
    options.party = party;
    options.exposure = false;
    return find_fix_sets(scenario, fixes, FixLibrary(spec_folder + "/policies"), library(), options);
}

/// Fix files, gone when the test is over.
class TemporaryFixes {
   public:
    /// A fix that switches on one setting of a NAT; its path.
    std::string write(const std::string& name, const std::string& key) const {
        return folder_.write(name + ".toml", "name = \"" + name + "\"\nparty = \"nat\"\ntitle = \"t\"\n" +
                                                 "source = \"a test\"\n[set]\n\"" + key + "\" = true\n");
    }

   private:
    TemporaryFolder folder_;
};

std::vector<std::string> names_of(const FixSearch& found) {
    std::vector<std::string> names;
    for (const FixSetOutcome& one : found.minimal) {
        names.emplace_back();
        for (const Fix& fix : one.fixes) names.back() += (names.back().empty() ? "" : "+") + fix.name;
    }
    return names;
}

/// Two NATs in series, each of the kind that loses half of all ISNs, and neither has an entry left.
Scenario behind_two_nats() {
    return parse_scenario(R"(
name = "two-doors"
title = "a client behind two NATs of the kind that loses half of all ISNs"
source = "a test"
[[client]]
name = "c"
address = "10.0.0.2"
policy = "linux-2.6.24"
behind = "inner"
server = "s"
port = 903
snd_nxt = 1000000000
rcv_nxt = 1700000000
syn_never_gives_up = true
entry = "none"
reconnect_at = "5s"
[[nat]]
name = "inner"
policy = "linux-2.6.31"
inside = "10.0.0.0/8"
outside = "172.16.0.1"
host_policy = "linux-2.6.24"
behind = "outer"
[[nat]]
name = "outer"
policy = "linux-2.6.31"
inside = "172.16.0.0/12"
outside = "1.2.3.4"
host_policy = "linux-2.6.24"
[[server]]
name = "s"
address = "1.2.3.9"
port = 2049
policy = "freebsd-7"
[fault]
nat = "outer"
down = "1s"
)",
                          "two-doors.toml");
}

}  // namespace

TEST_CASE("What one party can do alone comes first, by party in the order of the list") {
    const FixSearch found =
        search(one_connect(), {"teardown", "be-liberal", "idle-close-6min", "fixed-ports"});
    CHECK(names_of(found) == std::vector<std::string>{"teardown", "idle-close-6min", "be-liberal"});
    CHECK(found.minimal[0].party() == "server");
    CHECK(found.minimal[2].party() == "nat");
    CHECK(found.before.verdict == explorer::Verdict::Permanent);
    CHECK(found.singles.size() == 4);
    CHECK(found.singles[1].fixes.front().name == "be-liberal");
    CHECK(found.largest == 1);
}

TEST_CASE("No superset of a set that helps is explored") {
    const FixSearch found =
        search(one_connect(), {"teardown", "be-liberal", "fixed-ports", "reset-first"}, 3);
    CHECK(names_of(found) == std::vector<std::string>{"teardown", "be-liberal"});
    // Of the 6 pairs one holds neither, of the 4 triples none.
    CHECK(found.tried == 4 + 1);
    CHECK(found.skipped == 5 + 4);
    CHECK(found.failed_together == 1);
}

TEST_CASE("Where no single fix helps sets of two are tried unasked") {
    const FixSearch found = search(one_connect(), {"fixed-ports", "reset-first"});
    CHECK(found.largest == 2);
    CHECK(found.tried == 3);
    CHECK(found.minimal.empty());
    CHECK(search(one_connect(), {"fixed-ports", "reset-first"}, 1).tried == 2);
}

TEST_CASE("A set of fixes helps where no part of it does") {
    Scenario scenario = behind_two_nats();
    TemporaryFixes fixes;
    const std::string inner = fixes.write("inner", "inner.nf_conntrack_tcp_be_liberal");
    const std::string outer = fixes.write("outer", "outer.nf_conntrack_tcp_be_liberal");
    const FixSearch found = search(scenario, {inner, outer});
    CHECK(found.singles[0].result.verdict == explorer::Verdict::Permanent);
    CHECK(found.singles[1].result.verdict == explorer::Verdict::Permanent);
    CHECK(names_of(found) == std::vector<std::string>{"inner+outer"});
    CHECK(found.minimal.front().endless.has_value());
}

TEST_CASE("Fixes that set one thing twice are not combined") {
    const FixSearch found = search(one_connect(), {"rfc5961", "insecure-syn"}, 2);
    CHECK(found.incompatible == 1);
    CHECK(found.tried == 2);
}

TEST_CASE("A party's administrator can ask for what he can do alone") {
    const FixSearch found = search(one_connect(), {"teardown", "be-liberal", "reset-first"}, 2, "nat");
    CHECK(names_of(found) == std::vector<std::string>{"be-liberal"});
    CHECK(found.tried == 1);
}

TEST_CASE("Whoever can prove is asked about each set that helps, with the fixed scenario") {
    FixSearchOptions options;
    options.check = verdict_only();
    options.exposure = false;
    std::size_t asked = 0;
    options.prove = [&](const Scenario& fixed) {
        ++asked;
        CHECK(fixed.nats.front().parameters.back().name == "nf_conntrack_tcp_be_liberal");
        return FixProof{FixProof::Status::Proved, false, {}};
    };
    const FixSearch found = find_fix_sets(one_connect(), {{"be-liberal", {}, {}}, {"fixed-ports", {}, {}}},
                                          FixLibrary(spec_folder + "/policies"), library(), options);
    CHECK(asked == 1);
    CHECK(found.minimal.front().proof.status == FixProof::Status::Proved);
    CHECK(found.singles.back().proof.status == FixProof::Status::NotTried);
}

TEST_CASE("The exposure is that of the server as the fix leaves it") {
    FixSearchOptions options;
    options.check = verdict_only();
    const FixSearch found = find_fix_sets(one_connect(), {{"teardown", {}, {}}, {"be-liberal", {}, {}}},
                                          FixLibrary(spec_folder + "/policies"), library(), options);
    REQUIRE(found.exposure_before.size() == 1);
    CHECK(found.exposure_before.front().server == "nfs");
    CHECK(found.exposure_before.front().exposure.expected() == 32768.5);
    REQUIRE(found.minimal.size() == 2);
    CHECK(found.minimal[0].exposure.front().exposure.expected() == 1);
    CHECK(found.minimal[1].exposure.front().exposure.expected() == 32768.5);
}
