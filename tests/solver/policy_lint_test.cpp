/// Holes, dead rules and overlaps are found, and only those that are there.
#include "solver/policy_lint.hpp"

#include <catch2/catch.hpp>

#include "solver/policy_diff.hpp"
#include "spec/tcp/predicates.hpp"
#include "tests/solver/edited_policy.hpp"

using namespace halfopen;
using namespace halfopen::testing;
using Why = DeadRule::Why;

namespace {

std::vector<std::string> ids(const Policy& policy, const std::vector<std::size_t>& rules) {
    std::vector<std::string> list;
    for (const std::size_t rule : rules) list.push_back(policy.rules[rule].id);
    return list;
}

/// All conditions of the rule hold for the witness.
bool matches(const Rule& rule, const PolicyWitness& witness) {
    ConcreteReading r;
    EndpointPredicates<ConcreteReading> predicates(r, *witness.tcb, witness.segment);
    return ((rule.states >> witness.at.state) & 1U) != 0 &&
           ((rule.segments >> static_cast<unsigned>(witness.at.segment())) & 1U) != 0 &&
           std::all_of(rule.when.begin(), rule.when.end(), [&](const Condition& c) {
               return c.kind == Condition::Kind::Parameter ||
                      predicates.holds(static_cast<EndpointPredicate>(c.index)) != c.negated;
           });
}

}  // namespace

TEST_CASE("Every shipped table is total, and each of its rules decides something") {
    const PolicyLibrary library = shipped_policies();
    for (const PolicyKind kind : {PolicyKind::Endpoint, PolicyKind::Nat})
        for (const std::string& name : library.names(kind)) {
            const Policy policy = library.load(kind, name);
            const Lint found = lint(policy, false);
            INFO(name);
            CHECK(found.holes.empty());
            for (const DeadRule& dead : found.dead) {
                INFO("dead: " << policy.rules[dead.rule].id);
                CHECK(false);
            }
        }
}

TEST_CASE("A table without its rule for the rest has a hole, with a segment that falls through it") {
    const Policy policy = without(endpoint_policy("freebsd-7"), "syn-right");
    const Lint found = lint(policy, false);
    REQUIRE(found.holes.size() == 2);
    CHECK(found.dead.empty());
    for (const Hole& hole : found.holes) {
        CHECK((hole.segment == SegmentClass::Syn || hole.segment == SegmentClass::SynAck));
        CHECK(hole.states.size() == 6);
        const PolicyOutcome outcome = outcome_of(policy, hole.witness);
        CHECK(outcome.rule == nullptr);
        // Right of the window.
        CHECK(hole.witness.segment.seq.value - hole.witness.tcb->rcv_nxt.value > hole.witness.tcb->rcv_wnd);
    }
}

TEST_CASE("A NAT's hole in one direction only is named with its direction") {
    Policy policy = nat_policy("linux-2.6.18");
    Rule& rest = rule_of(policy, "out-of-window");
    rest.directions = direction_original;
    const Lint found = lint(policy, false);
    REQUIRE_FALSE(found.holes.empty());
    for (const Hole& hole : found.holes) {
        CHECK(hole.directions == direction_reply);
        CHECK(outcome_of(policy, hole.witness).rule == nullptr);
    }
}

TEST_CASE("A hole that only one setting of a guarding flag opens is found") {
    Policy policy = endpoint_policy("freebsd-7");
    rule_of(policy, "syn-right").when.push_back(flag_is(EndpointParameter::InsecureSyn, true));
    CHECK_FALSE(policy.flag("insecure_syn"));
    CHECK(lint(policy, false).holes.size() == 2);
}

TEST_CASE("A rule behind one that takes everything is dead, and covered by all that take a part") {
    Policy policy = endpoint_policy("freebsd-7");
    add_copy(policy, "syn-left", "too-late");
    const Lint found = lint(policy, false);
    CHECK(found.holes.empty());
    REQUIRE(found.dead.size() == 1);
    CHECK(policy.rules[found.dead[0].rule].id == "too-late");
    CHECK(found.dead[0].why == Why::Covered);
    CHECK(ids(policy, found.dead[0].covered_by) == std::vector<std::string>{"paws-data", "paws", "syn-left"});
}

