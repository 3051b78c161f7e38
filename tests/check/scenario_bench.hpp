/// Scenarios for tests: the founding one, with settings changed as --set would.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "check/check.hpp"
#include "spec/policy/policy_library.hpp"
#include "spec/world/scenario.hpp"

namespace halfopen::test {

using Settings = std::vector<std::pair<std::string, std::string>>;

inline const std::string spec_folder = HALFOPEN_SOURCE_DIR "/spec";

inline const PolicyLibrary& library() {
    static const PolicyLibrary shipped(spec_folder + "/policies");
    return shipped;
}

inline Scenario changed(Scenario scenario, const Settings& settings) {
    for (const auto& [key, value] : settings) apply_setting(scenario, key, value);
    return scenario;
}

inline Scenario founding(const Settings& settings = {}) {
    static const Scenario shipped = read_scenario(spec_folder + "/scenarios/founding.toml");
    return changed(shipped, settings);
}

/// One client that never gives up its one connect(): one draw of an ISS decides everything.
inline Scenario one_connect(const Settings& settings = {}) {
    return changed(founding({{"scenario.clients", "1"}, {"client.syn_never_gives_up", "true"}}), settings);
}

/// Verdict, times and properties; nothing that takes long beside them.
inline CheckOptions verdict_only() {
    CheckOptions options;
    options.corners = options.trace = options.prove_coverage = false;
    return options;
}

/// With the corners, so that the numbers that lose are counted exactly.
inline CheckOptions exact_counts() {
    CheckOptions options;
    options.trace = options.prove_coverage = false;
    return options;
}

inline CheckResult checked(const Scenario& scenario, const CheckOptions& options) {
    const Model model(scenario, library());
    return check(model, options);
}

/// Whether ISS = RCV.NXT + distance can lose.
inline bool loses(const LosingNumbers& losing, std::uint32_t distance) {
    for (const Interval& interval : losing.intervals) {
        if (distance - interval.first < interval.size) return true;
    }
    return false;
}

}  // namespace halfopen::test
