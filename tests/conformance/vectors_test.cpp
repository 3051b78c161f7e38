// What a file of observations may hold, and what is said where it holds something else.
#include <fmt/format.h>

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

TEST_CASE("A tracker with a state for each side shows both in place of one") {
    const auto sides = [](const std::string& names, const std::string& more = "") {
        return sequence(syn("", "1000", R"({"sides":[)" + names + R"(],"timeout":29)" + more + "}"));
    };
    const std::string usual = R"("SYN_SENT","CLOSED")";
    const ObservedEntry entry = *parse_vectors(sides(usual), "v").nat_sequences.front().steps.front().entry;
    CHECK(entry.sides == std::array<std::string, 2>{"SYN_SENT", "CLOSED"});
    CHECK(entry.timeout == 29);
    CHECK_FALSE(entry.picked_up);
    CHECK(parse_vectors(sides(usual, R"(,"picked_up":true)"), "v")
              .nat_sequences.front()
              .steps.front()
              .entry->picked_up);
    CHECK(contains(complaint(sides(R"("SYN_SENT")")), "a list of two states, the client's side first"));
    CHECK(contains(complaint(sides(R"("SYN_SENT",3)")), "a list of two states"));
    CHECK(contains(complaint(sides(R"("SYN_SNT","CLOSED")")), "did you mean \"SYN_SENT\""));
    CHECK(contains(complaint(sides(usual, R"(,"state":"SYN_SENT")")), "unknown key \"state\""));
    CHECK(parse_vectors(sides(usual), "v").nat_sequences.front().holds_ports == false);
    CHECK(parse_vectors(sequence(syn(), R"(,"holds_ports":true)"), "v").nat_sequences.front().holds_ports);
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

TEST_CASE("What else was the case stands in the words of scenario files; the NAT's part of it is judged by") {
    const Vectors observed = parse_vectors(
        sequence(
            syn(),
            R"(,"settings":{"nat.invalid":"dropped","server.keepalive":true,"network.loss":4},"recovered":false)"),
        "v.jsonl");
    const NatSequence& run = observed.nat_sequences.front();
    CHECK(run.config.at("invalid") == "dropped");
    CHECK(run.settings == Config{{"network.loss", "4"}, {"server.keepalive", "true"}});
    CHECK_FALSE(run.recovered);
    CHECK(parse_vectors(sequence(syn()), "v").nat_sequences.front().recovered);
    CHECK(complaint(sequence(syn(), R"(,"settings":{"server.keepalive":[1]})")) ==
          "v.jsonl:1: settings.server.keepalive is no value of a parameter; true, false, a whole number or a "
          "text is "
          "wanted");
    CHECK_THROWS_WITH(
        test::conform(parse_vectors(sequence(syn(), R"(,"settings":{"nat.invalid":"leeks"})"), "v.jsonl"),
                      "linux-6.18"),
        Catch::Matchers::Contains("v.jsonl:1: ") && Catch::Matchers::Contains("leaks"));
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

namespace {

/// A SYN with a timestamp, its SYN-ACK, and 300 ms later the handshake's ACK, which echoes tsecr.
std::string handshake(const std::string& tsecr, const std::string& answer = "",
                      const std::string& after = "SYN_RECV", const std::string& tsval = R"("tsval":7000,)") {
    return R"({"id":1,"seed":2,"kernel":"6.18.44","script":"echoes","config":{"timestamps":true},"end":"passive",)"
           R"("steps":[{"do":"segment","at":0,"flags":"S","seq":99,"ack":0,"win":64240,"len":0,"tsval":5,"tsecr":0,)"
           R"("until":1,"replies":[{"flags":"SA","seq":49,"ack":100,"win":65160,"len":0,"at":0,)" +
           tsval +
           R"("tsecr":5}],"kernel_state_after":"SYN_RECV"},{"do":"segment","at":300,"flags":"A","seq":100,"ack":50,)"
           R"("win":64240,"len":0,"tsval":6,"tsecr":)" +
           tsecr + R"(,"until":301,"replies":[)" + answer + R"(],"kernel_state_after":")" + after + R"("}]})";
}
std::string challenge_ack(const std::string& tsval, const std::string& more = R"(,"tsecr":5)") {
    return R"({"flags":"A","seq":50,"ack":100,"win":65160,"len":0,"at":300,"tsval":)" + tsval + more + "}";
}
std::string differing(const std::string& line) {
    const auto verdict = test::conform(parse_vectors(line, "v"), "linux-6.18");
    std::string all;
    for (const Disagreement& d : verdict.disagreements)
        for (const Difference& difference : d.differences)
            all += (all.empty() ? "" : ", ") + std::string(to_string(difference.aspect));
    return all;
}

}  // namespace

TEST_CASE("A TSecr is judged by the TSval of the recorded SYN-ACK") {
    CHECK(differing(handshake("7000", "", "ESTABLISHED")).empty());
    CHECK(differing(handshake("7001", challenge_ack("7300"))).empty());
    CHECK(differing(handshake("7001", "", "ESTABLISHED")) == "replies, state after");
    CHECK(differing(handshake("7000", challenge_ack("7300"))) == "replies, state after");
}

TEST_CASE("A TSval is what the clock shows that the first one told of, less what a busy machine takes") {
    for (const char* right : {"7280", "7300", "7303"})
        CHECK(differing(handshake("7001", challenge_ack(right))).empty());
    for (const char* wrong : {"7279", "7304", "7000"})
        CHECK(differing(handshake("7001", challenge_ack(wrong))) == "reply tsval");
}

TEST_CASE("Where no TSval is recorded a TSecr is taken to be right") {
    CHECK(differing(handshake("7001", "", "ESTABLISHED", "")).empty());
}

TEST_CASE("A probe in SYN_RCVD says which SYN-ACKs were sent, and what the clock shows") {
    const auto probe_with = [](const std::string& more, const std::string& replies,
                               const std::string& after) {
        return R"({"state":"SYN_RCVD","flags":"A","seq":100,"ack":50,"len":0,"rcv_nxt":100,"snd_nxt":50,"rcv_wnd":64240,)"
               R"("ts_recent":5,"tsval":6,"tsecr":7001,"ts_clock":7300,)" +
               more + R"("replies":[)" + replies + R"(],"kernel_state_after":")" + after + R"("})";
    };
    const std::string once = R"("ts_first":7000,"ts_newest":7000,)",
                      twice = R"("ts_first":7000,"ts_newest":7001,)";
    const std::string answer = R"({"flags":"A","seq":50,"ack":100,"len":0,"at":0,"tsval":7300,"tsecr":5})";
    std::string late = answer;
    late.replace(late.find("7300"), 4, "7200");
    CHECK(differing(probe_with(twice, "", "ESTABLISHED")).empty());
    CHECK(differing(probe_with(once, answer, "SYN_RECV")).empty());
    CHECK(differing(probe_with(once, late, "SYN_RECV")) == "reply tsval");
    CHECK(contains(complaint(probe_with(R"("ts_first":7000,)", "", "ESTABLISHED")), "ts_newest"));
}

TEST_CASE("A reply with a TSval has a TSecr too") {
    CHECK(contains(complaint(handshake("7001", challenge_ack("7300", ""))), "tsecr"));
}

TEST_CASE("The wait for data may be as long as the recorded round trips make it") {
    const auto sent_again_after = [](std::uint32_t round_trip, std::uint32_t wait) {
        const auto text = [](const char* state) {
            return fmt::format(R"("kernel_state_after":"{}")", state);
        };
        const auto reply = [](const char* flags, int seq, int len, std::uint32_t at) {
            return fmt::format(R"({{"flags":"{}","seq":{},"ack":100,"win":65160,"len":{},"at":{}}})", flags,
                               seq, len, at);
        };
        const std::uint32_t written = round_trip + 10;
        return R"({"id":1,"seed":2,"script":"slow","end":"passive","steps":[)"
               R"({"do":"segment","at":0,"flags":"S","seq":99,"ack":0,"win":64240,"len":0,"until":0,"replies":[)" +
               reply("SA", 49, 0, 0) + "]," + text("SYN_RECV") +
               fmt::format(
                   R"(}},{{"do":"segment","at":{0},"flags":"A","seq":100,"ack":50,"win":64240,"len":0,)"
                   R"("until":{0},"replies":[],{1}}},{{"do":"write","len":9,"at":{2},"until":{2},"replies":[{3}],)"
                   R"({1}}},{{"do":"wait","at":{2},"until":{4},"replies":[{5}],{1}}}]}})",
                   round_trip, text("ESTABLISHED"), written, reply("PA", 50, 9, written), written + wait + 10,
                   reply("PA", 50, 9, written + wait));
    };
    CHECK(differing(sent_again_after(1, 204)).empty());
    CHECK(differing(sent_again_after(136, 408)).empty());
    CHECK(differing(sent_again_after(136, 680)).empty());
    CHECK_FALSE(differing(sent_again_after(1, 680)).empty());
    CHECK_FALSE(differing(sent_again_after(136, 1200)).empty());
    CHECK_FALSE(differing(sent_again_after(136, 150)).empty());
}
