/// What the prover knows of a fixed scenario: one word for a table, and why it is not a better one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "solver/recovery/proof.hpp"
#include "spec/policy/policy_library.hpp"
#include "spec/world/scenario.hpp"

namespace halfopen {

/// Of recovery for all numbers (docs/proofs.md), beyond the one configuration that the explorer decides.
struct FixProof {
    enum class Status : std::uint8_t {
        NotTried,
        Proved,       ///< for any number of clients
        ProvedAlone,  ///< for each client whose outside port nobody else is given before it has recovered
        NotProved,
        Inconclusive,  ///< a limit was hit first
        NotCovered     ///< the scenario is none that a proof can be about
    };
    Status status = Status::NotTried;
    /// Only of the scenario's own old connections as they are when the fault strikes, not of all that can be
    /// left behind.
    bool own_only = false;
    std::string why;  ///< why no more than that is proved; empty where nothing is missing

    bool proved() const { return status == Status::Proved || status == Status::ProvedAlone; }
};

/// "proved", "proved, own", "alone", "alone, own", "not proved", …
std::string to_string(const FixProof& proof);

/// The best that a proof says.  own: it began with nothing but the scenario's own old connections.
FixProof fix_proof(const RecoveryProof& proof, bool own = false);

FixProof prove_fix(const Scenario& fixed, const PolicyLibrary& library);

}  // namespace halfopen
