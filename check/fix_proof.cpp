#include "check/fix_proof.hpp"

#include <fmt/format.h>

#include "check/proof_report.hpp"
#include "solver/recovery/prover.hpp"
#include "spec/world/model.hpp"

namespace halfopen {
namespace {

FixProof::Status status_of(ProofStatus status) {
    switch (status) {
        case ProofStatus::Proved:
            return FixProof::Status::Proved;
        case ProofStatus::ProvedAlone:
            return FixProof::Status::ProvedAlone;
        case ProofStatus::NotProved:
            return FixProof::Status::NotProved;
        case ProofStatus::Inconclusive:
            break;
    }
    return FixProof::Status::Inconclusive;
}

/// with_others: of the claim for any number of clients, else of the one for each alone.
const ProofFailure* first_failure(const RecoveryProof& proof, bool with_others) {
    const auto failure_of = [&](const auto& part) -> const ProofFailure* {
        const std::optional<ProofFailure>& failure = with_others ? part.with_others : part.failure;
        return failure ? &*failure : nullptr;
    };
    for (const StartResult& start : proof.starts) {
        if (start.half_open) continue;
        if (const ProofFailure* failure = failure_of(start)) return failure;
        if (!start.syn_sent) continue;
        if (const ProofFailure* failure = failure_of(*start.syn_sent)) return failure;
    }
    return nullptr;
}

std::string why_not_more(const RecoveryProof& proof) {
    if (const ProofFailure* failure = first_failure(proof, false))
        return fmt::format("from {}: {}", beginning_of(*failure), why(failure->kind));
    if (const ProofFailure* failure = first_failure(proof, true))
        return fmt::format("from {}, with others about: {}", beginning_of(*failure), why(failure->kind));
    if (!proof.induction.holds() && !proof.induction.failures.empty())
        return "the invariant is not inductive: " + proof.induction.failures.front();
    if (proof.isolation.witness) return *proof.isolation.witness;
    return {};
}

}  // namespace

std::string to_string(const FixProof& proof) {
    using enum FixProof::Status;
    switch (proof.status) {
        case NotTried:
            return "not tried";
        case Proved:
            return proof.own_only ? "proved, own" : "proved";
        case ProvedAlone:
            return proof.own_only ? "alone, own" : "alone";
        case NotProved:
            return "not proved";
        case Inconclusive:
            return "inconclusive";
        case NotCovered:
            break;
    }
    return "not covered";
}

FixProof fix_proof(const RecoveryProof& proof, bool own) {
    FixProof found;
    found.status = status_of(proof.status);
    if (own || !found.proved()) {
        found.status = status_of(proof.own);
        found.own_only = found.proved();
    }
    if (found.status != FixProof::Status::Proved || found.own_only) found.why = why_not_more(proof);
    return found;
}

FixProof prove_fix(const Scenario& fixed, const PolicyLibrary& library) {
    FixProof found;
    try {
        found = fix_proof(prove_recovery(Model(fixed, library)));
    } catch (const InputError& error) {
        found.status = FixProof::Status::NotCovered;
        found.why = error.what();
    }
    return found;
}

}  // namespace halfopen
