// --help of everything ends in an example, and each example does what it says.
#include <catch2/catch.hpp>
#include <map>

#include "tests/cli/shell.hpp"

using namespace halfopen::test;

namespace {

struct Expected {
    int status;
    std::string word;  ///< somewhere on standard output
};

/// In the order in which the help has them.
const std::map<std::string, std::vector<Expected>> expected{
    {"check", {{0, "bounded  every run recovers"}, {1, "leak"}, {0, "unbounded"}}},
    {"export", {{0, ""}}},
    {"explain", {{0, "proved"}}},
    {"fixes", {{0, "be-liberal"}}},
    {"variants", {{0, "one-client"}}},
    {"verify", {{0, "verified"}}},
    {"prove", {{0, "proved"}}},
    {"conform", {{0, "506 of 506 cases agree"}}},
    {"list", {{0, "be-liberal"}}},
    {"show", {{0, "ESTABLISHED"}, {0, "S 1000"}, {0, "TS val 5"}}},
    {"lint", {{0, "none dead"}}},
    {"diff", {{1, "freebsd-9"}}},
    {"gate", {{0, "untouched"}}},
    {"new", {{0, "office"}}},
    {"completion", {{0, ""}}},
    {"man", {{0, ""}}},
};

std::vector<std::string> examples_in(const std::string& help) {
    std::vector<std::string> examples;
    for (const std::string& line : lines_of(help))
        if (line.rfind("Example: ", 0) == 0) examples.push_back(line.substr(9));
    return examples;
}

/// As in a fresh clone.
void make_clone(const TemporaryFolder& folder) {
    std::filesystem::create_directory_symlink(HALFOPEN_SOURCE_DIR "/tests", folder.file("tests"));
    std::filesystem::copy(HALFOPEN_SOURCE_DIR "/spec/policies", folder.file("spec/policies"),
                          std::filesystem::copy_options::recursive);
    std::filesystem::copy(HALFOPEN_SOURCE_DIR "/spec/scenarios", folder.file("spec/scenarios"),
                          std::filesystem::copy_options::recursive);
    const Ran git = run_shell(
        "git init -q . && git add spec && git -c user.name=t -c user.email=t@example.org commit -qm policies",
        folder.file(""));
    REQUIRE(git.status == 0);
}

}  // namespace

TEST_CASE("Help ends in an example that can be copied, for each subcommand and as a whole") {
    CHECK(lines_of(run({"--help"}).out).back().rfind("Example: halfopen ", 0) == 0);
    const std::vector<std::string> names = subcommands();
    CHECK(names.size() == expected.size());
    for (const std::string& name : names) {
        CAPTURE(name);
        const Ran help = run({name, "--help"});
        CHECK(help.status == 0);
        REQUIRE(!help.out.empty());
        CHECK(lines_of(help.out).back().rfind("Example: halfopen ", 0) == 0);
        CHECK(help.out.find("Exit status: 0") != std::string::npos);
        for (const std::string& line : lines_of(help.out))
            if (line.rfind("     ", 0) == 0) CHECK(line.size() <= 100);
    }
}

TEST_CASE("The examples in the help do what they say") {
    TemporaryFolder folder;
    std::filesystem::create_directory(folder.file("spec"));
    make_clone(folder);
    for (const std::string& name : subcommands()) {
        CAPTURE(name);
        REQUIRE(expected.count(name) == 1);
        const std::vector<std::string> examples = examples_in(run({name, "--help"}).out);
        REQUIRE(examples.size() == expected.at(name).size());
        for (std::size_t i = 0; i < examples.size(); ++i) {
            CAPTURE(examples[i]);
            const Ran ran = run_shell(examples[i], folder.file(""));
            CAPTURE(ran.err);
            CHECK(ran.status == expected.at(name)[i].status);
            CHECK(ran.out.find(expected.at(name)[i].word) != std::string::npos);
        }
    }
    CHECK(text_of(folder.file("trace.html")).find("<html") != std::string::npos);
    CHECK(text_of(folder.file("halfopen.1")).rfind(".TH HALFOPEN 1", 0) == 0);
    CHECK(text_of(folder.file("halfopen.sarif")).find("2.1.0") != std::string::npos);
    CHECK(text_of(folder.file("office.toml")).find("name = \"office\"") != std::string::npos);
}
