/// What the shipped scenarios promise, and what a verdict consists of.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/check/scenario_bench.hpp"

namespace halfopen::test {

inline std::vector<Scenario> shipped_scenarios() {
    std::vector<Scenario> all;
    for (const auto& entry : std::filesystem::directory_iterator(spec_folder + "/scenarios")) {
        if (entry.path().extension() == ".toml") all.push_back(read_scenario(entry.path().string()));
    }
    return all;
}

/// A scenario as it is, a variant of it or a fix on it, with the verdict that the file promises.
struct Promise {
    std::string what;
    std::string expected;
    Scenario scenario;
};

inline std::vector<Promise> promises(const std::vector<Scenario>& scenarios) {
    const FixLibrary fixes(spec_folder + "/policies");
    std::vector<Promise> all;
    for (const Scenario& scenario : scenarios) {
        if (scenario.expect) all.push_back({scenario.name, *scenario.expect, scenario});
        for (const VariantSpec& variant : scenario.variants) {
            if (!variant.expect) continue;
            all.push_back({scenario.name + " --variant " + variant.name, *variant.expect, scenario});
            apply_variant(all.back().scenario, variant);
        }
        for (const ExpectedFix& fix : scenario.fixes) {
            if (!fix.expect) continue;
            all.push_back({scenario.name + " --fix " + fix.name, *fix.expect, scenario});
            apply_fix(all.back().scenario, fixes.load(fix.name));
        }
    }
    return all;
}

/// All that a verdict consists of, counts of states left out.
struct Findings {
    explorer::Verdict verdict;
    std::optional<std::uint64_t> best_ms, worst_ms;
    bool leak, cross, collateral, storm;
    std::vector<std::vector<Interval>> losing;

    bool operator==(const Findings&) const = default;
};

inline Findings findings(const CheckResult& result) {
    const Properties& p = result.properties;
    Findings found{result.verdict, result.best_ms, result.worst_ms, p.leak,
                   p.cross,        p.collateral,   p.storm,         {}};
    for (const LosingNumbers& numbers : result.losing) found.losing.push_back(numbers.intervals);
    return found;
}

}  // namespace halfopen::test
