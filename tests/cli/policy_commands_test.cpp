// lint, diff, and show with a question: exit status, text, JSON, errors.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"

using namespace halfopen::test;
using Catch::Contains;
using Catch::StartsWith;
using Json = nlohmann::json;

namespace {

std::string policy(const std::string& name, const std::string& rules) {
    return "name = \"" + name + "\"\ntitle = \"Mine\"\nextends = \"freebsd-7\"\n" + rules;
}

const std::string hole = policy("hole", "[[rule]]\nid = \"listen-other\"\nremove = true\n");
const std::string dead =
    policy("dead",
           "[[rule]]\nid = \"late\"\nstate = \"LISTEN\"\nsegment = \"RST\"\ndo = \"drop\"\n"
           "source = \"a test\"\nafter = \"listen-rst\"\n");

/// The one line on standard error of a run that answers nothing; what is not as it should be instead.
std::string refusal_of(const std::vector<std::string>& arguments) {
    const Ran ran = run(arguments);
    if (ran.status != 2 || !ran.out.empty()) return "EXIT STATUS " + std::to_string(ran.status) + ran.out;
    if (std::count(ran.err.begin(), ran.err.end(), '\n') != 1) return "NOT ONE LINE: " + ran.err;
    return ran.err;
}

std::vector<std::string> question(std::vector<std::string> more) {
    more.insert(more.begin(), {"show", "freebsd-7"});
    return more;
}

}  // namespace

TEST_CASE("lint of a shipped policy is clean, and both of a shared name are judged") {
    const Ran ran = run({"lint", "linux-6.18"});
    CHECK(ran.status == 0);
    CHECK(ran.err.empty());
    CHECK_THAT(ran.out,
               Contains("endpoint") && Contains("nat ") && Contains("total") && Contains("none dead"));
}

TEST_CASE("lint names a hole with a segment that falls through it, and exits with 1") {
    TemporaryFolder folder;
    const Ran ran = run({"lint", folder.write("hole.toml", hole)});
    CHECK(ran.status == 1);
    CHECK_THAT(ran.out, Contains("NOT TOTAL") && Contains("no rule for FIN in LISTEN") &&
                            Contains("no rule for NONE in LISTEN") && Contains(":2049 F "));
}

TEST_CASE("lint names a dead rule and what covers it, as JSON too") {
    TemporaryFolder folder;
    const std::string file = folder.write("endpoints/dead.toml", dead);
    const Ran ran = run({"lint", file});
    CHECK(ran.status == 1);
    CHECK_THAT(ran.out, Contains("dead: late (dead.toml:4)") && Contains("namely listen-rst"));
    const Ran as_json = run({"lint", file, "freebsd-9", "--format", "json"});
    CHECK(as_json.status == 1);
    const Json json = Json::parse(as_json.out);
    REQUIRE(json.size() == 2);
    CHECK(json[0]["clean"] == false);
    CHECK(json[0]["dead"][0]["rule"] == "late");
    CHECK(json[0]["dead"][0]["covered_by"] == Json{"listen-rst"});
    CHECK(json[1]["clean"] == true);
}

TEST_CASE("lint lists overlapping rules when asked") {
    const Ran ran = run({"lint", "freebsd-7", "--overlaps"});
    CHECK(ran.status == 0);
    CHECK_THAT(ran.out, Contains("rst-near-rcv-nxt (freebsd-7.toml:") && Contains("both match"));
}

TEST_CASE("diff shows what freebsd-9 does to a SYN left of the window") {
    const Ran ran = run({"diff", "freebsd-7", "freebsd-9"});
    CHECK(ran.status == 1);
    CHECK_THAT(ran.out, Contains("2 pairs of rules") && Contains("[syn-left]") &&
                            Contains("[syn-left-kills]") && Contains("SYN, SYN-ACK in ESTABLISHED") &&
                            Contains("the connection is gone"));
    const Json json = Json::parse(run({"diff", "freebsd-7", "freebsd-9", "--format", "json"}).out);
    REQUIRE(json["differences"].size() == 2);
    CHECK(json["differences"][1]["new"]["rule"] == "syn-left-kills");
    CHECK(json["parameters"].empty());
}

TEST_CASE("diff of a policy with itself exits with 0") {
    const Ran ran = run({"diff", "freebsd-7", "endpoints/freebsd-7"});
    CHECK(ran.status == 0);
    CHECK_THAT(ran.out, Contains("do the same"));
}

TEST_CASE("diff takes a name that an endpoint and a NAT share for what the other is", "[.slow]") {
    CHECK_THAT(run({"diff", "linux-5.18", "linux-6.18"}).out, StartsWith("linux-5.18 -> linux-6.18"));
}

