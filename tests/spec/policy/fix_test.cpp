#include "spec/policy/fix.hpp"

#include <catch2/catch.hpp>

#include "tests/spec/policy/sample_vocabulary.hpp"
#include "tests/temporary_folder.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

const std::string fix_header =
    "name = \"drop-invalid\"\nparty = \"nat\"\ntitle = \"Drop INVALID\"\nsource = \"s\"\n";  // lines 1 to 4

std::string fix_error(const std::string& text) {
    return error_of([&] { parse_fix(text, "f.toml"); });
}

}  // namespace

TEST_CASE("A fix is read with its settings as text, in file order") {
    const Fix fix = parse_fix(fix_header + R"(description = "long"
[set]
"server.policy" = "freebsd-9"
"nat.drop_invalid" = true
nat.liberal = false
"client.reconnect" = ["3s", 6000]
"a.first" = -1
[set.server]
keepalive_idle = "75s"
)",
                              "f.toml");
    CHECK(fix.name == "drop-invalid");
    CHECK(fix.party == "nat");
    CHECK(fix.title == "Drop INVALID");
    CHECK(fix.source == "s");
    CHECK(fix.description == "long");
    CHECK(fix.file == "f.toml");
    using Settings = std::vector<std::pair<std::string, std::string>>;
    CHECK(fix.set == Settings{{"server.policy", "freebsd-9"},
                              {"nat.drop_invalid", "true"},
                              {"nat.liberal", "false"},
                              {"client.reconnect", "3s,6000"},
                              {"a.first", "-1"},
                              {"server.keepalive_idle", "75s"}});
    REQUIRE(fix.sources.size() == fix.set.size());
    CHECK(to_string(fix.sources[0].key) == "f.toml:7:1");
    CHECK(to_string(fix.sources[5].key) == "f.toml:13:1");
}

TEST_CASE("A wrong fix is an error at its place") {
    CHECK(fix_error("party = \"nat\"\n") == "f.toml:1:1: fix has no \"name\"");
    CHECK(fix_error("name = \"x\"\ntitle = \"t\"\nparty = \"sever\"\n") ==
          "f.toml:3:9: unknown party \"sever\"; did you mean \"server\"? (allowed: server, nat, client)");
    CHECK(fix_error("name = \"x\"\ntitle = \"t\"\nparty = \"nat\"\n") == "f.toml:1:1: fix has no \"source\"");
    CHECK(fix_error(fix_header) == "f.toml:1:1: fix has no [set]; it must change something");
    CHECK(fix_error(fix_header + "[set]\n") == "f.toml:5:1: [set] is empty; a fix must change something");
    CHECK(fix_error(fix_header + "sett = 1\n") ==
          "f.toml:5:1: unknown key in fix: \"sett\"; did you mean \"set\"? (allowed: name, party, title, "
          "description, "
          "source, set)");
    CHECK(fix_error(fix_header + "[set]\n\"a\" = 1.5\n") ==
          "f.toml:6:7: \"a\" must be a string, an integer, a boolean or an array of these, not a float");
    CHECK(fix_error(fix_header + "[set]\n\"a\" = [\"b,c\"]\n") ==
          "f.toml:6:7: \"a\" holds \"b,c\", but a comma separates the values of a list");
    CHECK(fix_error(fix_header + "[set]\n\"a=b\" = 1\n") ==
          "f.toml:6:1: \"a=b\" cannot be the key of a setting");
    CHECK(fix_error(fix_header + "[set]\n\"a.b\" = 1\na.b = 2\n") ==
          "f.toml:7:3: \"a.b\" is set a second time");
}

TEST_CASE("Fixes are found by name in the folder of the policies") {
    const TemporaryFolder folder;
    const std::string file = folder.write("fixes/drop-invalid.toml", fix_header + "[set]\n\"a\" = 1\n");
    const std::string renamed = folder.write("fixes/other.toml", fix_header + "[set]\n\"a\" = 1\n");
    const FixLibrary library(folder.path());
    CHECK(library.names() == std::vector<std::string>{"drop-invalid", "other"});
    CHECK(library.load("drop-invalid").file == file);
    CHECK(library.load(renamed).name == "drop-invalid");
    CHECK(error_of([&] { library.load("other"); }) ==
          renamed + ": the name is \"drop-invalid\", but the file's is \"other\"; they must be the same");
    CHECK(error_of([&] { library.load("drop-invald"); }) ==
          "unknown fix \"drop-invald\"; did you mean \"drop-invalid\"? (allowed: drop-invalid, other)");
}
