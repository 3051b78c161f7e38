// What the program answers: exit status, text, JSON, files.
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/cli/program.hpp"

using namespace halfopen::test;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string escape = "\x1b";

std::vector<std::string> first_words(const std::string& text) {
    std::vector<std::string> words;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::string word = line.substr(0, line.find(' '));
        if (!word.empty()) words.push_back(word);
    }
    return words;
}

}  // namespace

TEST_CASE("Exit status 0: a run without an expectation is bounded") {
    const Ran ran = run(quick_check({"--fix", "be-liberal"}));
    CHECK(ran.status == 0);
    CHECK(ran.err.empty());
    CHECK_THAT(ran.out, Contains("bounded"));
}

TEST_CASE("Exit status 0: a hang that the scenario expects is as it should be") {
    const Ran ran = run({"check", "founding", "--variant", "one-client", "--no-corners"});
    CHECK(ran.status == 0);
    CHECK_THAT(ran.out, Contains("permanent"));
}

TEST_CASE("Exit status 1: a hang that nobody expects") {
    const Ran ran = run(quick_check());
    CHECK(ran.status == 1);
    CHECK(ran.err.empty());
    CHECK_THAT(ran.out, Contains("permanent"));
}

TEST_CASE("Exit status 1: an expectation that is not met") {
    TemporaryFolder folder;
    std::string text = text_of(HALFOPEN_SOURCE_DIR "/spec/scenarios/founding.toml");
    const std::string was =
        "expect = \"permanent\"\nset = { \"client.syn_never_gives_up\" = true, \"scenario.clients\" = 1 }";
    const auto at = text.find(was);
    REQUIRE(at != std::string::npos);
    text.replace(at + 10, 9, "bounded");
    const std::string file = folder.write("mine.toml", text);
    CHECK(run({"check", file, "--variant", "one-client", "--no-corners"}).status == 1);
}

TEST_CASE("Exit status 3: a limit was hit first") {
    for (const std::vector<std::string>& limit :
         std::vector<std::vector<std::string>>{{"--max-depth", "3"}, {"--timeout", "0"}, {"--memory", "1"}}) {
        const Ran ran = run(quick_check(limit));
        INFO(limit[0]);
        CHECK(ran.status == 3);
        CHECK_THAT(ran.out, Contains("inconclusive"));
    }
}

TEST_CASE("Help and version are no errors") {
    for (const char* word : {"--help", "--version"}) {
        const Ran ran = run({word});
        CHECK(ran.status == 0);
        CHECK(ran.err.empty());
        CHECK_THAT(ran.out, Contains("halfopen", Catch::CaseSensitive::No));
    }
    for (const char* command : {"check", "fixes", "list", "show"}) {
        const Ran ran = run({command, "--help"});
        CHECK(ran.status == 0);
        CHECK_THAT(ran.out, Contains("Example: halfopen " + std::string(command)));
    }
}

TEST_CASE("JSON says all that the text says") {
    const Ran ran = run(quick_check({"--format", "json"}));
    CHECK(ran.status == 1);
    CHECK(ran.err.empty());
    const Json json = Json::parse(ran.out);
    for (const char* key : {"scenario", "verdict", "expected", "states", "transitions", "recovery_ms",
                            "isn_share", "properties", "trace", "policies"})
        CHECK(json.contains(key));
    CHECK(json["scenario"] == "founding");
    CHECK(json["verdict"] == "permanent");
    CHECK(json["expected"].is_null());
    CHECK(json["states"] > 0);
    CHECK(json["transitions"] > 0);
    CHECK(json["recovery_ms"]["best"] == 3000);
    CHECK(json["recovery_ms"]["worst"].is_null());
    REQUIRE(json["isn_share"].size() == 1);
    CHECK(json["isn_share"][0]["of"] == 4294967296ULL);
    CHECK(json["isn_share"][0]["client"] == "clientA");
    CHECK(json["properties"] ==
          Json{{"leak", true}, {"cross", false}, {"collateral", false}, {"storm", false}});
    CHECK(json["trace"].is_array());
    CHECK_FALSE(json["trace"].empty());
    CHECK(json["policies"] ==
          Json{{"clientA", "linux-2.6.24"}, {"headnode", "linux-2.6.31"}, {"nfs", "freebsd-7"}});
    CHECK(json["cells"]["proved"] == true);
}