TEST_CASE("show answers what happens to a segment, by either way of writing it") {
    const Ran ran = run(question(
        {"--state", "ESTABLISHED", "--segment", "SYN seq=1000", "--with", "rcv_nxt=2000,snd_nxt=9000"}));
    CHECK(ran.status == 0);
    CHECK_THAT(ran.out, Contains("rule syn-left\n") && Contains(". 9000 ack 2000") &&
                            Contains("stays in ESTABLISHED") && Contains("syn-in-window"));
    CHECK(run(question(
                  {"--state", "ESTABLISHED", "--segment", "S 1000", "--with", "rcv_nxt=2000,snd_nxt=9000"}))
              .out == ran.out);
    CHECK_THAT(run(question({"--state", "ESTABLISHED", "--segment", "S 2000", "--with", "rcv_nxt=2000"})).out,
               Contains("rule syn-in-window\n") && Contains("the connection is gone"));
}

TEST_CASE("show answers for both directions of a NAT, and under a parameter") {
    const std::vector<std::string> ask{"show",      "nats/linux-5.18", "--state",  "SYN_SENT",
                                       "--segment", "R 2000001",       "--format", "json"};
    const Json lost = Json::parse(run(ask).out);
    CHECK(lost["rule"]["id"] == "out-of-window");
    CHECK(lost["direction"] == "original");
    std::vector<std::string> liberal = ask;
    liberal.insert(liberal.end(), {"--set", "nf_conntrack_tcp_be_liberal=true"});
    CHECK(Json::parse(run(liberal).out)["rule"]["id"] == "rst");
    const Json ack = Json::parse(run({"show", "nats/linux-6.18", "--state", "SYN_SENT", "--direction",
                                      "reply", "--segment", ". 5 ack 77", "--format", "json"})
                                     .out);
    CHECK(ack["rule"]["id"] == "challenge-ack-ignored");
    CHECK(ack["segment"]["ack"] == 77);
}

TEST_CASE("show names of a NAT's entry only what that NAT keeps") {
    const auto entry = [](const std::string& nat) {
        const std::string out = run({"show", nat, "--state", "ESTABLISHED", "--segment", ". 5 ack 77"}).out;
        const auto at = out.find("  where ");
        return at == std::string::npos ? "" : out.substr(at, out.find('\n', at) - at);
    };
    CHECK_THAT(entry("nats/linux-6.18"), Contains("td_end") && Contains("last_class") && !Contains(".side"));
    CHECK_THAT(entry("pf"), Contains("td_end") && Contains(".side") && !Contains("last_class"));
    CHECK_THAT(entry("libalias"), Contains(".side") && !Contains("td_end") && !Contains("last_class"));
    CHECK(entry("vignat") == "");
}

TEST_CASE("show writes times as policy files have them") {
    CHECK_THAT(run({"show", "nats/linux-6.18"}).out,
               Contains("nf_conntrack_tcp_timeout_established     5d\n") &&
                   Contains("nf_conntrack_tcp_timeout_close           10s\n"));
    CHECK(Json::parse(run({"show", "nats/linux-6.18", "--format", "json"})
                          .out)[0]["parameters"]["nf_conntrack_tcp_timeout_established"] == "432000000");
}

