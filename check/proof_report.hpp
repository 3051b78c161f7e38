/// A proof of recovery for people and for programs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "solver/recovery/prover.hpp"

namespace halfopen {

/// "goes round for ever"
std::string_view why(FailureKind kind);
/// "server in ESTABLISHED", "server in ESTABLISHED, the client in SYN_SENT"
std::string beginning_of(const ProofFailure& failure);
/// "proved", "not proved", "inconclusive".
std::string_view to_string(ProofStatus status);
std::string proof_report(const Model& model, const RecoveryProof& proof);
nlohmann::ordered_json proof_json(const Model& model, const RecoveryProof& proof);

}  // namespace halfopen
