#include "spec/policy/rule_reader.hpp"

#include <catch2/catch.hpp>

#include "tests/spec/policy/sample_vocabulary.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

/// One rule whose keys stand at lines 4 and on: id, state, segment, do, source, then more.
Rule rule_of(const std::string& more, const std::string& state = "\"*\"", bool with_direction = false) {
    return parse(header + "[[rule]]\nid = \"r\"\nstate = " + state +
                     "\nsegment = [\"SYN\", \"RST\"]\ndo = [\"send reset\", \"enter CLOSED\"]\nsource = "
                     "\"s\"\n" +
                     more,
                 with_direction)
        .rules.at(0);
}

std::string rule_error(const std::string& lines, bool with_direction = false) {
    return parse_error(header + "[[rule]]\nid = \"r\"\n" + lines, with_direction);
}

const std::string good_state = "state = \"LISTEN\"\n", good_segment = "segment = \"SYN\"\n",
                  good_do = "do = \"drop\"\n", good_source = "source = \"s\"\n";

}  // namespace

TEST_CASE("A rule is read into the vocabulary's indices") {
    const Rule r = rule_of(
        "when = [\"seq in window\", \"not ack acceptable\", \"insecure_syn\", \"not insecure_syn\"]\n"
        "note = \"n\"\nunconfirmed = true\n");
    CHECK(r.id == "r");
    CHECK(r.states == (listen_bit | established_bit | last_ack_bit | closed_bit));
    CHECK(r.segments == (syn_bit | rst_bit));
    CHECK(r.directions == direction_both);
    using Kind = Condition::Kind;
    CHECK(r.when == std::vector<Condition>{{Kind::Predicate, 0, false},
                                           {Kind::Predicate, 2, true},
                                           {Kind::Parameter, 0, false},
                                           {Kind::Parameter, 0, true}});
    CHECK(r.actions == std::vector<Action>{{1, 0}, {3, 3}});
    CHECK(r.source == "s");
    CHECK(r.note == "n");
    CHECK(r.unconfirmed);
    CHECK(to_string(r.place) == "f.toml:3:1");
}

TEST_CASE("States can be one, many, all or the synchronized ones") {
    CHECK(rule_of("", "\"LISTEN\"").states == listen_bit);
    CHECK(rule_of("", "[\"LISTEN\", \"CLOSED\"]").states == (listen_bit | closed_bit));
    CHECK(rule_of("", "\"synchronized\"").states == (established_bit | last_ack_bit));
    CHECK(rule_of("", "[\"CLOSED\", \"synchronized\"]").states ==
          (closed_bit | established_bit | last_ack_bit));
}

TEST_CASE("Rules of a NAT have a direction") {
    CHECK(rule_of("", "\"*\"", true).directions == direction_both);
    CHECK(rule_of("direction = \"original\"", "\"*\"", true).directions == direction_original);
    CHECK(rule_of("direction = \"reply\"", "\"*\"", true).directions == direction_reply);
    CHECK(rule_of("direction = \"both\"", "\"*\"", true).directions == direction_both);
    CHECK(rule_error("direction = \"replay\"\n" + good_state + good_segment + good_do + good_source, true) ==
          "f.toml:5:13: unknown direction \"replay\"; did you mean \"reply\"? (allowed: original, reply, "
          "both)");
}

TEST_CASE("Rules of an endpoint have no direction") {
    CHECK_THAT(rule_error("direction = \"reply\"\n"),
               Catch::StartsWith("f.toml:5:1: unknown key in rule: \"direction\""));
}

TEST_CASE("A rule needs an id, state, segment, do and source") {
    CHECK(parse_error(header + "[[rule]]\nstate = \"*\"\n") == "f.toml:3:1: rule has no \"id\"");
    CHECK(rule_error(good_segment + good_do + good_source) == "f.toml:3:1: rule \"r\" has no \"state\"");
    CHECK(rule_error(good_state + good_do + good_source) == "f.toml:3:1: rule \"r\" has no \"segment\"");
    CHECK(rule_error(good_state + good_segment + good_source) == "f.toml:3:1: rule \"r\" has no \"do\"");
    CHECK(rule_error(good_state + good_segment + good_do) ==
          "f.toml:3:1: rule \"r\" has no \"source\"; say where the behaviour was read (repository, file, "
          "function, "
          "version)");
    CHECK(rule_error(good_state + good_segment + good_do + "source = \"\"") ==
          "f.toml:8:10: \"source\" is empty");
    CHECK(rule_error(good_state + good_segment + "do = []\n" + good_source) == "f.toml:7:6: \"do\" is empty");
    CHECK(rule_error("state = []\n") == "f.toml:5:9: \"state\" is empty");
}

