// What a scenario file has wrong is said at the place where it stands, and what would be right.
#include <catch2/catch.hpp>

#include "tests/spec/world/small_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;
using Catch::Contains;
using Catch::StartsWith;

namespace {

std::string scenario_error(const std::string& text) {
    try {
        const Model model(parse_scenario(text, "s.toml"), library());
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

std::string error(const std::string& was, const std::string& is) {
    return scenario_error(replaced(small_text, was, is));
}
std::string error_after(const std::string& was, const std::string& line) {
    return error(was, was + "\n" + line);
}
std::string error_at_end(const std::string& lines) { return scenario_error(small_text + lines); }

}  // namespace

TEST_CASE("A scenario as it should be") {
    const Scenario scenario = small();
    CHECK(scenario.name == "small");
    CHECK(scenario.title == "One client, one NAT, one server");
    CHECK(scenario.file == "s.toml");
    CHECK_FALSE(scenario.expect);
    REQUIRE(scenario.clients.size() == 1);
    const ClientSpec& client = scenario.clients.front();
    CHECK(client.ip == 0x0A01'0001);
    CHECK(client.port == 903);
    CHECK(client.outside_port == 903);  // as inside, where the file does not say
    CHECK(client.reconnect_at == std::vector<std::int64_t>{61'000});
    CHECK(client.snd_nxt == 1'000'000'000);
    CHECK(scenario.nats.front().inside_net == 0x0A01'0000);
    CHECK(scenario.nats.front().inside_mask == 0xFFFF'0000);
    CHECK(scenario.fault.down == 60'000);
    CHECK(scenario.fault.table == FaultSpec::Table::Lost);
    CHECK(scenario.network.loss == 0);
    CHECK(scenario_error(small_text) == "no error");
}

TEST_CASE("What every table must have") {
    CHECK(error("source = \"this test\"\n", "") == "s.toml:1:1: scenario has no \"source\"");
    CHECK(error("name = \"alice\"\n", "") == "s.toml:5:1: client has no \"name\"; it is required");
    CHECK(error("port = 903\n", "") == "s.toml:5:1: client has no \"port\"; it is required");
    CHECK(error("server = \"files\"\n", "") == "s.toml:5:1: client has no \"server\"; it is required");
    CHECK(error("behind = \"box\"\n", "") == "s.toml:5:1: client has no \"behind\"; it is required");
    CHECK(error("reconnect_at = \"61s\"\n", "") == "s.toml:5:1: client \"alice\" has no \"reconnect_at\"");
    CHECK(error("inside = \"10.1.0.0/16\"\n", "") == "s.toml:16:1: nat has no \"inside\"; it is required");
    CHECK(error("outside = \"1.2.3.4\"\n", "") == "s.toml:16:1: nat has no \"outside\"; it is required");
    CHECK(error("host_policy = \"linux-2.6.24\"\n", "") ==
          "s.toml:16:1: nat has no \"host_policy\"; it is required");
    CHECK(error("address = \"1.2.3.9\"\n", "") == "s.toml:23:1: server has no \"address\"; it is required");
    CHECK(error("name = \"alice\"", "name = \"\"") ==
          "s.toml:6:8: the \"name\" of a client cannot be empty or zero");
    CHECK(error("server = \"files\"", "server = \"\"") ==
          "s.toml:10:10: the \"server\" of a client cannot be empty or zero");
    CHECK(error("\"1.2.3.4\"", "\"0.0.0.0\"") ==
          "s.toml:20:11: the \"outside\" of a nat cannot be empty or zero");
    CHECK(scenario_error("") == "s.toml:1:1: scenario has no \"name\"");
    CHECK_THAT(scenario_error("name = \"x\"\ntitle = \"X\"\nsource = \"s\"\n"),
               Contains("a scenario needs at least one [[client]]"));
    CHECK(error_at_end("[[variant]]\ntitle = \"V\"\n") == "s.toml:32:1: variant has no \"name\"");
}

TEST_CASE("A key that is none") {
    CHECK_THAT(error("port = 903", "prt = 903"),
               StartsWith("s.toml:11:1: unknown key \"prt\"; did you mean \"port\"?"));
    CHECK_THAT(error_after("source = \"this test\"", "sauce = 1"),
               StartsWith("s.toml:4:1: unknown key in scenario: \"sauce\""));
    CHECK_THAT(error("[[nat]]", "[[nut]]"), StartsWith("s.toml:16:") && Contains("did you mean \"nat\"?"));
    CHECK_THAT(error("down = ", "dawn = "),
               StartsWith("s.toml:31:1: unknown key \"dawn\"; did you mean \"down\"?"));
    CHECK_THAT(error_at_end("[network]\nlos = 1\n"),
               StartsWith("s.toml:33:1: unknown key \"los\"; did you mean \"loss\"?"));
    CHECK_THAT(error_at_end("[[variant]]\nname = \"v\"\ntitle = \"V\"\nwhy = \"w\"\n"),
               StartsWith("s.toml:35:1: unknown key in variant: \"why\""));
    // A NAT's sysctl is none of a client's.
    CHECK_THAT(error_after("reconnect_at = \"61s\"", "nf_conntrack_tcp_be_liberal = true"),
               StartsWith("s.toml:13:1: unknown key \"nf_conntrack_tcp_be_liberal\""));
}

TEST_CASE("A list where several values are meant, even a list of one") {
    CHECK(parse_scenario(replaced(small_text, "\"61s\"", "[\"61s\"]"), "s.toml").clients[0].reconnect_at ==
          std::vector<std::int64_t>{61'000});
    CHECK(parse_scenario(replaced(small_text, "\"61s\"", "\"1d\""), "s.toml").clients[0].reconnect_at ==
          std::vector<std::int64_t>{86'400'000});
    CHECK(error_after("host_policy = \"linux-2.6.24\"", "busy_ports = [600]") == "no error");
    CHECK(error_after("policy = \"freebsd-7\"", "synack_retransmit = [\"3s\"]") == "no error");
}

TEST_CASE("Every fix that a scenario lists exists") {
    const FixLibrary fixes(HALFOPEN_SOURCE_DIR "/spec/policies");
    const auto wrong = [&](const std::string& name) -> std::string {
        const Scenario scenario = parse_scenario(small_text + "[[fix]]\nname = \"" + name + "\"\n", "s.toml");
        try {
            require_known_fixes(scenario, fixes);
        } catch (const InputError& error) {
            return error.what();
        }
        return "no error";
    };
    CHECK(wrong("be-liberal") == "no error");
    CHECK(wrong(HALFOPEN_SOURCE_DIR "/spec/policies/fixes/be-liberal.toml") == "no error");
    CHECK_THAT(wrong("be-libral"),
               StartsWith("s.toml:33:8: unknown fix \"be-libral\"; did you mean \"be-liberal\"?"));
    CHECK_THAT(wrong("/nowhere/x.toml"), StartsWith("s.toml:33:8: /nowhere/x.toml: no such file"));
}

TEST_CASE("A value that cannot be") {
    CHECK(error("port = 903", "port = 0") == "s.toml:11:8: \"0\" is not a whole number from 1 to 65535");
    CHECK(error("port = 903", "port = \"x\"") == "s.toml:11:8: \"x\" is not a whole number from 1 to 65535");
    CHECK(error("port = 903", "port = 1.5") ==
          "s.toml:11:8: expected a string, a whole number, true or false, or a list of these");
    CHECK(error("port = 903", "port = [[903]]") == "s.toml:11:8: a list must hold plain values only");
    CHECK(error("port = 903", "port = [903]") == "s.toml:11:8: \"port\" takes a single value, not a list");
    CHECK(error("\"linux-2.6.31\"", "[\"linux-2.6.31\"]") ==
          "s.toml:18:10: \"policy\" takes a single value, not a list");
    CHECK(error("down = \"1min\"", "down = [\"1min\"]") ==
          "s.toml:31:8: \"down\" takes a single value, not a list");
    CHECK(error_after("reconnect_at = \"61s\"", "isn = [\"clock\"]") ==
          "s.toml:13:7: \"isn\" takes a single value, not a list");
    CHECK(error_after("policy = \"freebsd-7\"", "keepalive_idle = [\"1h\"]") ==
          "s.toml:28:18: \"keepalive_idle\" takes a single value, not a list");
    CHECK(error("snd_nxt = 1000000000", "snd_nxt = -1") ==
          "s.toml:13:11: \"-1\" is not a whole number from 0 to 4294967295");
    CHECK(error("\"10.1.0.1\"", "\"10.1.0.256\"") ==
          "s.toml:7:11: \"10.1.0.256\" is not an IPv4 address such as 10.1.0.1");
    CHECK(error("/16", "") == "s.toml:19:10: \"10.1.0.0\" is not a network such as 10.1.0.0/16");
    CHECK(error("10.1.0.0/16", "10.1.0.1/16") ==
          "s.toml:19:10: \"10.1.0.1/16\" has bits beyond its prefix; the network is 10.1.0.0/16");
    CHECK(error("/16", "/33") == "s.toml:19:10: \"33\" is not a whole number from 1 to 32");
    CHECK(error("\"61s\"", "\"soon\"") ==
          "s.toml:12:16: \"soon\" is not a duration such as 500ms, 3s, 6min, 2h or 5d (0 to 30 days)");
    CHECK(error("\"61s\"", "[]") == "s.toml:12:16: reconnect_at needs at least one duration");
    CHECK(error_after("reconnect_at = \"61s\"", "isn = \"dice\"") ==
          "s.toml:13:7: unknown value of isn_source: \"dice\" (allowed: random, clock)");
    CHECK(error("nat = \"box\"", "table = \"gone\"") ==
          "s.toml:30:9: unknown value \"gone\" (allowed: lost, kept, restored)");
    CHECK(error_at_end("[network]\nloss = 9\n") == "s.toml:33:8: \"9\" is not a whole number from 0 to 8");
    CHECK(error_after("source = \"this test\"", "expect = \"never\"") ==
          "s.toml:4:10: unknown value \"never\" (allowed: bounded, unbounded, storm, permanent)");
    CHECK(error_at_end("[[fix]]\nname = \"be-liberal\"\nexpect = \"inconclusive\"\n") ==
          "s.toml:34:10: unknown value \"inconclusive\" (allowed: bounded, unbounded, storm, permanent)");
}

TEST_CASE("What is no TOML, or the wrong kind of it") {
    CHECK_THAT(scenario_error("name = "), StartsWith("s.toml:1:"));
    CHECK_THAT(scenario_error("\xff\xfe"), StartsWith("s.toml:1:"));
    CHECK_THAT(scenario_error(std::string("name = \"x\"\0y\n", 13)), StartsWith("s.toml:1:"));
    CHECK(error("name = \"small\"", "name = 3") == "s.toml:1:8: \"name\" must be a string, not an integer");
    CHECK_THAT(error("[[client]]", "[client]"), StartsWith("s.toml:5:1: \"client\" must be tables"));
    CHECK(error("[fault]", "[[fault]]") == "s.toml:29:1: \"fault\" must be a table, [fault], not an array");
    CHECK(error_at_end("[[variant]]\nname = \"v\"\ntitle = \"V\"\nset = 3\n") ==
          "s.toml:35:7: \"set\" must be a table, [set], not an integer");
    CHECK_THAT(error("port = 903", "port = 1979-05-27"), StartsWith("s.toml:11:") && Contains("date"));
}

TEST_CASE("Names refer to nodes that exist, and each name to one") {
    CHECK_THAT(error("behind = \"box\"", "behind = \"bix\""),
               StartsWith("s.toml:9:10: unknown nat \"bix\"; did you mean \"box\"? (allowed: box)"));
    CHECK_THAT(error("server = \"files\"", "server = \"file\""),
               StartsWith("s.toml:10:10: unknown server \"file\"; did you mean \"files\"?"));
    CHECK_THAT(error("nat = \"box\"", "nat = \"bax\""),
               StartsWith("s.toml:30:7: unknown nat \"bax\"; did you mean \"box\"?"));
    CHECK_THAT(error("policy = \"freebsd-7\"", "policy = \"freebsd-8\""),
               StartsWith("s.toml:27:10: unknown policy \"freebsd-8\""));
    CHECK_THAT(error("host_policy = \"linux-2.6.24\"", "host_policy = \"x\""),
               StartsWith("s.toml:21:15: unknown policy \"x\""));
    CHECK_THAT(error("policy = \"linux-2.6.24\"", "policy = \"linux-2.6.25\""),
               StartsWith("s.toml:8:10: unknown policy \"linux-2.6.25\""));
    CHECK_THAT(error_after("host_policy = \"linux-2.6.24\"", "behind = \"bax\""),
               StartsWith("s.toml:22:10: unknown nat \"bax\"; did you mean \"box\"?"));
    CHECK(error("name = \"alice\"", "name = \"box\"") ==
          "s.toml:16:1: the name \"box\" is taken; every node needs its own");
    for (const char* word : {"client", "nat", "server", "fault", "network", "scenario"})
        CHECK(error("name = \"alice\"", "name = \"" + std::string(word) + "\"") ==
              "s.toml:5:1: the name \"" + std::string(word) + "\" is taken; every node needs its own");
}

TEST_CASE("The topology makes sense") {
    CHECK(error("\"10.1.0.1\"", "\"10.2.0.1\"") ==
          "s.toml:5:1: client \"alice\" (10.2.0.1) is not in the inside network of \"box\" (10.1.0.0)");
    CHECK(error_after("host_policy = \"linux-2.6.24\"", "behind = \"box\"") ==
          "s.toml:16:1: nat \"box\" sits behind itself");
    CHECK(scenario_error(small_text + replaced(second_client, "outside_port = 601", "outside_port = 903")) ==
          "s.toml:33:1: outside port 903 towards \"files\" is another client's; two connections cannot share "
          "it");
    std::string crowd = small_text;
    for (int i = 2; i <= 9; ++i)
        crowd += replaced(replaced(replaced(second_client, "bob", "c" + std::to_string(i)), "10.1.0.2",
                                   "10.1.0." + std::to_string(i)),
                          "601", std::to_string(600 + i));
    CHECK_THAT(scenario_error(crowd), Contains("9 clients; at most 8 can be explored together"));
}