TEST_CASE("show answers for segments with timestamps, as tcpdump writes them") {
    const auto rule = [](const std::string& policy, const std::string& segment, const std::string& with,
                         const std::string& state = "ESTABLISHED", const std::string& set = "") {
        std::vector<std::string> ask{"show",      policy,  "--state",  state,
                                     "--segment", segment, "--format", "json"};
        if (!with.empty()) ask.insert(ask.end(), {"--with", with});
        if (!set.empty()) ask.insert(ask.end(), {"--set", set});
        const Ran ran = run(ask);
        return ran.status == 0 ? Json::parse(ran.out)["rule"]["id"].get<std::string>() : ran.err;
    };
    // endpoints.md, table H: the SYN whose clock is behind.
    CHECK(rule("openbsd", "S 1000 [TS val 8 ecr 0]", "ts_recent=9") == "paws");
    CHECK(rule("openbsd", "S 1000 [TS val 9 ecr 0]", "ts_recent=9") == "syn-left");
    CHECK(rule("openbsd", "SYN seq=1000 tsval=8 tsecr=0", "ts_recent=9") == "paws");
    CHECK(rule("openbsd", "S 1000, options [nop,nop,TS val 8 ecr 0]", "ts_recent=9") == "paws");
    CHECK(rule("freebsd-14", "S 1000 [TS val 8 ecr 0]", "ts_recent=9") == "syn-right");
    CHECK(rule("endpoints/linux-6.18", ". 1000001:1000101 ack 5000001 [TS val 8]", "ts_recent=9") == "data");
    CHECK(rule("endpoints/linux-6.18", ". 1000001:1000101 ack 5000001 [TS val 7]", "ts_recent=9") ==
          "paws-data");
    CHECK(rule("endpoints/linux-6.18", "S 5 [TS val 10 ecr 0]", "ts_recent=9", "TIME_WAIT") ==
          "time-wait-newer-syn");
    // Before the connection is made: what our SYNs carried.
    const std::string echo = " [TS val 8 ecr 2999999]";
    CHECK(rule("endpoints/linux-6.18", "S. 1 ack 5000001" + echo, "", "SYN_SENT") == "syn-sent-tsecr");
    CHECK(rule("endpoints/linux-6.18", "S. 1 ack 5000001" + echo, "ts_first_syn=2999999", "SYN_SENT") ==
          "syn-sent-syn-ack");
    CHECK(rule("endpoints/linux-6.18", ". 1000001 ack 5000001" + echo, "ts_recent=8", "SYN_RCVD") ==
          "embryo-tsecr");
    CHECK(rule("endpoints/linux-6.18", ". 1000001 ack 5000001" + echo, "ts_recent=8,ts_first_syn=2999990",
               "SYN_RCVD") == "handshake-ack");
    CHECK_THAT(rule("endpoints/linux-6.18", "ACK [TS val 8]", "ts_first_syn=5"),
               Contains("ts_first_syn has no meaning but in SYN_SENT"));
    // Without one on a connection that uses them, and with one where the policy has them off.
    CHECK(rule("rfc9293", "ACK", "ts_recent=9") == "timestamp-missing");
    CHECK(rule("rfc9293", "ACK", "ts_recent=none") == "ack");
    CHECK(rule("openbsd", "S 1000 [TS val 8 ecr 0]", "", "ESTABLISHED", "timestamps=false") == "syn-left");
    // A host with tcp_tw_recycle remembers stamps of addresses.
    CHECK(rule("linux-2.6.24", "S 1 [TS val 7 ecr 0]", "ts_recent=9", "LISTEN", "tcp_tw_recycle=true") ==
          "listen-recycle");

    const Ran ran = run({"show", "openbsd", "--state", "ESTABLISHED", "--segment", "S 1000 [TS val 10 ecr 0]",
                         "--with", "ts_recent=9,ts_clock=77"});
    CHECK_THAT(ran.out, Contains("S 1000 [TS val 10 ecr 0]\n") && Contains("ts_recent=9\n") &&
                            Contains(". 5000001 ack 1000001 [TS val 77 ecr 9]\n"));
    const Json nat = Json::parse(run({"show", "nats/linux-6.18", "--state", "ESTABLISHED", "--segment",
                                      "ACK [TS val 5 ecr 7]", "--format", "json"})
                                     .out);
    CHECK(nat["segment"]["timestamp"] == Json{{"value", 5}, {"echo", 7}});
}

TEST_CASE("show takes every member of a connection that it shows") {
    const Ran ran =
        run({"show", "endpoints/linux-6.18", "--state", "ESTABLISHED", "--segment", ". 1000001 ack 5000001",
             "--with", "kept_text=1000101:1000202 FIN,snd_wnd=1024,snd_wl1=1000000"});
    CHECK(ran.status == 0);
    CHECK_THAT(ran.out, Contains("snd_wnd=1024 snd_wl1=1000000 kept_text=1000101:1000202 FIN"));
    const Ran filled = run({"show", "endpoints/linux-6.18", "--state", "ESTABLISHED", "--segment",
                            ". 1000001:1000101 ack 5000001", "--with", "kept_text=1000101:1000202 FIN"});
    CHECK_THAT(filled.out, Contains("ack 1000202") && Contains("ESTABLISHED -> CLOSE_WAIT"));
    const Ran two =
        run({"show", "endpoints/linux-6.18", "--state", "ESTABLISHED", "--segment",
             ". 1000001:1000101 ack 5000001", "--with", "kept_text=1000301:1000402 FIN + 1000101:1000201"});
    CHECK_THAT(two.out, Contains("kept_text=1000101:1000201 + 1000301:1000402 FIN") &&
                            Contains("kept_text 1000101:1000201 + 1000301:1000402 FIN -> "
                                     "1000301:1000402 FIN") &&
                            Contains("ack 1000201"));
}

