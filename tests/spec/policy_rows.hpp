/// Tables whose rows are policies: the first line names the columns; every other one begins with one or more
/// policies that do alike, joined by commas.
#pragma once

#include <catch2/catch.hpp>
#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

namespace halfopen {

/// meet(policy) once for each policy of each row; then run(policy, column) has to give each of its cells.
template <class Meet, class Run>
void check_policy_rows(const std::string& table, Meet&& meet, Run&& run) {
    std::istringstream lines(table);
    std::vector<std::string> columns;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::vector<std::string> cells;
        for (std::string word; words >> word;) cells.push_back(word);
        if (cells.empty()) continue;
        if (columns.empty()) {
            columns = cells;
            continue;
        }
        INFO(line);
        REQUIRE(cells.size() == columns.size() + 1);
        std::istringstream policies(cells.front());
        for (std::string policy; std::getline(policies, policy, ',');) {
            INFO(policy);
            meet(policy);
            for (std::size_t i = 0; i < columns.size(); ++i) {
                INFO("column " << columns[i]);
                CHECK(run(policy, columns[i]) == cells[i + 1]);
            }
        }
    }
}

}  // namespace halfopen
