// A result can be handed on: it is read back from its JSON alone, and nothing else passes for one.
#include <catch2/catch.hpp>
#include <random>

#include "counterexamples/chart.hpp"
#include "counterexamples/formats.hpp"
#include "spec/policy/input_error.hpp"
#include "tests/counterexamples/shown.hpp"

using namespace halfopen;
using namespace halfopen::test;
using Catch::Contains;
using Json = nlohmann::ordered_json;

namespace {

std::string error_of(const std::string& text) {
    try {
        parse_story(text, "r.json");
    } catch (const InputError& error) {
        return error.what();
    }
    return "accepted";
}

/// The error for a result in which one value is another.
std::string error_with(const std::string& pointer, const Json& value) {
    Json result = hanging_client().result();
    result[Json::json_pointer(pointer)] = value;
    return error_of(result.dump());
}

}  // namespace

TEST_CASE("A story read from JSON gives the very chart that the run gives") {
    for (const Shown* shown : {&hanging_client(), &recovering_client()}) {
        const Story story = parse_story(shown->result().dump(), "r.json");
        CHECK(chart(story) == chart(shown->model, shown->trace));
        CHECK(story.steps.size() == shown->trace.steps.size());
        CHECK(story.loop == shown->trace.loop);
    }
}

TEST_CASE("Every packet that is sent is followed to its end") {
    const Story story = hanging_client().story();
    std::size_t leaks = 0;
    for (const Flight& flight : flights(story)) {
        REQUIRE(flight.sent_by < story.steps.size());
        if (flight.fate == Flight::Fate::NoOwner) {
            ++leaks;
            CHECK(story.steps[flight.sent_by].outcome == NatOutcome::Leaked);
            continue;
        }
        REQUIRE(flight.fate == Flight::Fate::Delivered);
        CHECK(*flight.ended_by > flight.sent_by);
        CHECK(story.steps[*flight.ended_by].actor == flight.to);
    }
    CHECK(leaks == 7);
}

TEST_CASE("A result that is none gets one line that says where and what") {
    CHECK(error_of("") ==
          "r.json:1:1: is not JSON: syntax error while parsing value - unexpected end of input; expected "
          "'[', '{', or a literal");
    CHECK_THAT(error_of("[]"), Contains("r.json: the result: must be an object"));
    CHECK_THAT(error_of("{}"),
               Contains("has no \"scenario\"; it takes what `halfopen check SCENARIO --format json`"));
    CHECK_THAT(error_of("\xff"), Contains("r.json:1:1: "));
    CHECK(error_with("/trace/9/segment/seq", 4294967296ULL) ==
          "r.json: /trace/9/segment/seq: must be a whole number from 0 to 4294967295");
    CHECK_THAT(error_with("/trace/9/segment/seq", -1), Contains("whole number"));
    CHECK_THAT(error_with("/trace/9/segment/source", "10.1.0.1"), Contains("address with a port"));
    CHECK_THAT(error_with("/trace/9/actor", "headnod"), Contains("did you mean \"headnode\"?"));
    CHECK_THAT(error_with("/trace/9/actor", nullptr), Contains("/trace/9/actor: must be a node's name"));
    CHECK_THAT(error_with("/trace/9/kind", "delivers"), Contains("did you mean \"deliver\"?"));
    CHECK_THAT(error_with("/trace/9/segment", nullptr), Contains("must have a segment"));
    CHECK_THAT(error_with("/trace/9/time_ms", 1), Contains("must not be before"));
    CHECK_THAT(error_with("/trace/9/states/nfs/0/state", "OPEN"), Contains("/trace/9/states/nfs/0/state"));
    CHECK_THAT(error_with("/trace/9/states/headnode/entries/0/timeout_ms", "soon"), Contains("whole number"));
    CHECK_THAT(error_with("/trace/9/shown", Json::array()), Contains("/columns"));
    CHECK_THAT(error_with("/nodes/1/name", "clientA"), Contains("of one node only"));
    CHECK_THAT(error_with("/nodes/1/inside", "10.1.0.0"), Contains("10.1.0.0/16"));
    CHECK_THAT(error_with("/loop_start", 4711), Contains("whole number from 0 to"));
}

TEST_CASE("Whatever stands in a result, its error is one line") {
    for (const char* pointer :
         {"/trace/9/actor", "/trace/9/kind", "/nodes/0/kind", "/trace/9/segment/flags"}) {
        const std::string error = error_with(pointer, "x\n\x1b[31m");
        CHECK(error != "accepted");
        CHECK(error.find_first_of("\n\x1b") == std::string::npos);
    }
    Json result = hanging_client().result();
    result["trace"][9]["states"]["a\nb"] = 1;
    CHECK(error_of(result.dump()).find('\n') == std::string::npos);
}

TEST_CASE("However a result is damaged, each format is written or one line says what is wrong") {
    const std::string whole = recovering_client().result().dump();
    std::mt19937 random(1);
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    const std::vector<std::string> pieces{"null", "-1", "1e9",  "4294967296", "\"\"",
                                          "[]",   "{}", "true", "0",          "\"x\""};
    std::size_t written = 0, refused = 0;
    for (int round = 0; round < 400; ++round) {
        std::string text = whole;
        if (round % 2 == 0) {
            // One value for another.
            const auto colon = text.find(':', below(text.size() - 100));
            const auto end = text.find_first_of(",}]", colon);
            if (colon != std::string::npos)
                text.replace(colon + 1, end - colon - 1, pieces[below(pieces.size())]);
        } else {
            text[below(text.size())] = static_cast<char>(below(128));
        }
        try {
            const Json result = parse_result(text, "r.json");
            for (std::size_t format = 0; format < trace_format_names.size(); ++format)
                export_result(result, static_cast<TraceFormat>(format), "r.json");
            ++written;
        } catch (const InputError& error) {
            ++refused;
            CHECK(std::string(error.what()).find('\n') == std::string::npos);
        }
    }
    CHECK(written > 20);
    CHECK(refused > 20);
}
