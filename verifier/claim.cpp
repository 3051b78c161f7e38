#include "verifier/claim.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace halfopen::verifier {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> verdict_names{"bounded", "unbounded", "storm", "permanent"};

template <class T>
Json optional_json(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

std::optional<std::uint64_t> optional_number(const Json& value) {
    if (value.is_null()) return std::nullopt;
    return value.get<std::uint64_t>();
}

Verdict verdict_named(const std::string& name) {
    for (std::size_t i = 0; i < verdict_names.size(); ++i) {
        if (verdict_names[i] == name) return static_cast<Verdict>(i);
    }
    throw std::invalid_argument(name);
}

Claim claim_from_json(const Json& json) {
    Claim claim;
    json.at("scenario").get_to(claim.question.scenario);
    json.at("variant").get_to(claim.question.variant);
    json.at("fixes").get_to(claim.question.fixes);
    json.at("set").get_to(claim.question.settings);
    claim.question.complete_isn = json.at("isn").get<std::string>() == "complete";
    for (const Json& file : json.at("files"))
        claim.files.push_back({file.at("name").get<std::string>(), file.at("sha256").get<std::string>()});
    claim.verdict = verdict_named(json.at("verdict").get<std::string>());
    claim.best_ms = optional_number(json.at("best_ms"));
    claim.worst_ms = optional_number(json.at("worst_ms"));
    if (const Json& properties = json.at("properties"); !properties.is_null()) {
        claim.properties.emplace();
        properties.at("leak").get_to(claim.properties->leak);
        properties.at("cross").get_to(claim.properties->cross);
        properties.at("collateral").get_to(claim.properties->collateral);
    }
    return claim;
}

}  // namespace

std::string_view to_string(Verdict verdict) { return verdict_names[static_cast<std::size_t>(verdict)]; }

std::string to_text(const Claim& claim) {
    Json files = Json::array();
    for (const NamedDigest& file : claim.files)
        files.push_back(Json{{"name", file.name}, {"sha256", file.sha256}});
    Json properties = nullptr;
    if (claim.properties) {
        properties = {{"leak", claim.properties->leak},
                      {"cross", claim.properties->cross},
                      {"collateral", claim.properties->collateral}};
    }
    const Json json{{"scenario", claim.question.scenario},
                    {"variant", claim.question.variant},
                    {"fixes", claim.question.fixes},
                    {"set", claim.question.settings},
                    {"isn", claim.question.complete_isn ? "complete" : "generic"},
                    {"files", std::move(files)},
                    {"verdict", to_string(claim.verdict)},
                    {"best_ms", optional_json(claim.best_ms)},
                    {"worst_ms", optional_json(claim.worst_ms)},
                    {"properties", std::move(properties)}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Claim> claim_from_text(std::string_view text) {
    try {
        const Claim claim = claim_from_json(Json::parse(text));
        // Only one way of writing it down: no unknown key, no key twice, no other spelling.
        if (to_text(claim) == text) return claim;
    } catch (const std::exception&) {  // not JSON, a key that is missing, a value of another type
    }
    return std::nullopt;
}

}  // namespace halfopen::verifier
