#include "check/property_report.hpp"

#include <fmt/format.h>

#include "check/report_words.hpp"
#include "counterexamples/chart.hpp"
#include "counterexamples/json.hpp"

namespace halfopen {

std::string properties_report(const Model& model, const PropertyCheck& check, const ReportOptions& options) {
    const Scenario& scenario = model.scenario();
    std::string text = fmt::format("{}: {}\n\n", scenario.name, scenario.title);
    if (check.stopped != explorer::StopReason::Complete)
        return text +
               fmt::format("  {}  stopped by {} after {} states; nothing is claimed\n",
                           painted(options, "35;1", "inconclusive"), to_string(check.stopped), check.states) +
               how_to_go_on(check.checkpoint);
    for (const PropertyResult& one : check.results) {
        text += fmt::format(
            "  {:<12} {}  {}\n", one.name,
            one.holds ? painted(options, "32;1", "holds   ") : painted(options, "31;1", "violated"),
            one.what);
        if (one.holds) continue;
        text += fmt::format(
            "\n{}\n", chart(model, one.trace, {options.color, options.fold, options.brief, options.width}));
    }
    return text + fmt::format("  explored     {} states, {} transitions, every order of events\n",
                              check.states, check.transitions);
}

nlohmann::ordered_json properties_json(const Model& model, const PropertyCheck& check) {
    using Json = nlohmann::ordered_json;
    Json properties = Json::array();
    for (const PropertyResult& one : check.results)
        properties.push_back({{"property", one.name},
                              {"holds", one.holds},
                              {"what", one.what},
                              {"loop_start", one.trace.loop ? Json(*one.trace.loop) : Json(nullptr)},
                              {"trace", one.holds ? Json::array() : trace_to_json(model, one.trace)}});
    Json json{{"scenario", model.scenario().name},
              {"stopped", to_string(check.stopped)},
              {"states", check.states},
              {"transitions", check.transitions},
              {"properties", std::move(properties)}};
    if (check.checkpoint) json["checkpoint"] = *check.checkpoint;
    return json;
}

}  // namespace halfopen
