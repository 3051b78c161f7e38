/// Runs of the founding story to try formats on.
#pragma once

#include "counterexamples/json.hpp"
#include "counterexamples/story.hpp"
#include "tests/check/scenario_bench.hpp"

namespace halfopen::test {

struct Shown {
    Model model;
    Trace trace;

    explicit Shown(const Scenario& scenario) : model(scenario, library()) {
        CheckOptions options = verdict_only();
        options.trace = true;
        trace = check(model, options).trace;
    }
    Story story() const { return tell(model, trace, "permanent"); }
    /// As `check --format json` has it, as far as a trace goes.
    nlohmann::ordered_json result() const {
        auto json = story_to_json(model, trace);
        json["scenario"] = model.scenario().name;
        json["verdict"] = "permanent";
        return json;
    }
};

inline const Shown& hanging_client() {
    static const Shown shown(one_connect());
    return shown;
}
inline const Shown& recovering_client() {
    static const Shown shown(one_connect({{"nat.policy", "linux-6.18"}}));
    return shown;
}

}  // namespace halfopen::test
