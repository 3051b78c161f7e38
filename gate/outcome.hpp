/// What is known of one pairing of clients, NATs and servers once it has been checked.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "check/check.hpp"

namespace halfopen::gate {

/// A line of a trace; the rule is found again by its id in the node's policies.
struct OutcomeStep {
    std::uint64_t at = 0;  ///< ms
    NodeRef node;
    std::string packet;  ///< tcpdump notation, or empty
    std::string text;
    std::string rule;  ///< its id, or empty
    bool lost = false;
};

struct Outcome {
    explorer::Verdict verdict = explorer::Verdict::Inconclusive;
    std::optional<std::uint64_t> worst_ms;
    Properties properties;
    std::vector<OutcomeStep> steps;  ///< of the worst run
    std::string chart;               ///< the same for a terminal
    std::string mermaid;             ///< the same as a Mermaid sequence diagram
};

Outcome measure(const Model& model, const CheckOptions& options);

nlohmann::json to_json(const Outcome& outcome);
/// Throws nlohmann::json::exception or std::invalid_argument where it is none.
Outcome outcome_from_json(const nlohmann::json& json);

}  // namespace halfopen::gate