TEST_CASE("The same question has the same answer, byte for byte, but for the time it took") {
    const std::vector<std::string> words = quick_check({"--format", "json"});
    CHECK(run(words).out == run(words).out);
}

TEST_CASE("fixes tries the fixes of a scenario and says what each comes to") {
    const Ran ran = run({"fixes", "founding", "--set", "scenario.clients=1", "--set",
                         "client.syn_never_gives_up=true", "--no-corners", "--format", "json"});
    CHECK(ran.status == 0);
    const Json json = Json::parse(ran.out);
    std::set<std::string> names;
    for (const Json& fix : json["fixes"]) {
        names.insert(fix["fix"].get<std::string>());
        CHECK(fix["verdict"].is_string());
        CHECK(fix["party"].is_string());
        if (fix["fix"] == "be-liberal") CHECK(fix["verdict"] == "bounded");
        if (fix["fix"] == "drop-invalid") CHECK(fix["verdict"] == "permanent");
    }
    CHECK(names.count("be-liberal") == 1);
    CHECK(json["before"]["verdict"] == "permanent");
    CHECK(json["search"]["largest"] == 1);
    for (const Json& set : json["minimal_sets"]) {
        CHECK(set["verdict"] == "bounded");
        CHECK(set["recovery_ms"]["best"].is_number());
        CHECK(set["proof"].is_string());
        CHECK(set["blind_reset"]["nfs"]["expected"] == (set["fixes"] == Json{"teardown"} ? 1 : 32768.5));
    }
}

TEST_CASE("fixes --prove says of each fix that helps what is proved of it, and what of the claim is not") {
    const Ran ran = run({"fixes", "founding", "--set", "scenario.clients=1", "--party", "nat", "--prove",
                         "--no-corners", "--format", "json"});
    CHECK(ran.status == 0);
    const Json json = Json::parse(ran.out);
    std::map<std::string, std::pair<std::string, std::string>> proved;
    for (const Json& set : json["minimal_sets"])
        proved[set["fixes"][0].get<std::string>()] = {set["proof"].get<std::string>(),
                                                      set.value("proof_lacks", std::string())};
    CHECK(proved.size() == 3);
    CHECK(proved["be-liberal"] == std::pair<std::string, std::string>{"proved", ""});
    CHECK(proved["challenge-ack-repair"].first == "proved, own");
    CHECK_THAT(proved["challenge-ack-repair"].second,
               Contains("server in TIME_WAIT") && Contains("the client in SYN_SENT: "));
    CHECK(proved["table-kept"].first == "proved, own");
    CHECK_THAT(proved["table-kept"].second, Contains("any mapping") && Contains("goes round for ever"));
}

TEST_CASE("fixes says what helps before what does not, and names a party or size that is none") {
    const std::vector<std::string> one{"fixes", "founding", "--set", "scenario.clients=1", "--no-corners"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), one.begin(), one.end());
        return run(more);
    };
    const std::string text = with({"--party", "nat"}).out;
    CHECK(text.find("be-liberal") < text.find("of no use alone"));
    CHECK(text.find("of no use alone") < text.find("drop-invalid"));
    CHECK(text.find("teardown") == std::string::npos);
    CHECK_THAT(with({"--party", "everybody"}).err, Contains("--party: unknown value \"everybody\""));
    CHECK_THAT(with({"--max-size", "9"}).err,
               Contains("--max-size: \"9\" is not a whole number from 1 to 4"));
}

