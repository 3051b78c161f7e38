/// Results as JSON (docs/json-format.md).
#include <cmath>

#include "check/report.hpp"
#include "check/report_words.hpp"
#include "counterexamples/json.hpp"
#include "policy_report/exposure_report.hpp"

namespace halfopen {

namespace {

using Json = nlohmann::ordered_json;

Json number_or_null(const std::optional<std::uint64_t>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json losing_json(const CheckResult& result, const Model* model) {
    Json list = Json::array();
    for (const LosingNumbers& numbers : result.losing) {
        Json intervals = Json::array();
        for (const Interval& interval : numbers.intervals)
            intervals.push_back({{"first", interval.first}, {"count", interval.size}});
        Json one{{"count", numbers.count},
                 {"of", all_values},
                 {"rcv_nxt", numbers.rcv_nxt},
                 {"iss_minus_rcv_nxt", std::move(intervals)}};
        if (model != nullptr) {
            one["client"] = model->clients()[numbers.client].spec.name;
            one["meets"] = model->clients()[numbers.met_client].spec.name;
        }
        list.push_back(std::move(one));
    }
    return list;
}

Json corners_json(const CheckResult& result) {
    Json list = Json::array();
    for (const CornerReport& corner : result.corners) {
        Json one{
            {"condition", corner.condition}, {"count", corner.count}, {"verdict", to_string(corner.verdict)}};
        if (corner.verdict == explorer::Verdict::Bounded) one["worst_ms"] = corner.worst_ms;
        list.push_back(std::move(one));
    }
    return list;
}

Json result_json(const CheckResult& result, const std::optional<std::string>& expected, const Model* model) {
    const Properties& p = result.properties;
    return {
        {"verdict", to_string(result.verdict)},
        {"expected", expected ? Json(*expected) : Json(nullptr)},
        {"stopped", to_string(result.stopped)},
        {"states", result.states},
        {"transitions", result.transitions},
        {"depth", result.depth},
        {"trap_states", result.trap_states},
        {"recovery_ms",
         {{"best", number_or_null(result.best_ms)}, {"worst", number_or_null(result.worst_ms)}}},
        {"wears_out", result.wears_out},
        {"isn_share", losing_json(result, model)},
        {"escape_per_attempt", result.escape_per_attempt ? Json(*result.escape_per_attempt) : Json(nullptr)},
        {"corners", corners_json(result)},
        {"corners_complete", result.corners_complete},
        {"properties",
         {{"leak", p.leak}, {"cross", p.cross}, {"collateral", p.collateral}, {"storm", p.storm}}},
        {"cells",
         {{"proved", result.proof.attempted ? Json(result.proof.proved) : Json(nullptr)},
          {"contexts", result.proof.contexts},
          {"cells", result.proof.cells},
          {"comparisons", result.proof.comparisons},
          {"joint", result.proof.joint}}}};
}

/// What the search did not explore because it cannot matter.
Json reductions_json(const CheckResult& result, const Model& model) {
    Json groups = Json::array();
    for (const auto& group : result.interchangeable) {
        Json names = Json::array();
        for (const std::uint8_t client : group) names.push_back(model.clients()[client].spec.name);
        groups.push_back(std::move(names));
    }
    return {{"merged_steps", result.merged_steps}, {"interchangeable", std::move(groups)}};
}

Json policies_json(const Model& model) {
    Json policies = Json::object();
    for (const ClientNode& client : model.clients())
        policies[client.spec.name] = client.endpoint.policy().name;
    for (const NatNode& nat : model.nats()) policies[nat.spec.name] = nat.nat.policy().name;
    for (const ServerNode& server : model.servers())
        policies[server.spec.name] = server.endpoint.policy().name;
    return policies;
}

}  // namespace

Json check_json(const Model& model, const CheckResult& result, const std::optional<std::string>& expected) {
    Json json{{"scenario", model.scenario().name}};
    json.update(result_json(result, expected, &model));
    if (result.checkpoint) json["checkpoint"] = *result.checkpoint;
    json["reductions"] = reductions_json(result, model);
    json["policies"] = policies_json(model);
    json.update(story_to_json(model, result.trace));
    return json;
}

namespace {

Json names_json(const std::vector<Fix>& fixes) {
    Json names = Json::array();
    for (const Fix& fix : fixes) names.push_back(fix.name);
    return names;
}

Json exposure_by_server(const std::vector<ServerExposure>& exposure) {
    Json servers = Json::object();
    for (const ServerExposure& one : exposure) servers[one.server] = exposure_json(one.exposure);
    return servers;
}

Json fix_set_json(const FixSetOutcome& one) {
    Json json{{"fixes", names_json(one.fixes)},
              {"party", one.party().empty() ? Json(nullptr) : Json(one.party())}};
    json.update(result_json(one.result, one.expected, nullptr));
    json["endless_connect"] = result_json(*one.endless, std::nullopt, nullptr);
    json["proof"] = to_string(one.proof);
    if (!one.proof.why.empty()) json["proof_lacks"] = one.proof.why;
    json["blind_reset"] = exposure_by_server(one.exposure);
    return json;
}

}  // namespace

Json fixes_json(const Scenario& scenario, const FixSearch& found) {
    Json fixes = Json::array();
    for (const FixSetOutcome& single : found.singles) {
        const Fix& fix = single.fixes.front();
        Json one{{"fix", fix.name}, {"party", fix.party}, {"title", fix.title}};
        one.update(result_json(single.result, single.expected, nullptr));
        one["endless_connect"] = result_json(*single.endless, std::nullopt, nullptr);
        fixes.push_back(std::move(one));
    }
    Json before = result_json(found.before, std::nullopt, nullptr);
    before["blind_reset"] = exposure_by_server(found.exposure_before);
    Json sets = Json::array();
    for (const FixSetOutcome& one : found.minimal) sets.push_back(fix_set_json(one));
    return {{"scenario", scenario.name},
            {"before", std::move(before)},
            {"fixes", std::move(fixes)},
            {"minimal_sets", std::move(sets)},
            {"search",
             {{"largest", found.largest},
              {"tried", found.tried},
              {"failed_together", found.failed_together},
              {"skipped", found.skipped},
              {"incompatible", found.incompatible}}}};
}

Json variants_json(const std::vector<VariantOutcome>& outcomes) {
    Json variants = Json::array();
    for (const VariantOutcome& outcome : outcomes) {
        Json one{{"variant", outcome.variant.name}, {"title", outcome.variant.title}};
        if (!outcome.variant.question.empty())
            one.update(
                Json{{"question", outcome.variant.question}, {"answer", answer(outcome.result.verdict)}});
        one.update(result_json(outcome.result, outcome.variant.expect, nullptr));
        variants.push_back(std::move(one));
    }
    return variants;
}

}  // namespace halfopen
