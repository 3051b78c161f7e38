// The recorded behaviour of a running Open vSwitch 3.1.0 (userspace datapath) against the policy
// `ovs-userspace`.
#include <catch2/catch.hpp>
#include <map>

#include "tests/conformance/files.hpp"

using namespace halfopen;
using namespace halfopen::conformance;

namespace {

constexpr auto cases_file = "cases-ovs-3.1.jsonl", plan_file = "nat-ovs-3.1.jsonl";

Vectors recorded(const std::string& file) { return read_vectors(test::vectors(file)); }

/// How often each rule of the policy decides otherwise, first in a case.  All that is not judged besides is
/// of picked-up connections.
std::map<std::string, std::size_t> disagreeing(const std::string& file) {
    const FileVerdict verdict = test::conform(recorded(file), "ovs-userspace");
    CHECK(verdict.outside_reasons.size() == 1);
    return verdict.disagreeing_rules;
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

// bad-state: the policy judges a SYN that nobody has acknowledged, which passes with any number.  in-window:
// it lets one from the server in, which is +new.  new-syn: it takes a port from 1024 on where the client's
// class is meant, and SYN or RST with FIN for a first segment.
TEST_CASE("Open vSwitch 3.1 differs from its policy: a SYN of a handshake, the class of a port, odd flags") {
    using Counts = std::map<std::string, std::size_t>;
    CHECK(disagreeing(cases_file) == Counts{{"bad-state", 21}, {"in-window", 56}, {"new-syn", 124}});
    CHECK(
        disagreeing(plan_file) ==
        Counts{{"bad-state", 5}, {"in-window", 35}, {"loose-match", 1}, {"new-syn", 49}, {"state-reuse", 1}});
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

TEST_CASE("the recordings tell Open vSwitch from pf, from which it descends, and from conntrack") {
    for (const auto* name : {"pf-old", "pf", "linux-6.18"}) {
        INFO(name);
        CHECK(test::conform(recorded(cases_file), name).disagreed > 50);
    }
}