TEST_CASE("variants checks the variants of a scenario side by side and answers their questions") {
    const std::string example = HALFOPEN_SOURCE_DIR "/docs/examples/my-scenario.toml";
    const Ran ran = run({"variants", example, "--format", "json"});
    CHECK(ran.status == 0);
    const Json json = Json::parse(ran.out);
    REQUIRE(json.size() == 1);
    CHECK(json[0]["variant"] == "endless");
    CHECK(json[0]["verdict"] == "permanent");
    CHECK(json[0]["expected"] == "permanent");
    CHECK_THAT(run({"variants", example}).out, Contains("endless  permanent"));
    // With a setting of one's own nothing is expected any more.
    CHECK(run({"variants", example, "--set", "nat.nf_conntrack_tcp_be_liberal=true"}).status == 0);
}

TEST_CASE("variants of a scenario without any is an error") {
    TemporaryFolder folder;
    const std::string text = text_of(HALFOPEN_SOURCE_DIR "/docs/examples/my-scenario.toml");
    const std::string file = folder.write("mine.toml", text.substr(0, text.find("[[variant]]")));
    const Ran ran = run({"variants", file});
    CHECK(ran.status == 2);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, Contains("mine.toml") && Contains("[[variant]]"));
}

TEST_CASE("The founding story fits one screen and answers every question of the scenario") {
    const Ran ran = run({});
    CHECK(ran.status == 0);
    std::size_t lines = 0;
    std::istringstream text(ran.out);
    for (std::string line; std::getline(text, line); ++lines) CHECK(line.size() <= 155);
    CHECK(lines <= 60);
    std::istringstream scenario(text_of(HALFOPEN_SOURCE_DIR "/spec/scenarios/founding.toml"));
    std::size_t questions = 0;
    for (std::string line; std::getline(scenario, line);) {
        if (line.rfind("question = ", 0) != 0) continue;
        ++questions;
        CHECK_THAT(ran.out, Contains(line.substr(12, line.size() - 13)));
    }
    CHECK(questions > 0);
    CHECK_THAT(ran.out, Contains("unbounded") && Contains("permanent") && Contains("of 2^32"));
}

TEST_CASE("A file holds exactly what standard output would, and replaces what was there") {
    TemporaryFolder folder;
    const std::string file = folder.write("result.json", "old");
    const Ran ran = run(quick_check({"--format", "json", "--output", file}));
    CHECK(ran.status == 1);
    CHECK(ran.out.empty());
    CHECK(text_of(file) == run(quick_check({"--format", "json"})).out);
    CHECK(folder.content() == std::vector<std::string>{"result.json"});
    using std::filesystem::perms;
    CHECK((std::filesystem::status(file).permissions() & perms::group_read) != perms::none);
}

TEST_CASE("Escape codes come only where they are asked for") {
    CHECK_THAT(run(quick_check()).out, !Contains(escape));  // no terminal
    CHECK_THAT(run(quick_check({"--color", "always"})).out, Contains(escape));
    CHECK_THAT(run(quick_check({"--color", "never"})).out, !Contains(escape));
    CHECK_THAT(run(quick_check({"--color", "auto"}), {"NO_COLOR=1"}).out, !Contains(escape));
    CHECK_THAT(run(quick_check({"--color", "always"}), {"NO_COLOR=1"}).out,
               Contains(escape));  // explicit wins
}

TEST_CASE("list shows every kind, and show shows every policy and fix that list names") {
    std::size_t shown = 0;
    for (const char* kind : {"scenarios", "variants", "endpoints", "nats", "fixes", "predicates", "actions",
                             "parameters", "settings"}) {
        INFO(kind);
        const Ran listed = run({"list", kind});
        CHECK(listed.status == 0);
        CHECK(listed.err.empty());
        CHECK_FALSE(listed.out.empty());
        const std::string folder = kind;
        if (folder != "endpoints" && folder != "nats" && folder != "fixes") continue;
        for (const std::string& name : first_words(listed.out)) {
            INFO(name);
            const Ran one = run({"show", folder + "/" + name});
            CHECK(one.status == 0);
            CHECK(one.err.empty());
            CHECK_THAT(one.out, Catch::StartsWith(name));
            CHECK_THAT(one.out, Contains("from "));
            ++shown;
        }
    }
    CHECK(shown >= 25);
}