TEST_CASE("show lists what is unconfirmed at the top and marks it") {
    const Ran ran = run({"show", "aws-nat-gateway"});
    CHECK_THAT(ran.out, Contains("rules, marked \"?\" below: from-outside-for-nobody, expired-rst") &&
                            Contains("\n? expired-rst "));
    CHECK_THAT(run({"show", "rfc793"}).out, Contains("unconfirmed: none"));
}

TEST_CASE("show names every unconfirmed rule of every shipped policy at the top, and no other", "[long]") {
    for (const char* folder : {"endpoints", "nats"})
        for (const auto& file : std::filesystem::directory_iterator(HALFOPEN_SOURCE_DIR "/spec/policies/" +
                                                                    std::string(folder))) {
            const std::string name = folder + ("/" + file.path().stem().string());
            INFO(name);
            const Json shown = Json::parse(run({"show", name, "--format", "json"}).out).at(0);
            std::string ids;
            std::size_t unconfirmed = 0;
            for (const Json& rule : shown["rules"])
                if (rule["unconfirmed"] == true) {
                    ids += (ids.empty() ? "" : ", ") + rule["id"].get<std::string>();
                    ++unconfirmed;
                }
            const std::string text = run({"show", name}).out;
            const auto begin = text.find("\nunconfirmed: ") + 1;
            const std::string line = text.substr(begin, text.find('\n', begin) - begin);
            if (unconfirmed == 0)
                CHECK(line == "unconfirmed: none");
            else
                CHECK(line == "unconfirmed: " + std::to_string(unconfirmed) + " of " +
                                  std::to_string(shown["rules"].size()) +
                                  " rules, marked \"?\" below: " + ids);
        }
}

TEST_CASE("A question that cannot be asked is answered by one line") {
    CHECK_THAT(refusal_of(question({"--state", "ESTABLISHD", "--segment", "S"})),
               Contains("did you mean \"ESTABLISHED\"?"));
    CHECK_THAT(refusal_of(question({"--state", "LISTEN"})), Contains("--segment is missing"));
    CHECK_THAT(refusal_of(question({"--state", "LISTEN", "--segment", "Q 1"})), Contains("are no flags"));
    CHECK_THAT(refusal_of(question({"--state", "LISTEN", "--segment", "S 1 frog=2"})), Contains("\"frog\""));
    CHECK_THAT(refusal_of(question({"--state", "LISTEN", "--segment", "S 4294967296"})),
               Contains("from 0 to 4294967295"));
    CHECK_THAT(refusal_of(question({"--state", "LISTEN", "--segment", ". 1:90000000 ack 1"})),
               Contains("too many"));
    CHECK_THAT(refusal_of(question({"--state", "LISTEN", "--segment", "S 1 seq=2"})),
               Contains("given twice"));
    CHECK_THAT(refusal_of(question({"--state", "LISTEN", "--segment", "S", "--with", "rcv_nx=3"})),
               Contains("did you mean \"rcv_nxt\"?"));
    CHECK_THAT(refusal_of(question({"--state", "LISTEN", "--segment", "S", "--with", "orphan"})),
               Contains("has no '='"));
    for (const auto& [segment, wrong] :
         {std::pair("S 1 [mss 1460]", "no option"), std::pair("S 1 []", "no option"),
          std::pair("S 1 [TS ecr 5]", "no option"), std::pair("S 1 [TS val 5 ecr]", "no option"),
          std::pair("S 1 [TS val 5 ecr 7", "has no ']'"),
          std::pair("S 1 [TS val 5 ecr 7] [TS val 5]", "'[' is given twice"),
          std::pair("S 1 [TS val 5 TS val 6]", "TS val is given twice"),
          std::pair("S 1 [TS val 5] tsval=5", "tsval is given twice"),
          std::pair("S 1 tsecr=5", "without tsval"), std::pair("S 1 [TS val -1]", "from 0 to 4294967295"),
          std::pair("[TS val 1 ecr 2]", "no segment")})
        CHECK_THAT(refusal_of(question({"--state", "LISTEN", "--segment", segment})), Contains(wrong));
    CHECK_THAT(refusal_of(question({"--state", "ESTABLISHED", "--segment", "S", "--with", "ts_recent=5",
                                    "--set", "timestamps=false"})),
               Contains("timestamps are off"));
    CHECK_THAT(refusal_of(question({"--state", "ESTABLISHED", "--segment", "S", "--with", "kept_text=5"})),
               Contains("FIRST:END"));
    CHECK_THAT(refusal_of(question({"--state", "LISTEN", "--segment", "S", "--direction", "reply"})),
               Contains("no direction"));
    CHECK_THAT(refusal_of({"show", "linux-6.18", "--state", "LISTEN", "--segment", "S"}),
               Contains("endpoints/linux-6.18"));
}

