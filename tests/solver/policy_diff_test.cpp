/// diff() finds what policies do differently, and nothing that they only say differently.
#include "solver/policy_diff.hpp"

#include <catch2/catch.hpp>

#include "tests/solver/edited_policy.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

/// What happens to the witness is not the same.
void require_unlike(const Policy& before, const Policy& after, const PolicyDifference& difference) {
    const PolicyOutcome a = outcome_of(before, difference.witness);
    const PolicyOutcome b = outcome_of(after, difference.witness);
    REQUIRE((a.rule == nullptr) == !difference.old_rule);
    REQUIRE((b.rule == nullptr) == !difference.new_rule);
    if (a.rule != nullptr) CHECK(a.rule == &before.rules[*difference.old_rule]);
    if (b.rule != nullptr) CHECK(b.rule == &after.rules[*difference.new_rule]);
    CHECK_FALSE(same_behaviour(a, b));
}

}  // namespace

TEST_CASE(
    "freebsd-7 and freebsd-9 differ in a SYN left of the window and one in SYN_RCVD, and in nothing else") {
    const Policy seven = endpoint_policy("freebsd-7");
    const Policy nine = endpoint_policy("freebsd-9");
    const PolicyDiff found = diff(seven, nine);
    CHECK(found.parameters.empty());
    REQUIRE(found.differences.size() == 2);
    const PolicyDifference& embryo = found.differences[0];
    CHECK(seven.rules[*embryo.old_rule].id == "syncache-syn");
    CHECK(embryo.segments == std::vector<SegmentClass>{SegmentClass::Syn});
    CHECK(embryo.states == std::vector<std::size_t>{static_cast<std::size_t>(TcpState::SynReceived)});
    require_unlike(seven, nine, embryo);
    const PolicyDifference& left_of_window = found.differences[1];
    CHECK(seven.rules[*left_of_window.old_rule].id == "syn-left");
    CHECK(nine.rules[*left_of_window.new_rule].id == "syn-left-kills");
    CHECK(left_of_window.segments == std::vector<SegmentClass>{SegmentClass::Syn, SegmentClass::SynAck});
    std::vector<std::size_t> held;
    for (const TcpState state : {TcpState::Established, TcpState::FinWait1, TcpState::FinWait2,
                                 TcpState::CloseWait, TcpState::Closing, TcpState::LastAck})
        held.push_back(static_cast<std::size_t>(state));
    CHECK(left_of_window.states == held);
    const auto left = left_of_window.witness.tcb->rcv_nxt.value - left_of_window.witness.segment.seq.value;
    CHECK(left > 0);
    CHECK(left < 0x80000000U);
    require_unlike(seven, nine, left_of_window);
}

TEST_CASE("No shipped policy differs from itself") {
    const PolicyLibrary library = shipped_policies();
    for (const PolicyKind kind : {PolicyKind::Endpoint, PolicyKind::Nat})
        for (const std::string& name : library.names(kind)) {
            INFO(name);
            const Policy policy = library.load(kind, name);
            CHECK(diff(policy, policy).same());
        }
}

TEST_CASE("A rule of a NAT cut in two is no difference: Z3 finds the halves to be the whole") {
    for (const char* name : {"linux-6.18", "vpp"}) {
        INFO(name);
        const Policy before = nat_policy(name);
        Policy after = before;
        // Each rule first for segments at td_end, then for all.
        std::vector<Rule> cut;
        for (const Rule& rule : before.rules) {
            Rule half = rule;
            half.id += "-half";
            half.when.push_back(
                {Condition::Kind::Predicate, static_cast<std::uint16_t>(NatPredicate::SeqIsLastEnd)});
            cut.push_back(half);
            cut.push_back(rule);
        }
        after.rules = cut;
        CHECK(diff(before, after).same());
    }
}

TEST_CASE("Ids, sources, remarks and a rule cut in two are no difference") {
    const Policy before = endpoint_policy("freebsd-7");
    Policy after = before;
    for (Rule& rule : after.rules) {
        rule.id += "-renamed";
        rule.source = "elsewhere";
        rule.note = "said otherwise";
        rule.unconfirmed = !rule.unconfirmed;
    }
    Rule half = rule_of(after, "syn-right-renamed");
    half.id = "one-half";
    half.when = {predicate(EndpointPredicate::SeqIsIrs)};
    after.rules.insert(
        after.rules.begin() + static_cast<std::ptrdiff_t>(index_of(after, "syn-right-renamed")), half);
    CHECK(diff(before, after).same());
}

TEST_CASE("Two words for one thing are no difference; a limit that tells them apart makes one") {
    const Policy before = endpoint_policy("freebsd-7");
    Policy after = before;
    rule_of(after, "syn-right").actions = {act(EndpointAction::SendChallengeAck)};
    CHECK(diff(before, after).same());
    after.set("tcp_invalid_ratelimit", "500ms");
    const PolicyDiff limited = diff(before, after);
    CHECK(limited.parameters.size() == 1);
    CHECK_FALSE(limited.differences.empty());
}

TEST_CASE("A difference that shows only where data is outstanding is found") {
    const Policy before = endpoint_policy("freebsd-7");
    Policy after = before;
    rule_of(after, "ack").actions = {act(EndpointAction::Touch)};
    const PolicyDiff found = diff(before, after);
    REQUIRE(found.differences.size() == 1);
    require_unlike(before, after, found.differences.front());
}

TEST_CASE("A rule that is missing is a difference from one that drops, which is no rule's silence") {
    const Policy before = endpoint_policy("freebsd-7");
    const PolicyDiff found = diff(before, without(before, "time-wait-rst"));
    REQUIRE(found.differences.size() == 1);
    CHECK_FALSE(found.differences.front().new_rule);
}

TEST_CASE("A timer is a parameter that differs, not every rule that starts it") {
    const Policy before = endpoint_policy("freebsd-7");
    Policy after = before;
    after.set("keepalive_idle", "60s");
    after.set("time_wait", "1s");
    const PolicyDiff found = diff(before, after);
    CHECK(found.differences.empty());
    REQUIRE(found.parameters.size() == 2);
    CHECK(found.parameters[0].name == "keepalive_idle");
    CHECK(found.parameters[0].old_value == "7200000");
    CHECK(found.parameters[0].new_value == "60000");
}

TEST_CASE("be_liberal takes what a NAT calls out of window, and changes nothing else", "[.slow]") {
    const Policy before = nat_policy("linux-6.18");
    Policy after = before;
    after.set("nf_conntrack_tcp_be_liberal", "true");
    const PolicyDiff found = diff(before, after);
    CHECK(found.parameters.size() == 1);
    REQUIRE_FALSE(found.differences.empty());
    for (const PolicyDifference& difference : found.differences) {
        const std::string was = before.rules[*difference.old_rule].id;
        INFO(was);
        CHECK((was == "out-of-window" || was == "below-window-ignored"));
        require_unlike(before, after, difference);
    }
}

TEST_CASE("Witnesses of what two kernels' NATs do differently do differ", "[.slow]") {
    const Policy before = nat_policy("linux-5.18");
    const Policy after = nat_policy("linux-6.18");
    const PolicyDiff found = diff(before, after);
    CHECK(found.differences.size() >= 5);
    for (const PolicyDifference& difference : found.differences) require_unlike(before, after, difference);
}