TEST_CASE("A name that is in two folders is shown twice") {
    const Ran ran = run({"show", "linux-6.18"});
    CHECK(ran.status == 0);
    CHECK_THAT(ran.out, Contains("nf_conntrack_tcp_be_liberal") && Contains("syn_retransmit"));
}

TEST_CASE("SIGINT ends a long check cleanly, as inconclusive") {
    Program program({"check", "founding", "--set", "client.isn=clock", "--set", "network.loss=2"});
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    REQUIRE(program.running());
    program.signal(SIGINT);
    const auto asked = std::chrono::steady_clock::now();
    const Ran ran = program.wait(std::chrono::seconds(30));
    CHECK_FALSE(ran.timed_out);
    CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds(10));
    CHECK(ran.status == 3);
    CHECK(ran.err.empty());
    CHECK_THAT(ran.out, Contains("inconclusive"));
}

TEST_CASE("An interrupted check leaves nothing half written") {
    TemporaryFolder folder;
    Program program({"check", "founding", "--set", "client.isn=clock", "--set", "network.loss=2", "--format",
                     "json", "-o", folder.file("result.json")});
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    program.signal(SIGTERM);
    CHECK(program.wait(std::chrono::seconds(30)).status == 3);
    CHECK(folder.content() == std::vector<std::string>{"result.json"});
    CHECK(Json::parse(text_of(folder.file("result.json")))["verdict"] == "inconclusive");
}

TEST_CASE("check --property says whether each holds, and exits with 1 where one does not") {
    const std::string example = HALFOPEN_SOURCE_DIR "/tests/fuzz/scenarios/properties.toml";
    const Ran both = run({"check", example, "--property", "storm", "--property", "leak", "--format", "json"});
    CHECK(both.status == 1);
    const Json json = Json::parse(both.out);
    REQUIRE(json["properties"].size() == 2);
    CHECK(json["properties"][0]["property"] == "storm");
    CHECK(json["properties"][0]["holds"] == true);
    CHECK(json["properties"][0]["trace"].empty());
    CHECK(json["properties"][1]["holds"] == false);
    CHECK_FALSE(json["properties"][1]["trace"].empty());
    CHECK(run({"check", example, "--property", "storm"}).status == 0);
    CHECK(run({"check", example, "--property", "leak", "--max-depth", "2"}).status == 3);
    const Ran unknown = run({"check", example, "--property", "bak"});
    CHECK(unknown.status == 2);
    CHECK_THAT(unknown.err, Contains("unknown property \"bak\"; did you mean \"back\"?"));
}

TEST_CASE("explain gives the condition, its proof and the rules, as text and as JSON") {
    const std::vector<std::string> words{"explain", "founding", "--variant", "one-client"};
    const Ran text = run(words);
    CHECK(text.status == 0);
    CHECK_THAT(text.out, Contains("ISS - RCV.NXT in [65536, 2^31 - 1)") && Contains("[out-of-window]"));
    std::vector<std::string> as_json = words;
    as_json.insert(as_json.end(), {"--format", "json"});
    const Json json = Json::parse(run(as_json).out);
    REQUIRE(json["conditions"].size() == 1);
    CHECK(json["conditions"][0]["count"] == 2147418112);
    CHECK(json["conditions"][0]["proof"]["inside_always"] == true);
    CHECK(json["conditions"][0]["proof"]["outside_never"] == true);
    CHECK(json["rules"].size() > 3);
}