TEST_CASE("Two rules together can cover a third that neither of them covers alone") {
    Policy policy = endpoint_policy("freebsd-7");
    // Left of the window, or in it or at its edge, or right: the third "right" is left with nothing.
    Rule third = rule_of(policy, "syn-right");
    third.id = "third";
    third.when = {predicate(EndpointPredicate::SeqAfterRcvNxt, true)};
    policy.rules.insert(policy.rules.begin() + static_cast<std::ptrdiff_t>(index_of(policy, "syn-right")),
                        third);
    const Lint found = lint(policy, false);
    REQUIRE(found.dead.size() == 1);
    CHECK(policy.rules[found.dead[0].rule].id == "third");
    CHECK(ids(policy, found.dead[0].covered_by) ==
          std::vector<std::string>{"paws-data", "paws", "syn-in-window", "syn-left"});
}

TEST_CASE("Conditions that contradict each other are told from a rule that comes too late") {
    Policy policy = endpoint_policy("freebsd-7");
    Rule impossible = rule_of(policy, "syn-left");
    impossible.id = "never";
    impossible.when = {predicate(EndpointPredicate::SeqIsRcvNxt),
                       predicate(EndpointPredicate::SeqLeftOfWindow)};
    policy.rules.insert(policy.rules.begin(), impossible);
    const Lint found = lint(policy, false);
    REQUIRE(found.dead.size() == 1);
    CHECK(found.dead[0].why == Why::Impossible);
}

TEST_CASE("What no connection can be counts as nothing: a listener's end in SYN_SENT") {
    Policy policy = endpoint_policy("freebsd-7");
    Rule impossible = rule_of(policy, "syn-sent-syn");
    impossible.id = "passive";
    impossible.when = {predicate(EndpointPredicate::OpenedActively, true)};
    policy.rules.insert(policy.rules.begin(), impossible);
    const Lint found = lint(policy, false);
    REQUIRE(found.dead.size() == 1);
    CHECK(found.dead[0].why == Why::Impossible);
}

TEST_CASE("Guards that exclude each other leave a rule that nothing selects") {
    Policy policy = endpoint_policy("freebsd-7");
    Rule impossible = rule_of(policy, "syn-left");
    impossible.id = "both-ways";
    impossible.when = {flag_is(EndpointParameter::InsecureSyn),
                       flag_is(EndpointParameter::InsecureSyn, true)};
    policy.rules.insert(policy.rules.begin(), impossible);
    const Lint found = lint(policy, false);
    REQUIRE(found.dead.size() == 1);
    CHECK(found.dead[0].why == Why::Unselected);
}

TEST_CASE("Overlaps are pairs of rules that a segment matches both of, and no other pairs") {
    const Policy policy = endpoint_policy("freebsd-7");
    const Lint found = lint(policy, true);
    REQUIRE_FALSE(found.overlaps.empty());
    for (const Overlap& overlap : found.overlaps) {
        INFO(policy.rules[overlap.first].id << " and " << policy.rules[overlap.second].id);
        CHECK(overlap.first < overlap.second);
        CHECK(matches(policy.rules[overlap.first], overlap.witness));
        CHECK(matches(policy.rules[overlap.second], overlap.witness));
    }
    const auto overlapping = [&](const char* a, const char* b) {
        return std::any_of(found.overlaps.begin(), found.overlaps.end(), [&](const Overlap& overlap) {
            return policy.rules[overlap.first].id == a && policy.rules[overlap.second].id == b;
        });
    };
    CHECK(overlapping("rst-near-rcv-nxt", "rst-near-last-ack"));
    CHECK_FALSE(overlapping("syn-in-window", "syn-left"));
}
