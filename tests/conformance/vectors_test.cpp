// What a file of observations may hold, and what is said where it holds something else.
#include <catch2/catch.hpp>

#include "tests/conformance/files.hpp"

using namespace halfopen;
using namespace halfopen::conformance;

namespace {

/// What is said of a file with this text; empty where it is accepted.
std::string complaint(const std::string& text) {
    try {
        parse_vectors(text, "v.jsonl");
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

const std::string entry = R"({"state":"SYN_SENT","timeout":119,"assured":false,"unreplied":true})";

/// A SYN through a NAT.
std::string syn(const std::string& more = "", const std::string& seq = "1000",
                const std::string& after = entry) {
    return R"({"dir":"orig","flags":"S","seq":)" + seq + R"(,"ack":0,"win":65535,"len":0,"forwarded":true,)" +
           R"("source":"192.0.2.1","sport":903,"destination":"192.0.2.2","entry":)" + after + more + "}";
}

std::string sequence(const std::string& steps, const std::string& more = "") {
    return R"({"id":1,"seed":2,"kernel":"6.18.44","script":"handshake","config":{"loose":1},"sport":903)" +
           more + R"(,"steps":[)" + steps + "]}";
}

const std::string probe =
    R"({"state":"ESTABLISHED","flags":"A","seq":1001,"ack":2001,"len":0,"rcv_nxt":1001,"snd_nxt":2001,)"
    R"("rcv_wnd":64240,"replies":[],"kernel_state_after":"ESTABLISHED"})";

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A line's keys say whether it is about a NAT or about an endpoint") {
    CHECK(parse_vectors(sequence(syn()), "v").kind == PolicyKind::Nat);
    CHECK(parse_vectors(probe, "v").kind == PolicyKind::Endpoint);
    CHECK(complaint(sequence(syn()) + "\n" + probe) ==
          "v.jsonl:2: is about an endpoint, the lines before are about a NAT; one kind a file");
}

TEST_CASE("Empty lines and a missing last line feed are nothing special") {
    CHECK(parse_vectors("\n" + probe + "\n\n" + probe, "v").probes.size() == 2);
    CHECK(parse_vectors(probe + "\r\n" + probe, "v").probes.back().line == 2);
}

TEST_CASE("What is not an observation is an error with its line") {
    CHECK(complaint("") == "v.jsonl: holds no observation; one JSON object a line is wanted");
    CHECK(contains(complaint(probe + "\n{\"state\": "), "v.jsonl:2:"));
    CHECK(contains(complaint("[]"), "v.jsonl:1: is no observation"));
    CHECK(contains(complaint("{}"), "v.jsonl:1: is no observation"));
    CHECK(contains(complaint("{\"state\": 1e999}"), "v.jsonl:1"));
}

TEST_CASE("A number outside of its range is refused, not cut down") {
    CHECK(complaint(sequence(syn("", "4294967296"))) ==
          "v.jsonl:1: steps[0].seq is \"4294967296\"; a whole number from 0 to 4294967295 is wanted");
    CHECK(contains(complaint(sequence(syn("", "-1"))), "steps[0].seq"));
    CHECK(contains(complaint(sequence(syn("", "1.5"))), "steps[0].seq"));
    CHECK(contains(complaint(sequence(syn("", "\"7\""))), "steps[0].seq"));
    CHECK(complaint(sequence(syn("", "4294967295"))).empty());
}

TEST_CASE("A key that nobody reads is a slip of the pen") {
    CHECK(contains(complaint(sequence(syn(R"(,"forwrded":true)"))), "unknown key \"forwrded\""));
    CHECK(contains(complaint(sequence(syn(), R"(,"colour":1)")), "unknown key \"colour\""));
}

TEST_CASE("Names of states are checked when the file is read") {
    const std::string wrong = R"({"state":"SYN_SNT","timeout":119,"assured":false,"unreplied":true})";
    CHECK(contains(complaint(sequence(syn("", "1", wrong))), "did you mean \"SYN_SENT\""));
}

TEST_CASE("A parameter that the policy does not have is an error of its line") {
    std::string text = sequence(syn());
    text.replace(text.find("loose"), 5, "lose");
    const Vectors observed = parse_vectors(probe.substr(0, 0) + text, "v.jsonl");
    try {
        test::conform(observed, "linux-6.18");
        FAIL("accepted");
    } catch (const InputError& error) {
        CHECK(contains(error.what(), "v.jsonl:1: "));
        CHECK(contains(error.what(), "nf_conntrack_tcp_lose"));
    }
}

TEST_CASE("A segment that the model has no words for is counted as outside, with what follows it") {
    std::string urgent = syn();
    urgent.replace(urgent.find("\"S\""), 3, "\"SU\"");
    const auto verdict =
        test::conform(parse_vectors(sequence(syn() + "," + urgent + "," + syn()), "v"), "linux-6.18");
    CHECK(verdict.agreed == 1);
    CHECK(verdict.outside == 2);
    CHECK(verdict.outside_reasons.at("a segment with URG") == 2);
    CHECK(verdict.disagreed == 0);
}

TEST_CASE("A disagreement names the rule, and what follows it in its sequence is not judged") {
    const std::string wrong = R"({"state":"SYN_RECV","timeout":59,"assured":false,"unreplied":true})";
    const auto verdict =
        test::conform(parse_vectors(sequence(syn("", "1000", wrong) + "," + syn()), "v"), "linux-6.18");
    REQUIRE(verdict.disagreements.size() == 1);
    const Disagreement& d = verdict.disagreements.front();
    CHECK(d.rule == "new-syn");
    CHECK(d.segment == "10.1.0.1:903 > 192.0.2.2:2049 S 1000");
    REQUIRE(d.differences.size() == 2);
    CHECK(d.differences[0].aspect == Aspect::EntryState);
    CHECK(d.differences[1].aspect == Aspect::EntryTimeout);
    CHECK(verdict.behind == 1);
}

TEST_CASE("Each thing that a recording shows of a NAT is judged") {
    const auto differing = [](const std::string& step) {
        const auto verdict = test::conform(parse_vectors(sequence(step), "v"), "linux-6.18");
        return verdict.disagreements.empty()
                   ? std::string("none")
                   : std::string(to_string(verdict.disagreements[0].differences[0].aspect));
    };
    const auto changed = [](const std::string& from, const std::string& to) {
        std::string step = syn(R"(,"answer":[])");
        return step.replace(step.find(from), from.size(), to);
    };
    CHECK(differing(syn()) == "none");
    CHECK(differing(changed(R"("forwarded":true)", R"("forwarded":false)")) == "forwarded");
    CHECK(differing(changed("192.0.2.1", "10.1.0.1")) == "translation");
    CHECK(differing(changed(R"("sport":903)", R"("sport":904)")) == "port");
    CHECK(differing(changed(R"("answer":[])", R"("answer":[{"flags":"R","seq":0,"ack":0,"len":0}])")) ==
          "host answer");
    CHECK(differing(changed(entry, "null")) == "entry presence");
    CHECK(differing(changed(R"("assured":false)", R"("assured":true)")) == "assured");
    CHECK(differing(changed("119", "118")) == "time-out");
}
