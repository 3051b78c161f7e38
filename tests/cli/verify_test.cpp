// halfopen verify, as a user meets it.
#include <catch2/catch.hpp>

#include "tests/cli/program.hpp"

using namespace halfopen::test;
using Catch::Contains;
using Catch::StartsWith;
namespace fs = std::filesystem;

namespace {

/// A copy of all policies and scenarios, to be changed.
std::string copied_spec(const TemporaryFolder& folder) {
    fs::create_directories(folder.file("spec"));
    for (const char* part : {"policies", "scenarios"})
        fs::copy(fs::path(HALFOPEN_SOURCE_DIR) / "spec" / part, folder.file("spec") + "/" + part,
                 fs::copy_options::recursive);
    return folder.file("spec");
}

void append(const std::string& file, const std::string& text) {
    std::ofstream(file, std::ios::binary | std::ios::app) << text;
}

void one_line_with_status_2(const Ran& ran, const std::string& part) {
    INFO(ran.err);
    CHECK(ran.status == 2);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, StartsWith("halfopen: ") && Contains(part));
    CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("A certificate that check wrote is verified, with what was applied to the scenario") {
    const TemporaryFolder folder;
    const std::string file = folder.file("f.cert");
    const Ran check = run({"check", "founding", "--variant", "one-client", "--fix", "be-liberal", "--set",
                           "network.loss=1", "--certificate", file});
    CHECK(check.status == 0);
    CHECK_THAT(check.out, Contains("bounded"));
    const Ran verify = run({"verify", file});
    CHECK(verify.status == 0);
    CHECK_THAT(
        verify.out,
        StartsWith("verified  founding --variant one-client --fix be-liberal --set network.loss=1: bounded"));
    const Ran json = run({"verify", file, "--format", "json"});
    CHECK_THAT(json.out, Contains("\"result\": \"verified\"") && Contains("\"lie\": null"));
    CHECK(folder.content() == std::vector<std::string>{"f.cert"});
}

TEST_CASE("A certificate of a hang has check's exit status, and verify's is 0") {
    const TemporaryFolder folder;
    CHECK(
        run({"check", "founding", "--set", "scenario.clients=1", "--certificate", folder.file("f")}).status ==
        1);
    CHECK(run({"verify", folder.file("f")}).status == 0);
}

TEST_CASE("A scenario or a policy that has changed since is named") {
    const TemporaryFolder folder;
    const std::string spec = copied_spec(folder), file = folder.file("f.cert");
    const std::vector<std::string> environment{"HALFOPEN_SPEC=" + spec};
    REQUIRE(
        run({"check", "founding", "--variant", "one-client", "--fix", "be-liberal", "--certificate", file},
            environment)
            .status == 0);
    CHECK(run({"verify", file}, environment).status == 0);
    CHECK(run({"verify", file}).status == 0);  // the same files elsewhere
    for (const std::string changed :
         {"scenarios/founding.toml", "policies/nats/linux-2.6.31.toml", "policies/endpoints/freebsd-7.toml",
          "policies/endpoints/rfc793.toml", "policies/fixes/be-liberal.toml"}) {
        if (!fs::exists(spec + "/" + changed)) continue;
        const std::string before = text_of(spec + "/" + changed);
        append(spec + "/" + changed, "\n# a remark\n");
        const Ran ran = run({"verify", file}, environment);
        if (changed != "policies/endpoints/rfc793.toml" || ran.status != 0)
            one_line_with_status_2(ran, changed + "\" is not what it was");
        std::ofstream(spec + "/" + changed, std::ios::binary) << before;
        CHECK(run({"verify", file}, environment).status == 0);
    }
}

TEST_CASE("A scenario in a file of its own is found where it was, or where the user says") {
    const TemporaryFolder folder;
    const std::string scenario =
        folder.write("mine.toml", text_of(HALFOPEN_SOURCE_DIR "/docs/examples/my-scenario.toml"));
    const std::string file = folder.file("f.cert");
    REQUIRE(run({"check", scenario, "--certificate", file}).status == 0);
    CHECK(run({"verify", file}).status == 0);
    fs::create_directories(folder.file("elsewhere"));
    fs::rename(scenario, folder.file("elsewhere") + "/mine.toml");
    one_line_with_status_2(run({"verify", file}), "mine.toml");
    CHECK(run({"verify", file, "--scenario", folder.file("elsewhere") + "/mine.toml"}).status == 0);
    one_line_with_status_2(run({"verify", file, "--scenario", "founding"}), "mine.toml");
}

TEST_CASE("What is no certificate, or only a part of one, is refused in one line") {
    const TemporaryFolder folder;
    const std::string file = folder.file("f.cert");
    REQUIRE(run({"check", "time-wait-mismatch", "--certificate", file}).status == 0);
    const std::string bytes = text_of(file);
    one_line_with_status_2(run({"verify", folder.write("cut", bytes.substr(0, bytes.size() / 2))}), "cut:");
    one_line_with_status_2(run({"verify", folder.write("long", bytes + "x")}), "long:");
    one_line_with_status_2(run({"verify", folder.write("empty", "")}), "is no certificate");
    one_line_with_status_2(run({"verify", folder.write("text", "hello\n")}), "is no certificate");
    one_line_with_status_2(run({"verify", folder.file("none")}), "no such file");
    one_line_with_status_2(run({"verify", "/"}), "is a directory");
    std::string flipped = bytes;
    flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 4);
    one_line_with_status_2(run({"verify", folder.write("flipped", flipped)}), "damaged");
}

TEST_CASE("Where there is no verdict there is no certificate") {
    const TemporaryFolder folder;
    const Ran ran = run({"check", "founding", "--max-depth", "3", "--certificate", folder.file("f.cert")});
    CHECK(ran.status == 3);
    CHECK_THAT(ran.err, Contains("no certificate"));
    CHECK(folder.content().empty());
}

TEST_CASE("A place where no certificate can be written is reported before the search") {
    one_line_with_status_2(run({"check", "founding", "--certificate", "/nowhere/f.cert"}), "/nowhere/f.cert");
    one_line_with_status_2(run({"check", "founding", "--certificate", "-"}), "--certificate");
}
