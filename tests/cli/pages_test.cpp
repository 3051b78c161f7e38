// The pages lead to each other.
#include <catch2/catch.hpp>
#include <regex>

#include "tests/cli/program.hpp"

using namespace halfopen::test;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

const fs::path project = HALFOPEN_SOURCE_DIR;

std::vector<fs::path> pages() {
    std::vector<fs::path> all{project / "README.md", project / "CHANGELOG.md",
                              project / "tests/conformance/README.md"};
    for (const auto& entry : fs::directory_iterator(project / "docs"))
        if (entry.path().extension() == ".md") all.push_back(entry.path());
    return all;
}

/// As GitHub makes it: lower case, blanks as '-', punctuation left out.
std::string anchor(const std::string& heading) {
    std::string result;
    for (const char c : heading) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_')
            result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        else if (c == ' ')
            result += '-';
    }
    return result;
}

bool has_heading(const std::string& text, const std::string& wanted) {
    const std::regex heading("(?:^|\n)#+ ([^\n]*)");
    for (std::sregex_iterator at(text.begin(), text.end(), heading), end; at != end; ++at)
        if (anchor((*at)[1]) == wanted) return true;
    return false;
}

}  // namespace

TEST_CASE("Every page of docs/ is in its index") {
    const std::string index = text_of(project / "docs/README.md");
    for (const auto& entry : fs::directory_iterator(project / "docs")) {
        const std::string name = entry.path().filename().string();
        if (entry.is_regular_file() && name != "README.md") CHECK_THAT(index, Contains("](" + name + ")"));
    }
    CHECK_THAT(text_of(project / "README.md"), Contains("](docs/README.md)"));
}

TEST_CASE("Every link between the pages leads somewhere") {
    const std::regex link(R"(\]\(([^)\s]+)\))");
    for (const fs::path& page : pages()) {
        const std::string text = text_of(page);
        for (std::sregex_iterator at(text.begin(), text.end(), link), end; at != end; ++at) {
            const std::string target = (*at)[1];
            if (target.find("://") != std::string::npos) continue;
            CAPTURE(page, target);
            const auto hash = target.find('#');
            const fs::path file = hash == 0 ? page : page.parent_path() / target.substr(0, hash);
            CHECK(fs::exists(file));
            if (hash != std::string::npos) CHECK(has_heading(text_of(file), target.substr(hash + 1)));
        }
    }
}
