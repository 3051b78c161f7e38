// The gate over a git repository in which a good and a bad change are made: exit status and every format.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.hpp"
#include "tests/cli/sarif_shape.hpp"

using namespace halfopen::test;
using Catch::Contains;
using Catch::StartsWith;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

const char* const site = R"(name = "site"
title = "one client, a NAT that forgets, and a FreeBSD server"
source = "a test"

[[client]]
name = "host"
address = "10.1.0.1"
policy = "linux-6.18"
behind = "box"
server = "files"
port = 903
snd_nxt = 1_000_000_000
rcv_nxt = 1_700_000_000
reconnect_at = "30s"
syn_never_gives_up = true

[[nat]]
name = "box"
policy = "linux-6.18"
inside = "10.1.0.0/16"
outside = "1.2.3.4"
host_policy = "linux-6.18"

[[server]]
name = "files"
address = "1.2.3.9"
port = 2049
policy = "freebsd-14"

[fault]
nat = "box"
table = "lost"
down = "5s"
)";

/// Policies and one scenario under git, as shipped.
class Repository {
   public:
    Repository() {
        fs::create_directories(folder_.file("spec"));
        fs::copy(HALFOPEN_SOURCE_DIR "/spec/policies", folder_.file("spec/policies"),
                 fs::copy_options::recursive);
        folder_.write("spec/scenarios/site.toml", site);
        git("init -q");
        commit();
    }

    std::string file(const std::string& name) const { return folder_.file(name); }
    std::string write(const std::string& name, const std::string& text) { return folder_.write(name, text); }

    void git(const std::string& what) const {
        const std::string command =
            "cd '" + folder_.file(".") +
            "' && GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 git -c user.name=t "
            "-c user.email=t@example.org " +
            what + " >/dev/null 2>&1";
        if (std::system(command.c_str()) != 0) throw std::runtime_error("git " + what);
    }
    void commit() const {
        git("add -A");
        git("commit -qm change");
    }

    /// Gives the rule another `do`.
    void change(const std::string& policy, const std::string& rule, const std::string& actions) {
        const std::string name = "spec/policies/" + policy + ".toml";
        std::string text = text_of(file(name));
        const auto at = text.find("\ndo = ", text.find("id = \"" + rule + "\""));
        const auto end = text.find('\n', at + 1);
        text.replace(at, end - at, "\ndo = " + actions);
        folder_.write(name, text);
    }

    Ran gate(std::vector<std::string> more) const {
        more.insert(more.begin(), {"gate", "--baseline-rev", "HEAD", "--candidate", file("spec"), "--cache",
                                   file("cache")});
        return run(more);
    }

   private:
    TemporaryFolder folder_;
};

std::size_t line_of(const std::string& file, const std::string& words) {
    const std::string text = text_of(file);
    const auto at = text.find(words);
    return static_cast<std::size_t>(
               std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n')) +
           1;
}

}  // namespace

TEST_CASE("What is said differently and is the same passes the gate") {
    Repository repository;
    std::string text = text_of(repository.file("spec/policies/endpoints/freebsd-14.toml"));
    repository.write("spec/policies/endpoints/freebsd-14.toml", "# a remark\n" + text);
    const Ran ran = repository.gate({});
    CHECK(ran.status == 0);
    CHECK_THAT(ran.out, Contains("No policy does anything else than before"));
}

