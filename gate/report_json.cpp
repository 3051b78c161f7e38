#include "gate/reports.hpp"
#include "policy_report/diff_report.hpp"

namespace halfopen::gate {
namespace {

using Json = nlohmann::ordered_json;

Json outcome_json(const std::optional<Outcome>& outcome) {
    if (!outcome) return nullptr;
    const Properties& p = outcome->properties;
    return {{"verdict", to_string(outcome->verdict)},
            {"worst_ms", outcome->worst_ms ? Json(*outcome->worst_ms) : Json(nullptr)},
            {"properties",
             {{"leak", p.leak}, {"cross", p.cross}, {"collateral", p.collateral}, {"storm", p.storm}}}};
}

Json place_json(const Place& place, const ReportContext& context) {
    if (place.file.empty()) return nullptr;
    return {{"file", shown_file(place, context)}, {"line", place.line}};
}

Json trace_json(const PairingReport& pairing, const ReportContext& context) {
    Json trace = Json::array();
    if (!pairing.after) return trace;
    for (const OutcomeStep& step : pairing.after->steps) {
        const Rule* rule = rule_of(pairing, step);
        trace.push_back({{"at_ms", step.at},
                         {"actor", actor_of(pairing, step)},
                         {"packet", step.packet},
                         {"lost", step.lost},
                         {"text", step.text},
                         {"rule", step.rule},
                         {"place", rule != nullptr ? place_json(rule->place, context) : Json(nullptr)}});
    }
    return trace;
}

}  // namespace

Json json_report(const GateReport& report, const ReportContext& context) {
    Json policies = Json::array();
    for (const PolicyChange& change : report.policies) {
        Json one{{"kind", change.kind == PolicyKind::Nat ? "nat" : "endpoint"},
                 {"name", change.name},
                 {"in_baseline", change.before.has_value()},
                 {"in_candidate", change.after.has_value()}};
        if (change.before && change.after)
            one["diff"] = diff_json(*change.before, *change.after, change.diff);
        policies.push_back(std::move(one));
    }
    Json pairings = Json::array();
    for (const PairingReport& pairing : report.pairings) {
        Json findings = Json::array();
        for (const Finding& finding : pairing.findings)
            findings.push_back({{"kind", to_string(finding.kind)},
                                {"change", finding.worse ? "worse" : "better"},
                                {"allowed", finding.allowed},
                                {"before", finding.before},
                                {"after", finding.after},
                                {"rule", finding.rule},
                                {"place", place_json(finding.place, context)}});
        Json one{{"id", pairing.id},
                 {"title", pairing.title},
                 {"policies", pairing.policies},
                 {"result", pairing.worse()    ? "worse"
                            : pairing.better() ? "better"
                                               : "unchanged"},
                 {"before", outcome_json(pairing.before)},
                 {"after", outcome_json(pairing.after)},
                 {"findings", std::move(findings)}};
        if (pairing.worse()) one["trace"] = trace_json(pairing, context);
        pairings.push_back(std::move(one));
    }
    return {{"passed", !report.worse()},       {"summary", summary_line(report)},
            {"policies", std::move(policies)}, {"pairings", std::move(pairings)},
            {"untouched", report.untouched},   {"unused_allowances", report.unused_allowances}};
}

}  // namespace halfopen::gate
