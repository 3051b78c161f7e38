// Any number of threads gives the same answer.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "check/exploration_with_cells.hpp"
#include "check/report.hpp"
#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

std::vector<std::string> shipped_scenarios() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(spec_folder + "/scenarios"))
        files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

/// All that `check --format json` says, trace included; how long it took is not in there.
nlohmann::json said(const Model& model, unsigned threads) {
    CheckOptions options;
    options.threads = threads;
    options.prove_coverage = false;
    return check_json(model, check(model, options), std::nullopt);
}

}  // namespace

TEST_CASE("One, two, three and eight threads say the same of every shipped scenario", "[.sweep]") {
    const auto files = shipped_scenarios();
    CHECK(files.size() >= 19);
    for (const std::string& file : files) {
        INFO(file);
        const Model model(read_scenario(file), library());
        const nlohmann::json alone = said(model, 1);
        for (const unsigned threads : {2U, 3U, 8U}) {
            INFO(threads << " threads");
            CHECK(said(model, threads) == alone);
        }
    }
}

TEST_CASE("Threads number the worlds alike") {
    const Model model(founding({{"client.syn_never_gives_up", "true"}}), library());
    CheckOptions options;
    const WorldExploration alone = explore_with_cells(model, {}, {Corners::One, true}, options);
    CHECK(alone.found.graph.node_count() > 1000);
    for (const unsigned threads : {2U, 3U, 8U}) {
        options.threads = threads;
        const WorldExploration together = explore_with_cells(model, {}, {Corners::One, true}, options);
        REQUIRE(together.found.graph.node_count() == alone.found.graph.node_count());
        CHECK(together.found.graph.rows == alone.found.graph.rows);
        CHECK(together.comparisons == alone.comparisons);
        CHECK(together.system->draw_contexts().size() == alone.system->draw_contexts().size());
        bool same = true;
        for (std::uint32_t node = 0; node < alone.found.graph.node_count(); ++node)
            same = same && state_at(*together.system, together.found, node) ==
                               state_at(*alone.system, alone.found, node);
        CHECK(same);
    }
}
