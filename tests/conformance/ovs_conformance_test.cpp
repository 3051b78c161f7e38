// The recorded behaviour of a running Open vSwitch 3.1.0 (userspace datapath) against the policy
// `ovs-userspace`.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "conformance/coverage.hpp"
#include "tests/conformance/files.hpp"

using namespace halfopen;
using namespace halfopen::conformance;

namespace {

constexpr auto cases_file = "cases-ovs-3.1.jsonl", plan_file = "nat-ovs-3.1.jsonl";

Vectors recorded(const std::string& file) { return read_vectors(test::vectors(file)); }

/// All that is not judged is of picked-up connections.
void agrees_but_for_picked_up(const FileVerdict& verdict) {
    INFO(conform_text({verdict}, 3));
    CHECK(verdict.disagreed == 0);
    CHECK(verdict.outside * 20 < verdict.agreed);
    CHECK(verdict.outside_reasons.size() == 1);
}

bool is_syn(const NatObservation& step) { return step.segment.flags == flag::syn; }

/// The state of one side before the step: "CLOSED" where there was no entry.
std::string side_before(const NatSequence& sequence, std::size_t step, std::size_t side) {
    for (std::size_t i = step; i-- > 0;)
        if (sequence.steps[i].client == sequence.steps[step].client)
            return sequence.steps[i].entry ? (*sequence.steps[i].entry->sides)[side] : "CLOSED";
    return "CLOSED";
}

}  // namespace

TEST_CASE("Open vSwitch 3.1 does what its policy says, case by case and limit by limit") {
    const auto verdict = test::conform(recorded(cases_file), "ovs-userspace");
    CHECK(verdict.cases > 500);
    CHECK(verdict.agreed > 4000);
    agrees_but_for_picked_up(verdict);
}

TEST_CASE("Open vSwitch 3.1 does what its policy says in every state, with two clients and in real time") {
    const auto verdict = test::conform(recorded(plan_file), "ovs-userspace");
    CHECK(verdict.agreed > 2500);
    CHECK(verdict.tally.judged[static_cast<std::size_t>(Aspect::EntryTimeout)] > 2000);
    agrees_but_for_picked_up(verdict);
}

TEST_CASE(
    "a SYN that nobody has acknowledged passes Open vSwitch with every number, and from outside with none") {
    std::size_t from_inside = 0, from_outside = 0;
    for (const NatSequence& sequence : recorded(cases_file).nat_sequences)
        for (std::size_t i = 1; i < sequence.steps.size(); ++i) {
            const NatObservation& step = sequence.steps[i];
            const std::string side = side_before(sequence, i, step.outbound ? 0 : 1);
            if (!is_syn(step) || (side != "SYN_SENT" && side != "CLOSED")) continue;
            CHECK(step.forwarded == step.outbound);
            ++(step.outbound ? from_inside : from_outside);
            if (step.entry) CHECK(step.entry->timeout >= 29);
            if (!step.outbound && step.entry) CHECK((*step.entry->sides)[1] == "SYN_SENT");
        }
    CHECK(from_inside > 100);
    CHECK(from_outside > 5);
}

TEST_CASE(
    "numbers that an old server has granted keep the client's SYNs passing Open vSwitch, and no SYN-ACK "
    "comes back") {
    std::size_t passed = 0, refused = 0;
    for (const NatSequence& sequence : recorded(cases_file).nat_sequences) {
        if (!sequence.name.starts_with("ovs-granted")) continue;
        const auto& steps = sequence.steps;
        for (std::size_t i = 2; i + 1 < steps.size(); ++i) {
            if (!is_syn(steps[i]) || !steps[i].outbound || !steps[i].forwarded || !steps[i].entry) continue;
            if ((*steps[i].entry->sides)[0] != "ESTABLISHED") continue;
            ++passed;
            if (!steps[i + 1].forwarded) ++refused;
        }
    }
    CHECK(passed > 20);
    CHECK(refused * 10 > passed * 9);  // a SYN-ACK whose number happens to lie in the window does pass
}

TEST_CASE(
    "the recordings put every rule of ovs-userspace to the test, in every cell that has segments of the "
    "model") {
    std::vector<FileVerdict> verdicts;
    for (const auto* file : {cases_file, plan_file})
        verdicts.push_back(test::conform(recorded(file), "ovs-userspace"));
    const Coverage all = coverage(verdicts, test::policy(PolicyKind::Nat, "ovs-userspace"));
    std::set<std::string> never;
    for (const auto& [rule, times] : all.rules)
        if (times == 0) never.insert(rule);
    CHECK(never.empty());
    // Two states are conntrack's alone, and what has neither ACK nor SYN nor RST is invalid in any.
    for (const std::string& cell : all.cells_not_reached) {
        INFO(cell);
        const bool other = cell.starts_with("CLOSE_WAIT") || cell.starts_with("SYN_SENT2");
        CHECK((other || cell.find(": NONE ") != std::string::npos || cell == "SYN_SENT: SYN-ACK original"));
    }
}

TEST_CASE(
    "Open vSwitch 3.1 gives a connection that replaces another a port of its own: held ports are needed") {
    Vectors forgetful = recorded(cases_file);
    for (NatSequence& sequence : forgetful.nat_sequences) sequence.holds_ports = false;
    const auto verdict = test::conform(forgetful, "ovs-userspace");
    CHECK(verdict.disagreed > 50);
    CHECK(verdict.disagreed == verdict.tally.differed[static_cast<std::size_t>(Aspect::Port)]);
}

TEST_CASE("the recordings tell Open vSwitch from pf, from which it descends, and from conntrack") {
    for (const auto* name : {"pf-old", "pf", "linux-6.18"}) {
        INFO(name);
        CHECK(test::conform(recorded(cases_file), name).disagreed > 50);
    }
}