TEST_CASE("freebsd-14 put back to muteness: red in every format, at the rule's line") {
    Repository repository;
    repository.change("endpoints/freebsd-14", "syn-right", "\"drop\"");
    const std::string policy = repository.file("spec/policies/endpoints/freebsd-14.toml");
    const auto out = [&](const char* name) { return repository.file(std::string("out.") + name); };
    std::vector<std::string> formats;
    for (const char* format : {"json", "markdown", "github", "sarif", "junit"}) {
        formats.emplace_back("--format");
        formats.push_back(std::string(format) + "=" + out(format));
    }
    formats.insert(formats.end(), {"--format", "text"});
    const Ran ran = repository.gate(formats);
    CHECK(ran.status == 1);
    CHECK_THAT(ran.out, Contains("endpoints/freebsd-14") && Contains("Worse") &&
                            Contains("verdict: bounded") &&
                            Contains("spec/policies/endpoints/freebsd-14.toml:") && Contains("[syn-right]") &&
                            Contains("1.2.3.9:2049 S"));
    const std::size_t line = line_of(policy, "id = \"syn-right\"");

    const Json json = Json::parse(text_of(out("json")));
    CHECK(json["passed"] == false);
    const Json& pairing = json["pairings"][0];
    CHECK(pairing["id"] == "site");
    CHECK(pairing["result"] == "worse");
    CHECK(pairing["before"]["verdict"] == "bounded");
    CHECK_FALSE(pairing["trace"].empty());
    const Json& place = pairing["findings"][0]["place"];
    CHECK(place["file"] == "spec/policies/endpoints/freebsd-14.toml");
    const auto said = place["line"].get<std::size_t>();
    CHECK((said == line || said + 1 == line));  // of the rule's table or of its id

    CHECK_THAT(text_of(out("markdown")), Contains("something got worse") && Contains("**worse**") &&
                                             Contains("```mermaid\nsequenceDiagram"));
    const std::string github = text_of(out("github"));
    CHECK_THAT(github, StartsWith("::error file=spec/policies/endpoints/freebsd-14.toml,line=" +
                                  std::to_string(said) + ",title=halfopen%3A verdict%3A site::"));
    CHECK_THAT(github, Contains("%0A"));

    const Json sarif = Json::parse(text_of(out("sarif")));
    CHECK(SarifShape().mistake(sarif).empty());
    Json wrong = sarif;
    wrong["runs"][0]["results"][0]["lines"] = 3;
    CHECK_THAT(SarifShape().mistake(wrong), Contains("no property lines"));
    CHECK(sarif["version"] == "2.1.0");
    const Json& result = sarif["runs"][0]["results"][0];
    CHECK(result["ruleId"] == "halfopen/verdict");
    CHECK(sarif["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"] ==
          "halfopen/verdict");
    const Json& physical = result["locations"][0]["physicalLocation"];
    CHECK(physical["artifactLocation"]["uri"] == "spec/policies/endpoints/freebsd-14.toml");
    CHECK(physical["region"]["startLine"] == said);
    CHECK(result["partialFingerprints"]["halfopenFinding/v1"].get<std::string>().size() == 16);
    CHECK(result["codeFlows"][0]["threadFlows"][0]["locations"].size() >= 3);

    CHECK_THAT(text_of(out("junit")), Contains("<testcase classname=\"halfopen.gate\" name=\"site\">") &&
                                          Contains("<failure type=\"worse\"") && Contains("1.2.3.9:2049 S"));

    SECTION("the same from the cache, without it, and past damage in it") {
        const std::string first = text_of(out("json"));
        const auto again = [&](const std::vector<std::string>& more) {
            std::vector<std::string> all{"--format", "json"};
            all.insert(all.end(), more.begin(), more.end());
            return repository.gate(all);
        };
        const Ran cached = again({});
        CHECK(cached.out == first);
        CHECK_THAT(cached.err, StartsWith("0 checks made"));
        CHECK(again({"--no-cache"}).out == first);
        for (const auto& entry : fs::directory_iterator(repository.file("cache")))
            fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
        CHECK(again({}).out == first);
    }
    SECTION("and green where it is allowed") {
        const Ran allowed = repository.gate({"--allow", "site", "--allow", "blind-reset"});
        CHECK(allowed.status == 0);
        CHECK_THAT(allowed.out, Contains("(allowed)"));
        const Ran suppressed =
            repository.gate({"--allow", "site", "--allow", "blind-reset", "--format", "sarif"});
        const Json notes = Json::parse(suppressed.out);
        CHECK(SarifShape().mistake(notes).empty());
        CHECK(notes["runs"][0]["results"][0]["suppressions"][0]["kind"] == "external");
        CHECK(repository.gate({"--allow", "other:verdict"}).status == 1);
    }
    SECTION("taken back, it is better") {
        repository.commit();
        repository.change("endpoints/freebsd-14", "syn-right", "\"send challenge ack\"");
        const Ran back = repository.gate({});
        CHECK(back.status == 0);
        CHECK_THAT(back.out, Contains("Better"));
    }
}

TEST_CASE("conntrack without its memory of the challenge ACK is red") {
    Repository repository;
    repository.change("nats/linux-6.18", "rst-answers-challenge-ack", "[\"remember\", \"invalid\"]");
    const Ran ran = repository.gate({});
    CHECK(ran.status == 1);
    CHECK_THAT(ran.out, Contains("nats/linux-6.18") && Contains("rst-answers-challenge-ack"));
}

TEST_CASE("A gate that was asked wrongly says in one line what would be right") {
    Repository repository;
    const auto error = [&](const std::vector<std::string>& arguments) {
        const Ran ran = run(arguments);
        CHECK(ran.status == 2);
        CHECK(ran.out.empty());
        CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
        return ran.err;
    };
    const std::string spec = repository.file("spec");
    CHECK_THAT(error({"gate", "--candidate", spec}), Contains("--baseline-rev REV"));
    CHECK_THAT(error({"gate", "--candidate", repository.file("."), "--baseline", "/nowhere"}),
               Contains("endpoints/ and nats/"));
    CHECK_THAT(error({"gate", "--candidate", spec, "--baseline-rev", "no-such"}), Contains("HEAD~1"));
    CHECK_THAT(error({"gate", "--candidate", spec, "--baseline-rev", "--help"}),
               Contains("knows no revision"));
    CHECK_THAT(error({"gate", "--candidate", spec, "--baseline", spec, "--baseline-rev", "HEAD"}),
               Contains("leave"));
    CHECK_THAT(error({"gate", "--candidate", spec, "--baseline", spec, "--format", "xml"}),
               Contains("junit"));
    CHECK_THAT(error({"gate", "--candidate", spec, "--baseline", spec, "--format", "sarif="}),
               Contains("sarif=FILE"));
    CHECK_THAT(error({"gate", "--candidate", spec, "--baseline", spec, "--scenarios", "/nowhere"}),
               Contains("/nowhere"));
}
