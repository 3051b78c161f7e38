// What of the policies linux-6.18 the recordings put to the test, and what not, and why.
#include "conformance/coverage.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "tests/conformance/files.hpp"

using namespace halfopen;
using namespace halfopen::conformance;

namespace {

Coverage covered_by(PolicyKind kind, const std::vector<std::string>& files) {
    std::vector<FileVerdict> verdicts;
    for (const std::string& file : files)
        verdicts.push_back(test::conform(read_vectors(test::vectors(file)), "linux-6.18"));
    return coverage(verdicts, test::policy(kind, "linux-6.18"));
}

std::set<std::string> never_decided(const Coverage& all) {
    std::set<std::string> never;
    for (const auto& [rule, times] : all.rules)
        if (times == 0) never.insert(rule);
    return never;
}

}  // namespace

TEST_CASE("the recordings put every rule of the endpoint to the test, in every cell") {
    const Coverage all = covered_by(
        PolicyKind::Endpoint, {"endpoint-linux-6.18-sample.jsonl", "endpoint-linux-6.18-timestamps.jsonl",
                               "connections-linux-6.18.jsonl", "rare-linux-6.18.jsonl",
                               "windows-linux-6.18.jsonl", "timestamp-echo-linux-6.18.jsonl"});
    CHECK(never_decided(all).empty());
    CHECK(all.cells_not_reached.empty());
}

TEST_CASE(
    "the recordings put every rule of the NAT to the test that is not shadowed, in every cell that packets "
    "reach") {
    const Coverage all =
        covered_by(PolicyKind::Nat, {"conntrack-linux-6.18-sample.jsonl", "nat-linux-6.18.jsonl",
                                     "second-attempt-linux-6.18.jsonl", "end-to-end-linux-6.18.jsonl"});
    CHECK(never_decided(all) ==
          std::set<std::string>{
              // NF_REPEAT: what is shown is the rule that then makes a new entry.
              "reopen-closed",
              "reopen-aborted",
              // An entry comes to TIME_WAIT by way of FIN_WAIT, which notes who closed, so that
              // reopen-closed-by-server decides before either.
              "reopen-aborted-by-server",
              "syn-from-server-ignored",
          });
    CHECK(all.cells == 120);
    // A segment from outside that belongs to no entry goes to the host, and the tracker's table is not asked.
    for (const char* segment : {"SYN", "SYN-ACK", "FIN", "ACK", "RST", "NONE"})
        CHECK(std::count(all.cells_not_reached.begin(), all.cells_not_reached.end(),
                         std::string("NONE: ") + segment + " reply") == 1);
    for (const std::string& cell : all.cells_not_reached) CHECK(cell.find("NONE") != std::string::npos);
}

TEST_CASE("a rule that a recording never reaches is listed as such") {
    const Coverage none = coverage({}, test::policy(PolicyKind::Nat, "linux-6.18"));
    CHECK(never_decided(none).size() == none.rules.size());
    CHECK(none.cells_not_reached.size() == none.cells);
    CHECK(coverage_text({none}).find("syn-again") != std::string::npos);
    CHECK(coverage_text({}).empty());
}
