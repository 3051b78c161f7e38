// Arrows run one way: which folder may include which (design §1).
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <regex>
#include <set>

#include "tests/cli/program.hpp"

using halfopen::test::text_of;
namespace fs = std::filesystem;

namespace {

const fs::path root = HALFOPEN_SOURCE_DIR;

const std::map<std::string, std::set<std::string>> may_include{
    {"explorer", {"explorer"}},
    {"spec", {"spec"}},
    {"bench", {"bench", "check", "explorer", "solver", "spec"}},
    {"solver", {"solver", "spec"}},
    {"policy_report", {"policy_report", "spec", "solver"}},
    {"counterexamples", {"counterexamples", "spec", "explorer"}},
    {"verifier", {"verifier", "spec"}},
    {"check", {"check", "spec", "explorer", "solver", "policy_report", "counterexamples", "verifier"}},
    {"gate",
     {"gate", "check", "policy_report", "spec", "explorer", "solver", "counterexamples", "verifier"}},
    {"conformance", {"conformance", "spec"}},
    {"cli",
     {"cli", "policy_report", "check", "conformance", "spec", "explorer", "solver", "counterexamples",
      "verifier", "gate"}},
};

std::vector<fs::path> sources_in(const std::string& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
        const auto extension = entry.path().extension();
        if (extension == ".cpp" || extension == ".hpp") files.push_back(entry.path());
    }
    return files;
}

/// What stands between quotes or angle brackets in #include lines.
std::vector<std::string> includes_of(const fs::path& file) {
    static const std::regex pattern("^[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"]+)[>\"]");
    std::vector<std::string> found;
    std::istringstream lines(text_of(file.string()));
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (std::regex_search(line, match, pattern)) found.push_back(match[1]);
    }
    return found;
}

}  // namespace

TEST_CASE("Each folder includes only what the design lets it") {
    for (const auto& [folder, allowed] : may_include) {
        const auto files = sources_in(folder);
        CHECK(files.size() > (folder == "bench" ? 1U : 3U));
        for (const fs::path& file : files) {
            for (const std::string& include : includes_of(file)) {
                const std::string first = include.substr(0, include.find('/'));
                if (may_include.count(first) == 0) continue;
                INFO(file.string() << " includes " << include);
                CHECK(allowed.count(first) == 1);
            }
        }
    }
}

TEST_CASE("Our own headers are included by their path from the root, and exist") {
    for (const auto& [folder, allowed] : may_include) {
        for (const fs::path& file : sources_in(folder)) {
            for (const std::string& include : includes_of(file)) {
                INFO(file.string() << " includes " << include);
                CHECK(include.rfind("..", 0) != 0);
                if (may_include.count(include.substr(0, include.find('/'))) == 1 && include != "explorer")
                    CHECK(fs::exists(root / include));
            }
        }
    }
}

TEST_CASE("Z3 is the solver's alone, Boost.Graph its and the explorer's, CLI11 the command line's") {
    const std::map<std::string, std::set<std::string>> owners{{"z3", {"solver"}},
                                                              {"boost/graph", {"explorer", "solver"}},
                                                              {"CLI/", {"cli"}},
                                                              {"toml++", {"spec"}},
                                                              {"nettle", {"verifier"}},
                                                              {"zstd", {"check"}}};
    for (const auto& [folder, allowed] : may_include) {
        for (const fs::path& file : sources_in(folder)) {
            for (const std::string& include : includes_of(file)) {
                for (const auto& [library, of] : owners) {
                    if (include.rfind(library, 0) != 0) continue;
                    INFO(file.string() << " includes " << include);
                    CHECK(of.count(folder) == 1);
                }
            }
        }
    }
}

TEST_CASE("The explorer knows nothing of TCP") {
    static const std::regex words("\\b(tcp|TCP|NAT|syn|SYN|conntrack|segment|Segment)\\b");
    for (const fs::path& file : sources_in("explorer")) {
        INFO(file.string());
        CHECK_FALSE(std::regex_search(text_of(file.string()), words));
    }
}
