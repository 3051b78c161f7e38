// Formats that other programs read, as far as it takes no other program to see that they are right.
#include <catch2/catch.hpp>

#include "counterexamples/formats.hpp"
#include "counterexamples/itf.hpp"
#include "counterexamples/packet_bytes.hpp"
#include "counterexamples/packetdrill.hpp"
#include "spec/policy/input_error.hpp"
#include "tests/counterexamples/shown.hpp"

using namespace halfopen;
using namespace halfopen::test;
using Catch::Contains;
using Json = nlohmann::ordered_json;

namespace {

/// ADR 015: no numbers, no nulls; integers are {"#bigint": "…"}.
bool is_itf_value(const Json& json) {
    if (json.is_number() || json.is_null()) return false;
    if (json.is_object() && json.contains("#bigint")) return json.size() == 1 && json["#bigint"].is_string();
    for (const Json& element : json) {
        if (json.is_structured() && !is_itf_value(element)) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("ITF has the state before the first step and after each, with all variables in each") {
    const Story story = hanging_client().story();
    const Json trace = itf(story);
    CHECK(trace["#meta"]["format"] == "ITF");
    REQUIRE(trace["states"].size() == story.steps.size() + 1);
    for (std::size_t i = 0; i < trace["states"].size(); ++i) {
        Json state = trace["states"][i];
        CHECK(state["#meta"]["index"] == i);
        state.erase("#meta");
        CHECK(state.size() == trace["vars"].size());
        for (const Json& name : trace["vars"]) CHECK(is_itf_value(state[name.get<std::string>()]));
    }
    CHECK(trace["states"][0]["clients"]["#map"][0][1]["state"] == "ESTABLISHED");
    CHECK(trace["states"][1]["clients"]["#map"][0][1]["state"] == "CLOSED");
}

TEST_CASE("ITF's loop leads from the last state to the first of the endless part") {
    const Story story = hanging_client().story();
    const Json trace = itf(story);
    REQUIRE(story.loop);
    const std::size_t loop = trace["loop"];
    CHECK(loop == *story.loop + 1);
    // Going on from there does what the loop's first step does.
    CHECK(trace["states"][loop]["action"]["kind"] == "time");
    CHECK_FALSE(itf(recovering_client().story()).contains("loop"));
}

TEST_CASE("A packet has the headers of its segment, and checksums that add up") {
    ConcreteSegment segment;
    segment.source = {0x0A010001, 903};
    segment.destination = {0x01020309, 2049};
    segment.flags = flag::syn | flag::ack;
    segment.seq = {0xFFFFFFFF, 0};
    segment.ack = {7, 0};
    segment.window = 100'000;
    segment.length = 3;
    const std::string bytes = packet_bytes(segment, 5);
    REQUIRE(bytes.size() == 43);
    const auto at = [&](std::size_t i) {
        return static_cast<unsigned>(static_cast<unsigned char>(bytes[i]));
    };
    CHECK(at(0) == 0x45);
    CHECK(at(2) * 256 + at(3) == 43);
    CHECK(at(9) == 6);
    CHECK(at(20) * 256 + at(21) == 903);
    CHECK(at(33) == (flag::syn | flag::ack));
    CHECK(at(34) * 256 + at(35) == 65'535);
    // RFC 1071: the sum over what a checksum covers, with it, is all ones.
    const auto sum = [&](std::size_t first, std::size_t last, std::uint32_t total) {
        for (std::size_t i = first; i < last; ++i) total += at(i) << ((i - first) % 2 == 0 ? 8U : 0U);
        while (total > 0xFFFF) total = (total & 0xFFFF) + (total >> 16U);
        return total;
    };
    CHECK(sum(0, 20, 0) == 0xFFFF);
    CHECK(sum(20, 43, 0x0A01 + 0x0001 + 0x0102 + 0x0309 + 6 + 23) == 0xFFFF);
}

TEST_CASE("A packetdrill script gives its endpoint what it gets, and waits for what it answers") {
    const Story story = hanging_client().story();
    const std::string client = packetdrill(story, 0);
    CHECK_THAT(client, Contains("+0 connect(3, ..., ...) = -1 EINPROGRESS"));
    CHECK_THAT(client, Contains("+0 > S 0:0(0) <...>\n"));
    CHECK_THAT(client, Contains("+0 < . 1700000000:1700000000(0) ack "));
    CHECK_THAT(client, Contains("+3.000 > S 0:0(0) <...>\n"));
    const std::string server = packetdrill(story, 2);
    CHECK_THAT(server, Contains("+0 < S. 999999999:999999999(0) ack 1 win 65535 <mss 1460>\n"));
    CHECK_THAT(server, Contains("+0 > . 1:1(0) ack 1000000000\n"));
}

TEST_CASE("A result without a trace cannot be exported, and says why") {
    Json result = hanging_client().result();
    result["trace"] = Json::array();
    result["loop_start"] = nullptr;
    result["verdict"] = "inconclusive";
    CHECK_THROWS_WITH(export_result(result, TraceFormat::Html, "r.json"),
                      "r.json: has no trace: its verdict is \"inconclusive\"");
}

TEST_CASE("What a foreign result calls its nodes stays text in every format") {
    Json result = hanging_client().result();
    const std::string evil = "</script><b>'\"$(id)`id`../x";
    result["nodes"][0]["policy"] = evil;
    result["title"] = evil;
    result["trace"][0]["text"] = evil;
    for (const TraceFormat format : {TraceFormat::Html, TraceFormat::Svg})
        CHECK_THAT(export_result(result, format, "r.json")[0].content,
                   !Contains("</script><b>") && !Contains("<b>"));
    const std::string script = export_result(result, TraceFormat::Netns, "r.json")[0].content;
    std::size_t at = 0;
    while ((at = script.find("$(id)", at)) != std::string::npos) {
        const auto line = script.rfind('\n', at);
        CHECK(script[line + 1] == '#');
        ++at;
    }
    result = hanging_client().result();
    const std::string dump = result.dump();
    std::string renamed;
    for (std::size_t i = 0; i < dump.size();) {
        if (dump.compare(i, 9, "\"clientA\"") == 0) {
            renamed += "\"../../x\"";
            i += 9;
        } else
            renamed += dump[i++];
    }
    for (const TraceFile& file : export_result(Json::parse(renamed), TraceFormat::Packetdrill, "r.json"))
        CHECK(file.name.find('/') == std::string::npos);
}
