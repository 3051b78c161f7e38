#include "spec/policy/policy_parser.hpp"

#include <catch2/catch.hpp>

#include "spec/policy/parameter_value.hpp"
#include "spec/policy/rule_merge.hpp"
#include "tests/spec/policy/sample_vocabulary.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

const std::string parent =
    "name = \"parent\"\ntitle = \"P\"\n[parameters]\ninsecure_syn = true\nkeepalive_probes = 3\n" +
    rule_line("a") + rule_line("b") + rule_line("c");
const std::string child_header = "name = \"child\"\ntitle = \"C\"\nextends = \"parent\"\n";  // lines 1 to 3

std::string child_ids(const std::string& rules) { return ids_of(parse_child(parent, child_header + rules)); }

std::string child_error(const std::string& rules) {
    return error_of([&] { parse_child(parent, child_header + rules); });
}

std::string removal(const std::string& id) { return "[[rule]]\nid = \"" + id + "\"\nremove = true\n"; }

Policy with_parameters(const std::string& lines) { return parse(header + "[parameters]\n" + lines); }

std::string parameter_error(const std::string& lines) {
    return parse_error(header + "[parameters]\n" + lines);
}

}  // namespace

TEST_CASE("A policy has a name, a title, its rules in file order and every parameter") {
    const Policy policy =
        parse(header + "description = \"\"\"\nlong\n\"\"\"\n" + rule_line("z") + rule_line("a"));
    CHECK(policy.kind == PolicyKind::Endpoint);
    CHECK(policy.name == "sample");
    CHECK(policy.title == "A sample");
    CHECK(policy.description == "long\n");
    CHECK(policy.file == "f.toml");
    CHECK(policy.ancestry.empty());
    CHECK(ids_of(policy) == "z a");
    CHECK(policy.parameters.size() == sample_parameters.size());
    CHECK_FALSE(policy.flag("insecure_syn"));
    CHECK(policy.number("keepalive_idle") == 7'200'000);
    CHECK(policy.number("keepalive_refresh") == 1);
    CHECK(policy.list("syn_retransmit").empty());
}

TEST_CASE("A policy without name or title is refused") {
    CHECK(parse_error("") == "f.toml:1:1: policy has no \"name\"");
    CHECK(parse_error("name = \"x\"\n") == "f.toml:1:1: policy has no \"title\"");
    CHECK(parse_error("name = \"x\"\ntitle = \"\"\n") == "f.toml:2:9: \"title\" is empty");
    CHECK(parse_error("name = \"x\"\ntitle = \"a\\nb\"\n") == "f.toml:2:9: \"title\" must be one line");
    CHECK(parse_error("name = 3\n") == "f.toml:1:8: \"name\" must be a string, not an integer");
    CHECK(parse_error(header + "extend = \"x\"\n") ==
          "f.toml:3:1: unknown key in policy: \"extend\"; did you mean \"extends\"? (allowed: name, title, "
          "description, extends, parameters, rule)");
    CHECK(parse_error(header + "rule = 3\n") ==
          "f.toml:3:8: \"rule\" must be tables, each headed [[rule]], not an integer");
}

TEST_CASE("Two rules of one id are refused") {
    CHECK(parse_error(header + rule_line("a") + rule_line("a")) ==
          "f.toml:11:6: a second rule \"a\"; the first is at line 4");
}