TEST_CASE("A rule's id has small letters, digits and hyphens") {
    CHECK(parse_error(header + "[[rule]]\nid = \"Syn left\"\n") ==
          "f.toml:4:6: rule id \"Syn left\" may have only a-z, 0-9 and \"-\"");
}

TEST_CASE("An unknown word in a rule is named at its place, with the nearest one") {
    CHECK(rule_error("state = [\"LISTEN\", \"ESTABLISHD\"]\n") ==
          "f.toml:5:20: unknown state \"ESTABLISHD\"; did you mean \"ESTABLISHED\"? (allowed: LISTEN, "
          "ESTABLISHED, "
          "LAST_ACK, CLOSED, synchronized, *)");
    CHECK(rule_error(good_state + "segment = \"SIN\"\n") ==
          "f.toml:6:11: unknown segment \"SIN\"; did you mean \"SYN\"? (allowed: SYN, ACK, RST, *)");
    CHECK(rule_error(good_state + good_segment + "when = \"not seq in windw\"\n" + good_do + good_source) ==
          "f.toml:7:8: unknown predicate \"seq in windw\"; did you mean \"seq in window\"? (allowed: seq in "
          "window, "
          "seq left of window, ack acceptable, insecure_syn)");
    CHECK(rule_error(good_state + good_segment + "do = [\"drop\",\n  \"send rset\"]\n" + good_source) ==
          "f.toml:8:3: unknown action \"send rset\"; did you mean \"send reset\"? (allowed: drop, send "
          "reset, send "
          "ACK, enter)");
    CHECK(rule_error("sate = \"LISTEN\"\n") ==
          "f.toml:5:1: unknown key in rule: \"sate\"; did you mean \"state\"? (allowed: id, state, segment, "
          "when, "
          "do, source, note, unconfirmed, before, after, remove)");
}

TEST_CASE("Only flags can guard a rule") {
    CHECK(rule_error(good_state + good_segment + "when = \"keepalive_idle\"\n" + good_do + good_source) ==
          "f.toml:7:8: \"keepalive_idle\" is a parameter but no flag; only flags can guard a rule");
}

TEST_CASE("An action takes a state where its word says so, and only there") {
    const auto error = [](const std::string& action) {
        return rule_error(good_state + good_segment + "do = \"" + action + "\"\n" + good_source);
    };
    CHECK(error("enter") == "f.toml:7:6: action \"enter\" needs a state, as in \"enter LISTEN\"");
    CHECK(error("enter CLOSD") ==
          "f.toml:7:6: unknown state \"CLOSD\"; did you mean \"CLOSED\"? (allowed: LISTEN, ESTABLISHED, "
          "LAST_ACK, "
          "CLOSED)");
    CHECK(error("drop CLOSED") == "f.toml:7:6: action \"drop\" takes no state");
    CHECK(
        error("entr CLOSED") ==
        "f.toml:7:6: unknown action \"entr\"; did you mean \"enter\"? (allowed: drop, send reset, send ACK, "
        "enter)");
    CHECK_THAT(error("enter "), Catch::StartsWith("f.toml:7:6: unknown state \"\""));
}

TEST_CASE("Words are not trimmed or folded in secret") {
    CHECK_THAT(rule_error("state = \"listen\"\n"), Catch::Contains("did you mean \"LISTEN\"?"));
    CHECK_THAT(rule_error("state = \" LISTEN\"\n"), Catch::Contains("unknown state \" LISTEN\""));
}

TEST_CASE("A rule goes before or after another, not both") {
    CHECK(parse_error(header + rule_line("a") + rule_line("b", "before = \"a\"\nafter = \"a\"")) ==
          "f.toml:17:9: rule \"b\" has both \"before\" and \"after\"; one says where it goes");
}
