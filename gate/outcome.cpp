#include "gate/outcome.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "counterexamples/chart.hpp"
#include "counterexamples/mermaid.hpp"
#include "counterexamples/narration.hpp"
#include "counterexamples/story.hpp"

namespace halfopen::gate {
namespace {

using explorer::Verdict;

std::vector<OutcomeStep> steps_of(const Model& model, const Trace& trace) {
    std::vector<OutcomeStep> steps;
    const World* before = &trace.initial;
    for (const TraceStep& step : trace.steps) {
        for (const Remark& remark : narrate(model, step.step, *before, step.after))
            steps.push_back({step.at, remark.actor, remark.packet, remark.text,
                             remark.rule == nullptr ? "" : remark.rule->id, remark.lost});
        before = &step.after;
    }
    return steps;
}

}  // namespace

Outcome measure(const Model& model, const CheckOptions& options) {
    const CheckResult result = check(model, options);
    Outcome outcome{
        result.verdict, result.worst_ms, result.properties, steps_of(model, result.trace), {}, {}};
    // A check that a limit cut short has no run to show.
    if (result.trace.steps.empty()) return outcome;
    outcome.chart = chart(model, result.trace);
    outcome.mermaid = mermaid(tell(model, result.trace, std::string(to_string(result.verdict))));
    return outcome;
}

nlohmann::json to_json(const Outcome& outcome) {
    nlohmann::json steps = nlohmann::json::array();
    for (const OutcomeStep& step : outcome.steps)
        steps.push_back({step.at, static_cast<int>(step.node.kind), step.node.index, step.packet, step.text,
                         step.rule, step.lost});
    const Properties& p = outcome.properties;
    return {{"verdict", to_string(outcome.verdict)},
            {"worst_ms", outcome.worst_ms ? nlohmann::json(*outcome.worst_ms) : nlohmann::json()},
            {"properties", {p.leak, p.cross, p.collateral, p.storm}},
            {"steps", std::move(steps)},
            {"chart", outcome.chart},
            {"mermaid", outcome.mermaid}};
}

Outcome outcome_from_json(const nlohmann::json& json) {
    Outcome outcome;
    const auto name = json.at("verdict").get<std::string>();
    const auto verdict = explorer::verdict_named(name);
    if (!verdict) throw std::invalid_argument("no verdict: " + name);
    outcome.verdict = *verdict;
    if (!json.at("worst_ms").is_null()) outcome.worst_ms = json.at("worst_ms").get<std::uint64_t>();
    const auto& p = json.at("properties");
    outcome.properties = {p.at(0).get<bool>(), p.at(1).get<bool>(), p.at(2).get<bool>(), p.at(3).get<bool>()};
    for (const auto& step : json.at("steps")) {
        const int kind = step.at(1).get<int>();
        if (kind < 0 || kind > 2) throw std::invalid_argument("no kind of node");
        outcome.steps.push_back({step.at(0).get<std::uint64_t>(),
                                 {static_cast<NodeRef::Kind>(kind), step.at(2).get<std::uint8_t>()},
                                 step.at(3).get<std::string>(),
                                 step.at(4).get<std::string>(),
                                 step.at(5).get<std::string>(),
                                 step.at(6).get<bool>()});
    }
    outcome.chart = json.at("chart").get<std::string>();
    outcome.mermaid = json.at("mermaid").get<std::string>();
    return outcome;
}

}  // namespace halfopen::gate
