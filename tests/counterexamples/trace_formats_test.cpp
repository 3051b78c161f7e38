// A trace as people read it, and as programs do.
#include <catch2/catch.hpp>
#include <sstream>

#include "counterexamples/chart.hpp"
#include "counterexamples/json.hpp"
#include "counterexamples/narration.hpp"
#include "tests/counterexamples/shown.hpp"

using namespace halfopen;
using namespace halfopen::test;
using Catch::Contains;
using Json = nlohmann::ordered_json;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// Words with one space between them, so that widths of columns do not matter.
std::string squeezed(const std::string& line) {
    std::istringstream in(line);
    std::string result;
    for (std::string word; in >> word;) result += (result.empty() ? "" : " ") + word;
    return result;
}

/// The first line of the chart that has all of it.
std::string line_with(const Shown& shown, const std::string& text) {
    for (const std::string& line : lines_of(chart(shown.model, shown.trace))) {
        if (line.find(text) != std::string::npos) return squeezed(line);
    }
    return "no line with " + text;
}

const Scenario hang = one_connect();
const Scenario recovery = one_connect({{"nat.policy", "linux-6.18"}});

}  // namespace

TEST_CASE("Durations are said as people say them") {
    CHECK(describe_duration(0) == "0 ms");
    CHECK(describe_duration(8) == "8 ms");
    CHECK(describe_duration(999) == "999 ms");
    CHECK(describe_duration(1'000) == "1 s");
    CHECK(describe_duration(1'500) == "1.500 s");
    CHECK(describe_duration(181'000) == "181 s");
    CHECK(describe_duration(189'008) == "189.008 s");
    CHECK(describe_duration(599'000) == "599 s");
    CHECK(describe_duration(600'000) == "10 min");
    CHECK(describe_duration(601'000) == "10 min 1 s");
    CHECK(describe_duration(7'200'000) == "2 h");
    CHECK(describe_duration(7'800'000) == "2 h 10 min");
    CHECK(describe_duration(7'201'000) == "2 h 1 s");
}

TEST_CASE("The chart tells the hang packet by packet") {
    const Shown shown(hang);
    const auto lines = lines_of(chart(shown.model, shown.trace));
    REQUIRE(lines.size() > 10);
    CHECK(squeezed(lines[0]) == "time who packet clientA headnode/clientA nfs/:903");
    CHECK(squeezed(lines[1]) == "ESTAB >903 ESTAB ESTAB");
    CHECK(squeezed(lines[2]) ==
          "0.000 headnode reboots; its table (1 entries) is lost; down for 180 s CLOSED down");
    CHECK(squeezed(lines[3]) == "180.000 headnode is back, with an empty table -");
    CHECK_THAT(squeezed(lines[4]), Catch::StartsWith("181.000 clientA 10.1.0.1:903 > 1.2.3.9:2049 S "));
    CHECK_THAT(squeezed(lines[4]), Contains("SYN_SENT connect(); draws ISN"));
    CHECK_THAT(squeezed(lines[5]), Catch::StartsWith("headnode 1.2.3.4:903 > 1.2.3.9:2049 S "));
    CHECK_THAT(squeezed(lines[5]), Contains("new mapping: 10.1.0.1:903 -> 1.2.3.4:903 [new-syn]"));
    CHECK_THAT(squeezed(lines[6]),
               Catch::StartsWith("nfs 1.2.3.9:2049 > 1.2.3.4:903 . 1700000000 ack 1000000000"));
    CHECK_THAT(squeezed(lines[8]), Catch::StartsWith("clientA 10.1.0.1:903 > 1.2.3.9:2049 R 1000000000"));
    CHECK_THAT(squeezed(lines[9]),
               Catch::StartsWith(
                   "headnode 10.1.0.1:903 > 1.2.3.9:2049 R 1000000000 X INVALID: leaves untranslated"));
    CHECK_THAT(lines.back(), Contains("and so on for ever"));
}

TEST_CASE("The chart tells the recovery to its end") {
    const Shown shown(recovery);
    CHECK_THAT(line_with(shown, "connection reset"),
               Catch::StartsWith("nfs 1.2.3.4:903 > 1.2.3.9:2049 R 1000000000"));
    CHECK_THAT(squeezed(lines_of(chart(shown.model, shown.trace)).back()),
               Contains("ESTAB connection established"));
    CHECK_THAT(chart(shown.model, shown.trace), !Contains("for ever"));
}

TEST_CASE("A trace without a step is a chart of the first states") {
    const Shown shown(hang);
    Trace empty;
    empty.initial = shown.trace.initial;
    const auto lines = lines_of(chart(shown.model, empty));
    REQUIRE(lines.size() == 2);
    CHECK_THAT(lines[0], Contains("headnode/clientA"));
    CHECK_THAT(lines[1], Contains("ESTAB"));
}

TEST_CASE("Folding shortens a chart, colour and width change no words") {
    const Shown shown(hang);
    ChartOptions options;
    const std::string plain = chart(shown.model, shown.trace, options);
    options.fold = false;
    CHECK(lines_of(chart(shown.model, shown.trace, options)).size() > lines_of(plain).size());
    CHECK_THAT(plain, Contains("the same again at"));
    CHECK_THAT(plain, !Contains("\x1b"));
    options = {};
    options.color = true;
    std::string colored = chart(shown.model, shown.trace, options);
    CHECK_THAT(colored, Contains("\x1b["));
    for (auto at = colored.find("\x1b["); at != std::string::npos; at = colored.find("\x1b["))
        colored.erase(at, colored.find('m', at) - at + 1);
    CHECK(colored == plain);
    options = {};
    options.width = 60;
    for (const std::string& line : lines_of(chart(shown.model, shown.trace, options)))
        if (line.find("again") == std::string::npos && line.find("for ever") == std::string::npos)
            CHECK(line.size() <= 60);
}

TEST_CASE("A short chart shows the clients that stay behind, and says when the others were through") {
    const Shown shown(founding({{"client.syn_never_gives_up", "true"}}));
    REQUIRE(shown.model.clients().size() == 2);
    ChartOptions options;
    const std::string everything = chart(shown.model, shown.trace, options);
    REQUIRE_THAT(everything, Contains("10.1.0.2:903"));
    options.brief = true;
    const std::string brief = chart(shown.model, shown.trace, options);
    const auto lines = lines_of(brief);
    CHECK(squeezed(lines[0]) == "time who packet clientA headnode/clientA nfs/:903");
    CHECK_THAT(brief, !Contains("10.1.0.2:903"));
    CHECK_THAT(brief, !Contains("[new-syn]"));
    CHECK_THAT(brief, Contains("R 1000000000 X"));
    CHECK_THAT(brief, Contains("# INVALID: leaves untranslated, and is lost"));
    CHECK_THAT(lines.back(), Contains("clientB has its connection back at 184 s"));
    CHECK(lines.size() < lines_of(everything).size());
}

TEST_CASE("A short chart of a run in which everybody recovers leaves nobody out") {
    const Shown shown(founding({{"client.syn_never_gives_up", "true"}, {"nat.policy", "linux-6.18"}}));
    ChartOptions options;
    options.brief = true;
    const std::string brief = chart(shown.model, shown.trace, options);
    CHECK_THAT(brief, Contains("10.1.0.1:903"));
    CHECK_THAT(brief, Contains("10.1.0.2:903"));
    CHECK_THAT(brief, !Contains("not shown"));
}

TEST_CASE("The chart says why an endpoint answers as it does") {
    const Shown shown(hang);
    CHECK_THAT(line_with(shown, ". 1700000000 ack 1000000000"),
               Contains("believes its connection ESTAB: only an ACK"));
    CHECK_THAT(line_with(shown, "R 1000000000"), Contains("never sent what this acknowledges: resets it"));
}

TEST_CASE("No line of a chart ends in blanks") {
    const Shown shown(hang);
    for (const std::string& line : lines_of(chart(shown.model, shown.trace)))
        CHECK((line.empty() || line.back() != ' '));
}

TEST_CASE("JSON has a step's time, actor, segment, rule with its source, and the states after it") {
    const Shown shown(hang);
    const Json steps = trace_to_json(shown.model, shown.trace);
    REQUIRE(steps.size() == shown.trace.steps.size());
    std::uint64_t now = 0;
    for (const Json& step : steps) {
        REQUIRE(step["time_ms"].is_number_unsigned());
        CHECK(step["time_ms"] >= now);
        now = step["time_ms"];
        CHECK(step["actor"].is_null() == (step["kind"] == "time"));
        CHECK(step["states"].contains("clientA"));
        CHECK(step["states"]["headnode"]["entries"].is_array());
        CHECK(step["states"]["nfs"].is_array());
        if (step["kind"] == "deliver") {
            for (const char* key :
                 {"source", "destination", "flags", "seq", "ack", "window", "length", "text"})
                CHECK(step["segment"].contains(key));
            CHECK_FALSE(step["rule"].is_null());
        }
        if (!step["rule"].is_null()) {
            CHECK_FALSE(step["rule"]["id"].get<std::string>().empty());
            CHECK_FALSE(step["rule"]["source"].get<std::string>().empty());
            CHECK(step["rule"]["line"] > 0);
        }
    }
    CHECK(steps[0]["kind"] == "fault");
    CHECK(steps[0]["actor"] == "headnode");
    CHECK(steps[0]["states"]["headnode"]["down"] == true);
}

TEST_CASE("JSON's numbers are those on the wire") {
    const Shown shown(hang);
    const Json steps = trace_to_json(shown.model, shown.trace);
    bool syn = false, challenge = false, leak = false;
    for (const Json& step : steps) {
        if (step["kind"] == "connect") {
            syn = true;
            REQUIRE(step["sent"].size() == 1);
            CHECK(step["sent"][0]["flags"] == "S");
            CHECK(step["sent"][0]["seq"] == step["draws"][0]["value"]);
            CHECK(step["draws"][0]["kind"] == "isn");
            CHECK(step["draws"][0]["of"] == 4294967296ULL);
            CHECK(step["states"]["clientA"]["state"] == "SYN_SENT");
        }
        if (step["kind"] == "deliver" && step["actor"] == "nfs") {
            challenge = true;
            CHECK(step["sent"][0]["ack"] == 1'000'000'000);
            CHECK(step["sent"][0]["seq"] == 1'700'000'000);
            CHECK(step["states"]["nfs"][0]["rcv_nxt"] == 1'000'000'000);
        }
        if (step["outcome"] == "leaked") {
            leak = true;
            CHECK(step["properties"] == Json::array({"leak"}));
            CHECK(step["sent"][0]["lost"] == true);
            CHECK(step["sent"][0]["seq"] == 1'000'000'000);
        }
    }
    CHECK((syn && challenge && leak));
}

TEST_CASE("A segment as JSON is the segment") {
    ConcreteSegment segment;
    segment.source = {0x0A01'0001, 903};
    segment.destination = {0x0102'0309, 2049};
    segment.flags = flag::syn | flag::ack;
    segment.seq = {0xFFFF'FFFF, 0};
    segment.ack = {7, 0};
    const Json json = segment_to_json(segment);
    CHECK(json["source"] == "10.1.0.1:903");
    CHECK(json["destination"] == "1.2.3.9:2049");
    CHECK(json["flags"] == "S.");
    CHECK(json["seq"] == 4294967295U);
    CHECK(json["ack"] == 7);
    CHECK(json["text"] == "10.1.0.1:903 > 1.2.3.9:2049 S. 4294967295 ack 7");
}