TEST_CASE("Parameters are read by their type") {
    const Policy policy = with_parameters(
        "insecure_syn = true\nkeepalive_idle = \"2h\"\nkeepalive_probes = 4\n"
        "syn_retransmit = [\"3s\", \"6s\", 12000]\nkeepalive_refresh = \"any segment\"\n");
    CHECK(policy.flag("insecure_syn"));
    CHECK(policy.number("keepalive_idle") == 7'200'000);
    CHECK(policy.number("keepalive_probes") == 4);
    CHECK(policy.list("syn_retransmit") == std::vector<std::int64_t>{3000, 6000, 12'000});
    CHECK(policy.number("keepalive_refresh") == 0);
}

TEST_CASE("A parameter that does not exist is an error in the program, not of the user") {
    const Policy policy = parse(header);
    CHECK_THROWS_AS(policy.number("nothing"), std::out_of_range);
    CHECK_THROWS_AS(policy.number("syn_retransmit"), std::out_of_range);
    CHECK_THROWS_AS(policy.list("keepalive_idle"), std::out_of_range);
}

TEST_CASE("A wrong parameter is named at its place with what would be right") {
    CHECK(parameter_error("insecure_sin = true\n") ==
          "f.toml:4:1: unknown parameter \"insecure_sin\"; did you mean \"insecure_syn\"? (allowed: "
          "insecure_syn, "
          "keepalive_idle, keepalive_probes, syn_retransmit, keepalive_refresh)");
    CHECK(parameter_error("insecure_syn = 1\n") ==
          "f.toml:4:16: insecure_syn must be true or false, not an integer");
    CHECK(parameter_error("keepalive_probes = 101\n") ==
          "f.toml:4:20: keepalive_probes is 101; it must be from 1 to 100");
    CHECK(parameter_error("keepalive_probes = \"4\"\n") ==
          "f.toml:4:20: keepalive_probes must be a whole number from 1 to 100, not a string");
    CHECK(parameter_error("keepalive_idle = \"2d\"\n") ==
          "f.toml:4:18: keepalive_idle is 172800000; it must be from 1 to 86400000 ms");
    CHECK(parameter_error("keepalive_idle = \"2 hours\"\n") ==
          "f.toml:4:18: keepalive_idle must be milliseconds from 1 to 86400000, or a number with a unit (ms, "
          "s, min, "
          "h or d), not \"2 hours\"");
    CHECK(parameter_error("keepalive_idle = 1.5\n") ==
          "f.toml:4:18: keepalive_idle must be milliseconds from 1 to 86400000, or a number with a unit (ms, "
          "s, min, "
          "h or d), not a float");
    CHECK(parameter_error("syn_retransmit = [\"3s\",\n 0]\n") ==
          "f.toml:5:2: syn_retransmit is 0; it must be from 1 to 600000 ms");
    CHECK_THAT(parameter_error("syn_retransmit = 3\n"), Catch::EndsWith("not an integer"));
    CHECK(parameter_error("keepalive_refresh = \"data\"\n") ==
          "f.toml:4:21: unknown value of keepalive_refresh: \"data\" (allowed: any segment, data only)");
    CHECK(parameter_error("keepalive_refresh = 0\n") ==
          "f.toml:4:21: keepalive_refresh must be one of: any segment, data only, not an integer");
    CHECK(parse_error(header + "parameters = 3\n") ==
          "f.toml:3:14: \"parameters\" must be a table, [parameters], not an integer");
}

TEST_CASE("A list of parameters has a largest length") {
    std::string list = "1";
    for (std::size_t i = 1; i < longest_parameter_list; ++i) list += ",1";
    CHECK(with_parameters("syn_retransmit = [" + list + "]\n").list("syn_retransmit").size() == 64);
    CHECK(parameter_error("syn_retransmit = [" + list + ",1]\n") ==
          "f.toml:4:18: syn_retransmit has 65 values; it may have at most 64");
}

TEST_CASE("A policy that extends another has its rules and parameters") {
    const Policy policy = parse_child(parent, child_header + "[parameters]\nkeepalive_probes = 5\n");
    CHECK(policy.name == "child");
    CHECK(policy.title == "C");
    CHECK(policy.ancestry == std::vector<std::string>{"parent"});
    CHECK(ids_of(policy) == "a b c");
    CHECK(policy.flag("insecure_syn"));
    CHECK(policy.number("keepalive_probes") == 5);
}

TEST_CASE("A rule with an inherited id replaces it in place") {
    const Policy policy = parse_child(
        parent,
        child_header +
            "[[rule]]\nid=\"b\"\nstate=\"CLOSED\"\nsegment=\"ACK\"\ndo=\"send reset\"\nsource=\"new\"\n");
    CHECK(ids_of(policy) == "a b c");
    CHECK(policy.rules[1].source == "new");
    CHECK(policy.rules[1].states == closed_bit);
}

TEST_CASE("A rule that replaces another must be complete") {
    CHECK(child_error("[[rule]]\nid=\"b\"\nstate=\"CLOSED\"\nsegment=\"ACK\"\ndo=\"drop\"\n") ==
          "f.toml:4:1: rule \"b\" has no \"source\"; say where the behaviour was read (repository, file, "
          "function, "
          "version)");
}

TEST_CASE("New rules stand in front of the inherited ones in file order") {
    CHECK(child_ids(rule_line("x") + rule_line("y")) == "x y a b c");
}

TEST_CASE("New rules stand where before and after say, in file order") {
    CHECK(child_ids(rule_line("x", "before = \"b\"")) == "a x b c");
    CHECK(child_ids(rule_line("x", "after = \"b\"")) == "a b x c");
    CHECK(child_ids(rule_line("x", "before = \"b\"") + rule_line("y", "before = \"b\"")) == "a x y b c");
    CHECK(child_ids(rule_line("x", "after = \"b\"") + rule_line("y", "after = \"b\"")) == "a b x y c");
    CHECK(child_ids(rule_line("x", "after = \"c\"") + rule_line("y") + rule_line("z", "before = \"x\"")) ==
          "y a b c z x");
    CHECK(child_ids(rule_line("x") + rule_line("y", "after = \"x\"") + rule_line("z")) == "x y z a b c");
    CHECK(child_ids(rule_line("x") + rule_line("y", "before = \"x\"") + rule_line("z")) == "y x z a b c");
}

TEST_CASE("An inherited rule with before or after moves") {
    CHECK(child_ids(rule_line("c", "before = \"a\"")) == "c a b");
    CHECK(child_ids(rule_line("a", "after = \"c\"")) == "b c a");
    CHECK_THAT(child_error(rule_line("a", "after = \"a\"")),
               Catch::StartsWith("f.toml:10:9: unknown rule \"a\""));
}

TEST_CASE("An inherited rule can be removed") {
    CHECK(child_ids(removal("b")) == "a c");
    CHECK(child_ids(removal("b") + "note = \"why\"\nsource = \"s\"\n") == "a c");
    CHECK(child_ids(removal("a") + rule_line("x", "before = \"b\"")) == "x b c");
}

TEST_CASE("What is removed must be there and says nothing else") {
    CHECK(child_error(removal("bb")) ==
          "f.toml:5:6: unknown rule \"bb\"; did you mean \"b\"? (allowed: a, b, c)");
    CHECK(child_error(removal("b") + "state = \"LISTEN\"\n") ==
          "f.toml:7:1: rule \"b\" is removed, so \"state\" has no meaning here (allowed: id, remove, source, "
          "note)");
    CHECK(parse_error(header + removal("b")) == "f.toml:4:6: unknown rule \"b\" (there are none)");
    CHECK(child_error(removal("b") + rule_line("x", "after = \"b\"")) ==
          "f.toml:13:9: unknown rule \"b\" (allowed: a, c)");
}

TEST_CASE("A place that does not exist is an error with the nearest id") {
    const std::string long_parent = parent + rule_line("syn-left-kills");
    CHECK(error_of([&] {
              parse_child(long_parent, child_header + rule_line("x", "before = \"syn-left-kill\""));
          }) ==
          "f.toml:10:10: unknown rule \"syn-left-kill\"; did you mean \"syn-left-kills\"? (allowed: a, b, c, "
          "syn-left-kills)");
    CHECK(child_error(rule_line("x", "after = \"x\"")) ==
          "f.toml:10:9: unknown rule \"x\" (allowed: a, b, c)");
}

TEST_CASE("A mistake in the file itself comes before one in its parent") {
    CHECK(error_of([&] { parse_child("name = ", child_header + "[[rule]]\n"); }) ==
          "f.toml:4:1: rule has no \"id\"");
}

TEST_CASE("A policy has a largest number of rules") {
    std::string rules;
    for (std::size_t i = 0; i < most_rules; ++i) rules += rule_line("r" + std::to_string(i));
    CHECK(parse(header + rules).rules.size() == most_rules);
    CHECK_THAT(parse_error(header + rules + rule_line("x")), Catch::Contains("1001 rules"));
}

TEST_CASE("A parameter is set from the text of a command line") {
    Policy policy = parse(header);
    const auto set = [&](const std::string& name, const std::string& text) {
        set_parameter(policy, sample_vocabulary(), name, text);
    };
    for (const char* yes : {"true", "1", "on"}) {
        set("insecure_syn", yes);
        CHECK(policy.flag("insecure_syn"));
        set("insecure_syn", "false");
    }
    for (const char* no : {"false", "0", "off"}) {
        set("insecure_syn", "true");
        set("insecure_syn", no);
        CHECK_FALSE(policy.flag("insecure_syn"));
    }
    set("keepalive_idle", "6min");
    CHECK(policy.number("keepalive_idle") == 360'000);
    set("keepalive_probes", "4");
    CHECK(policy.number("keepalive_probes") == 4);
    set("syn_retransmit", "1000,2s, 4s");
    CHECK(policy.list("syn_retransmit") == std::vector<std::int64_t>{1000, 2000, 4000});
    set("syn_retransmit", "");
    CHECK(policy.list("syn_retransmit").empty());
    set("keepalive_refresh", "any segment");
    CHECK(policy.number("keepalive_refresh") == 0);
}

TEST_CASE("Wrong text for a parameter is an error with its place and leaves the policy as it was") {
    Policy policy = parse(header);
    const auto error = [&](const std::string& name, const std::string& text) {
        return error_of([&] {
            set_parameter(policy, sample_vocabulary(), name, text, Place{"--set", 0, 0});
        });
    };
    CHECK_THAT(error("insecure_sin", "1"), Catch::StartsWith("--set: unknown parameter \"insecure_sin\""));
    CHECK(error("insecure_syn", "yes") == "--set: insecure_syn must be true or false, not \"yes\"");
    CHECK(error("keepalive_probes", "0") == "--set: keepalive_probes is 0; it must be from 1 to 100");
    CHECK(error("keepalive_probes", "4x") ==
          "--set: keepalive_probes must be a whole number from 1 to 100, not \"4x\"");
    CHECK_THAT(error("keepalive_idle", "-5"), Catch::EndsWith("not \"-5\""));
    CHECK_THAT(error("syn_retransmit", "1s,,2s"), Catch::EndsWith("not \"\""));
    CHECK_THAT(error("syn_retransmit", "1s,"), Catch::EndsWith("a list that ends with a comma"));
    CHECK_THAT(error("keepalive_refresh", "anysegment"), Catch::Contains("did you mean \"any segment\"?"));
    CHECK(policy.parameters == parse(header).parameters);
}

TEST_CASE("A parameter's value written as text is read as the same value") {
    const Policy policy = with_parameters(
        "insecure_syn = true\nsyn_retransmit = [\"3s\", 1]\nkeepalive_refresh = \"any segment\"\n");
    for (const ParameterTerm& term : sample_parameters) {
        const ParameterValue& value = policy.parameters.find(term.name)->second;
        CHECK(parameter_from_text(term, to_text(term, value), {}) == value);
    }
}
