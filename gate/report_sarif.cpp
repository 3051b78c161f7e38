/// GitHub takes 25 000 results a run and shows the first 5000, takes 10 000 locations of the code flows of a
/// result and shows 1000, takes 20 tags a rule (there are none here), and 10 MB of gzip (docs.github.com,
/// "SARIF results exceed one or more limits" and "SARIF results file is too large").  What is written stays
/// within what it shows.
#include <fmt/format.h>

#include <algorithm>

#include "counterexamples/narration.hpp"
#include "gate/fingerprint.hpp"
#include "gate/reports.hpp"

namespace halfopen::gate {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_flow = 500;
/// At some 300 bytes each, which gzip takes to a tenth, a quarter of what GitHub accepts.
constexpr std::size_t most_locations = 80'000;
constexpr std::size_t most_results = 5000;

/// A path as a URI: everything but what RFC 3986 leaves alone is written in percent.
std::string uri(const std::string& file) {
    std::string text;
    for (const char c : file) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("-._~/").find(c) != std::string_view::npos;
        text += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return file.starts_with('/') ? "file://" + text : text;
}

Json location(const Place& place, const ReportContext& context) {
    return {{"artifactLocation", {{"uri", uri(shown_file(place, context))}}},
            {"region", {{"startLine", std::max(place.line, 1U)}}}};
}

Json code_flow(const PairingReport& pairing, const ReportContext& context, std::size_t at_most) {
    Json locations = Json::array();
    for (const OutcomeStep& step : pairing.after->steps) {
        if (locations.size() >= at_most) break;
        const Rule* rule = rule_of(pairing, step);
        if (rule == nullptr) continue;
        Json one{{"physicalLocation", location(rule->place, context)}};
        one["message"]["text"] = fmt::format("{} {}: {}{}{}{}", describe_duration(step.at),
                                             actor_of(pairing, step), step.packet, step.lost ? " (lost)" : "",
                                             step.packet.empty() || step.text.empty() ? "" : "; ", step.text);
        locations.push_back({{"location", std::move(one)}, {"executionOrder", locations.size() + 1}});
    }
    if (locations.empty()) return nullptr;
    return {{"threadFlows", Json::array({{{"locations", std::move(locations)}}})}};
}

}  // namespace

Json sarif_report(const GateReport& report, const ReportContext& context) {
    Json rules = Json::array();
    for (std::size_t i = 0; i < kind_count; ++i) {
        const auto kind = static_cast<Kind>(i);
        Json rule{{"id", fmt::format("halfopen/{}", to_string(kind))}};
        rule["shortDescription"]["text"] = meaning(kind);
        rule["defaultConfiguration"]["level"] = "error";
        rules.push_back(std::move(rule));
    }
    Json results = Json::array();
    std::size_t locations_left = most_locations;
    for (const PairingReport& pairing : report.pairings)
        for (const Finding& finding : pairing.findings) {
            if (!finding.worse || results.size() >= most_results) continue;
            const std::string id = fmt::format("halfopen/{}", to_string(finding.kind));
            Json result{{"ruleId", id},
                        {"ruleIndex", static_cast<int>(finding.kind)},
                        {"level", finding.allowed ? "note" : "error"}};
            result["message"]["text"] =
                fmt::format("{} ({}): {}", pairing.id, pairing.title, finding_text(finding));
            result["locations"] = Json::array();
            if (!finding.place.file.empty())
                result["locations"].push_back({{"physicalLocation", location(finding.place, context)}});
            // No line and no time: a finding stays itself when the file around it moves.
            result["partialFingerprints"] = {
                {"halfopenFinding/v1", fingerprint(id + "\n" + pairing.id + "\n" + finding.rule)}};
            if (finding.allowed)
                result["suppressions"] = Json::array({{{"kind", "external"}, {"justification", "--allow"}}});
            if (pairing.after && !pairing.after->steps.empty())
                if (Json flow = code_flow(pairing, context, std::min(longest_flow, locations_left));
                    !flow.is_null()) {
                    locations_left -= flow["threadFlows"][0]["locations"].size();
                    result["codeFlows"] = Json::array({std::move(flow)});
                }
            results.push_back(std::move(result));
        }
    Json driver{{"name", "halfopen"}, {"semanticVersion", context.version}, {"rules", std::move(rules)}};
    Json run;
    run["tool"]["driver"] = std::move(driver);
    run["automationDetails"]["id"] = "halfopen-gate/";
    run["columnKind"] = "utf16CodeUnits";
    run["results"] = std::move(results);
    return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", Json::array({std::move(run)})}};
}

}  // namespace halfopen::gate
