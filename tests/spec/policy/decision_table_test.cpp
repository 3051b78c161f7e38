#include "spec/policy/decision_table.hpp"

#include <catch2/catch.hpp>

#include "spec/numbers/concrete_reading.hpp"
#include "spec/policy/parameter_value.hpp"
#include "tests/spec/policy/sample_vocabulary.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

enum State { Listen, Established, LastAck, Closed };
enum Kind { Syn, Ack, Rst };

std::string rule(const std::string& id, const std::string& state, const std::string& segment,
                 const std::string& more = "") {
    return "[[rule]]\nid=\"" + id + "\"\nstate=\"" + state + "\"\nsegment=\"" + segment +
           "\"\ndo=\"drop\"\nsource=\"s\"\n" + more + "\n";
}

DecisionTable table_of(const Policy& policy, bool with_direction = false) {
    return DecisionTable(policy, sample_vocabulary(with_direction));
}

std::string ids_in(const Policy& policy, const DecisionTable& table, std::size_t state, std::size_t segment,
                   std::uint8_t direction = direction_original) {
    std::string ids;
    for (const CompiledRule& compiled : table.rules(state, segment, direction))
        ids += (ids.empty() ? "" : " ") + policy.rules[compiled.rule].id;
    return ids;
}

}  // namespace

TEST_CASE("A cell of the table has its rules in deciding order") {
    const Policy policy = parse(header + rule("a", "LISTEN", "SYN") + rule("b", "*", "ACK") +
                                rule("c", "LISTEN", "*") + rule("d", "synchronized", "RST"));
    const DecisionTable table = table_of(policy);
    CHECK(ids_in(policy, table, Listen, Syn) == "a c");
    CHECK(ids_in(policy, table, Listen, Ack) == "b c");
    CHECK(ids_in(policy, table, Closed, Ack) == "b");
    CHECK(ids_in(policy, table, LastAck, Rst) == "d");
    CHECK(ids_in(policy, table, Established, Syn).empty());
}

TEST_CASE("Rules of one direction stand only in its cells") {
    const Policy policy =
        parse(header + rule("a", "*", "*", "direction=\"reply\"") + rule("b", "*", "*"), true);
    const DecisionTable table = table_of(policy, true);
    CHECK(ids_in(policy, table, Closed, Rst, direction_original) == "b");
    CHECK(ids_in(policy, table, Closed, Rst, direction_reply) == "a b");
}

TEST_CASE("Guards by parameters are decided when the table is made") {
    Policy policy = parse(header + rule("on", "*", "*", "when=[\"insecure_syn\", \"seq in window\"]") +
                          rule("off", "*", "*", "when=[\"not insecure_syn\"]"));
    const DecisionTable secure = table_of(policy);
    CHECK(ids_in(policy, secure, Listen, Syn) == "off");
    CHECK(secure.rules(Listen, Syn, direction_original)[0].predicates.empty());

    set_parameter(policy, sample_vocabulary(), "insecure_syn", "true");
    const DecisionTable insecure = table_of(policy);
    CHECK(ids_in(policy, insecure, Listen, Syn) == "on");
    const auto& predicates = insecure.rules(Listen, Syn, direction_original)[0].predicates;
    CHECK(predicates == std::vector<Condition>{{Condition::Kind::Predicate, 0, false}});
}

TEST_CASE("The first rule whose predicates all hold decides") {
    const Policy policy =
        parse(header + rule("a", "*", "*", "when=[\"seq in window\", \"not ack acceptable\"]") +
              rule("b", "*", "*", "when=[\"ack acceptable\"]"));
    const DecisionTable table = table_of(policy);
    const auto rules = table.rules(Listen, Syn, direction_original);
    ConcreteReading reading;
    const auto matched = [&](bool in_window, bool acceptable) -> std::string {
        const CompiledRule* rule = first_match(
            reading, rules, [&](std::uint16_t predicate) { return predicate == 0 ? in_window : acceptable; });
        return rule == nullptr ? "none" : policy.rules[rule->rule].id;
    };
    CHECK(matched(true, false) == "a");
    CHECK(matched(true, true) == "b");
    CHECK(matched(false, true) == "b");
    CHECK(matched(false, false) == "none");
}
