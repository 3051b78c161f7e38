/// Recovery from everything that faults can leave behind, for all numbers at once (docs/proofs.md).
///
/// The search is depth first over the orders of events, and at each event over the answers to every
/// comparison that Z3 finds possible.  A path ends where the connection works.  It fails where nothing can
/// happen any more, where it has come back to a state that it was in before, or where the client's mapping
/// may move while the old connection is still there.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "solver/recovery/induction.hpp"
#include "solver/recovery/isolation.hpp"
#include "solver/recovery/left_behind.hpp"

namespace halfopen {

/// One event of a run, with the numbers that one model gives it.
struct ProofStep {
    std::uint64_t ms = 0;  ///< since the first connect(), at most
    std::string actor;
    std::vector<std::string> packets;  ///< as tcpdump shows them
    std::string note;                  ///< the rule that decided, or why
    bool leaked = false;
};

/// Numbers that the claim leaves out: (left - right) mod 2^32 in [first, first + size).
struct LeftOut {
    std::string left, right;  ///< "ISS" of a client's SYN, "RCV.NXT" of the old connection, …
    std::uint32_t first = 0;
    std::uint64_t size = 0;

    friend bool operator==(const LeftOut&, const LeftOut&) = default;
};

enum class ProofStatus : std::uint8_t { Proved, NotProved, Inconclusive };

enum class FailureKind : std::uint8_t {
    Loop,   ///< the same state again: it goes on for ever
    Stuck,  ///< nothing will ever happen again
    Moved,  ///< the mapping may move to another tuple, and the old connection stays
    Late,   ///< a limit of time or events, or the solver's
};

struct ProofFailure {
    FailureKind kind = FailureKind::Late;
    std::string start;  ///< what had been left behind
    std::vector<std::pair<std::string, std::uint32_t>> numbers;
    std::vector<ProofStep> run;
    std::size_t loop_from = 0;  ///< index into run, for Loop
    std::uint32_t iss = 0;      ///< of the last attempt
};

/// One thing that can have been left behind, and whether all runs from there recover.
struct StartResult {
    std::string what;
    std::size_t paths = 0;
    std::uint64_t worst_ms = 0;
    unsigned rounds = 0;
    std::optional<ProofFailure> failure;
};

struct RecoveryProof {
    ProofStatus status = ProofStatus::Inconclusive;
    Induction induction;
    Isolation isolation;
    std::vector<StartResult> starts;
    std::size_t paths = 0, questions = 0;
    unsigned rounds = 0;         ///< SYNs that the client sends at most
    std::uint64_t worst_ms = 0;  ///< from its first connect()
    bool may_move = false;       ///< some path ends with the old tuple free and the mapping moved
    std::vector<LeftOut> left_out;
    std::vector<ProofStep> example;  ///< a slowest run: the proof is about something
    std::chrono::milliseconds elapsed{0};
};

struct ProofOptions {
    std::uint64_t longest_ms = 24ULL * 3600 * 1000;  ///< a path that takes longer fails
    std::size_t most_events = 3000;                  ///< of a path
    std::chrono::milliseconds timeout{300'000};
    /// Let timers of what was left behind expire also in the very moment in which segments of the new
    /// connection are on their way.
    bool coincidences = false;
    /// Without its two lemmas a proof shows only that every path recovers, and is never called one.
    bool lemmas = true;
    /// Begin with nothing but this (StartResult::what); never called a proof either.  Empty: with everything.
    std::string only{};
    /// Gets each question whose answer the proof rests on: what it stands for, and the SMT-LIB text, which is
    /// unsatisfiable.
    std::function<void(const std::string& smt_lib)> record;
};

RecoveryProof prove_recovery(const Model& model, const ProofOptions& options = {});

}  // namespace halfopen
