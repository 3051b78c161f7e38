/// Recovery from everything that faults can leave behind, for all numbers at once (docs/proofs.md).
///
/// First with any number of other clients; from where that fails because others may come by, without them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "solver/answered_questions.hpp"
#include "solver/recovery/proof.hpp"
#include "spec/world/model.hpp"

namespace halfopen {

struct ProofOptions {
    std::uint64_t longest_ms = 24ULL * 3600 * 1000;  ///< a path that takes longer fails
    std::size_t most_events = 3000;                  ///< of a path
    std::chrono::milliseconds timeout{3'600'000};
    /// About one of the scenario's own old connections; a fortieth of that about anything else that can be
    /// left behind.  Unlike a time-out this gives the same answer on every machine.
    std::size_t most_questions = 200'000;
    /// Of Z3 as it counts (PathExplorer::work()), a third of that about anything else; a million is half a
    /// second or so.
    std::uint64_t most_work = 90'000'000;
    /// States that a search from one start looks at; likewise the same on every machine.
    std::size_t most_steps = 200'000;
    /// Let timers of what was left behind expire also in the very moment in which segments of the new
    /// connection are on their way.
    bool coincidences = false;
    /// What has come since the fault (LeftBehind::since) gets one in so many of these limits, once something
    /// of it has failed for certain and the whole claim is lost (but for a server's connection like the
    /// scenario's own); mappings in their handshake, which are no part of it, always.
    static constexpr std::size_t share_of_lost_claim = 80;
    /// Without its lemmas a proof shows only that every path recovers, and is never called one.
    bool lemmas = true;
    /// The lemmas where they have been proved before, for a server and a NAT with the same settings.
    std::optional<Induction> induction{}, entries{};
    std::optional<Isolation> isolation{};
    /// Begin with nothing but this (StartResult::what); never called a proof either.  Empty: with everything.
    std::string only{};
    /// Begin with nothing but what the scenario's own old connections are (RecoveryProof::own).
    bool own = false;
    /// Begin with handshakes that a fault has cut also where the claim can do without: where nothing that it
    /// is about leaves any behind.
    bool half_open = true;
    /// Gets each question whose answer the proof rests on: what it stands for, and the SMT-LIB text, which is
    /// unsatisfiable.
    std::function<void(const std::string& smt_lib)> record;
    /// Shared with other proofs, so that what they have in common is put to Z3 once; outlives the proof.
    /// None, or where somebody listens: each proof asks all of its own.
    AnsweredQuestions* answered = nullptr;
};

RecoveryProof prove_recovery(const Model& model, const ProofOptions& options = {});

}  // namespace halfopen