TEST_CASE("What is not as usual is said once") {
    CHECK_THAT(
        refusal_of(question({"--state", "ESTABLISHED", "--segment", "S", "--with", "rcv_nxt=5,rcv_nxt=6"})),
        Contains("\"rcv_nxt\" is given twice"));
}

TEST_CASE("conform takes a policy as the other commands do, and of the kind that the vectors are about") {
    const std::string vectors = HALFOPEN_SOURCE_DIR "/tests/conformance/vectors/";
    const std::string nat = vectors + "end-to-end-linux-6.18.jsonl",
                      endpoint = vectors + "windows-linux-6.18.jsonl";
    CHECK(run({"conform", nat, "--policy", "nats/linux-6.18"}).status == 0);
    CHECK(run({"conform", endpoint, "--policy", "endpoints/linux-6.18"}).status == 0);
    CHECK_THAT(refusal_of({"conform", nat, "--policy", "freebsd-14"}),
               Contains("is about a NAT, and \"freebsd-14\" is an endpoint's policy"));
    CHECK_THAT(refusal_of({"conform", nat, "--policy", "endpoints/linux-6.18"}), Contains("is about a NAT"));
    CHECK_THAT(refusal_of({"conform", endpoint, "--policy", "vignat"}), Contains("is about an endpoint"));
    CHECK_THAT(refusal_of({"conform", nat, "--policy", "linux-6.19"}), Contains("did you mean"));
}

TEST_CASE("A NAT is asked only about the states that its rules enter") {
    CHECK_THAT(refusal_of({"show", "vignat", "--state", "SYN_RECV", "--segment", "S"}),
               Contains("no rule of vignat enters SYN_RECV; its states are NONE, ESTABLISHED"));
    CHECK_THAT(refusal_of({"show", "pf", "--state", "CLOSE_WAIT", "--segment", "S"}),
               Contains("its states are NONE, SYN_SENT, SYN_RECV"));
    CHECK_THAT(refusal_of({"show", "nats/linux-2.6.18", "--state", "SYN_SENT2", "--segment", "S"}),
               Contains("no rule"));
    for (const char* state : {"NONE", "SYN_SENT2", "CLOSE"})
        CHECK(run({"show", "nats/linux-6.18", "--state", state, "--segment", "S"}).status == 0);
}

TEST_CASE("Policies that cannot be judged or compared are answered by one line") {
    TemporaryFolder folder;
    CHECK_THAT(refusal_of({"lint", "freebsd-8"}), Contains("freebsd-9") || Contains("freebsd-7"));
    CHECK_THAT(refusal_of({"lint", folder.file("none.toml")}), Contains("none.toml"));
    CHECK_THAT(refusal_of({"lint", folder.write("bad.toml", "name = \"bad\"\n")}), Contains("bad.toml"));
    CHECK_THAT(refusal_of({"lint", "freebsd-7", "--set", "insecure_sin=true"}), Contains("insecure_syn"));
    CHECK_THAT(refusal_of({"lint", "freebsd-7", "--format", "yaml"}), Contains("yaml"));
    CHECK_THAT(refusal_of({"diff", "freebsd-7", "nats/linux-6.18"}), Contains("two of one kind"));
    CHECK_THAT(refusal_of({"diff", "freebsd-7"}), Contains("new"));
}

TEST_CASE("show says how many spoofed segments end a connection, cheapest first, and by which rule") {
    const std::string text = run({"show", "endpoints/rfc9293"}).out;
    CHECK_THAT(text, Contains("spoofed segments that end an established connection") &&
                         Contains("2.15 billion  RST with SEG.SEQ = RCV.NXT: the connection is gone"));
    const Json json = Json::parse(run({"show", "endpoints/freebsd-7", "--format", "json"}).out);
    const Json& exposure = json.front()["blind_reset"];
    CHECK(exposure["expected"] == 32768.5);
    double last = 0;
    for (const Json& attack : exposure["attacks"]) {
        CHECK(attack["expected"] >= last);
        CHECK(attack["rules"].size() >= 1);
        last = attack["expected"].get<double>();
    }
    CHECK_FALSE(Json::parse(run({"show", "nats/linux-6.18", "--format", "json"}).out)
                    .front()
                    .contains("blind_reset"));
}
