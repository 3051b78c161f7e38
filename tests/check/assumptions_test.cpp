/// docs/theory.md says which verdicts change where an assumption is dropped: each cell of its table is asked
/// here.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "check/report_words.hpp"
#include "spec/policy/fix.hpp"
#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

std::string trimmed(const std::string& text, const std::string& what) {
    const auto first = text.find_first_not_of(what);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(what) - first + 1);
}

/// "| a | b |" -> a, b.
std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream in(line.substr(1));
    for (std::string cell; std::getline(in, cell, '|');) cells.push_back(trimmed(cell, " "));
    return cells;
}

/// "`a.b=1` `c.d=2`", as --set takes them.
Settings settings_of(const std::string& cell) {
    Settings settings;
    std::istringstream in(cell);
    for (std::string word; in >> word;) {
        const std::string setting = trimmed(word, "`");
        const auto equals = setting.find('=');
        REQUIRE(equals != std::string::npos);
        settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
    return settings;
}

std::vector<std::vector<std::string>> table_of_assumptions() {
    std::ifstream page(HALFOPEN_SOURCE_DIR "/docs/theory.md");
    std::vector<std::vector<std::string>> rows;
    bool inside = false;
    for (std::string line; std::getline(page, line);) {
        inside = line.rfind("| assumption, and what is the case instead", 0) == 0 ||
                 (inside && line.rfind("|", 0) == 0);
        if (inside && line.rfind("|---", 0) != 0) rows.push_back(cells_of(line));
    }
    return rows;
}

std::string verdict_with(const std::string& fix, const Settings& dropped) {
    Scenario scenario = founding({{"scenario.clients", "1"}});
    const FixLibrary fixes(spec_folder + "/policies");
    apply_fix(scenario, fixes.load(fix));
    return verdict_and_worst(checked(changed(scenario, dropped), verdict_only()));
}

}  // namespace

TEST_CASE("Which verdicts change where an assumption is dropped is what the page says") {
    const auto rows = table_of_assumptions();
    REQUIRE(rows.size() > 10);
    const std::vector<std::string>& head = rows.front();
    REQUIRE(head.size() > 4);
    std::size_t changes = 0;
    for (std::size_t row = 1; row < rows.size(); ++row) {
        REQUIRE(rows[row].size() == head.size());
        const Settings dropped = settings_of(rows[row][1]);
        CHECK(dropped.empty() == (row == 1));  // the first row drops nothing
        for (std::size_t column = 2; column < head.size(); ++column) {
            const std::string fix = trimmed(head[column], "`");
            const std::string& cell = rows[row][column];
            INFO(rows[row][0] << ", " << fix);
            const std::string verdict = verdict_with(fix, dropped);
            CHECK(verdict == trimmed(cell, "*"));
            const bool same =
                verdict.substr(0, verdict.find(',')) == rows[1][column].substr(0, rows[1][column].find(','));
            CHECK(same == (cell.front() != '*'));
            changes += same ? 0 : 1;
        }
    }
    CHECK(changes >= 3);
}
