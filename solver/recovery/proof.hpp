/// What a proof of recovery says: the values that the prover gives and every report reads.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "solver/recovery/induction.hpp"
#include "solver/recovery/isolation.hpp"
#include "solver/recovery/server_kind.hpp"
#include "spec/nat/conntrack_entry.hpp"
#include "spec/tcp/tcb.hpp"

namespace halfopen {

/// One event of a run, with the numbers that one model gives it.
struct ProofStep {
    std::uint64_t ms = 0;  ///< since the first connect() (or SYN that is not lost), at most
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

enum class ProofStatus : std::uint8_t {
    Proved,       ///< for any number of clients
    ProvedAlone,  ///< for each client whose outside port nobody else is given before it has recovered
    NotProved,
    Inconclusive
};

/// Who may come by while a client recovers.
enum class Company : std::uint8_t {
    Others,  ///< any number of other clients; whatever this one's mapping leaves behind is theirs to meet
    Nobody   ///< nobody is given this client's outside port
};

enum class FailureKind : std::uint8_t {
    Loop,    ///< the same state again: it goes on for ever
    Stuck,   ///< nothing will ever happen again
    Moved,   ///< the mapping is gone and the connection at the server is not: somebody else may be given its
             ///< port
    Late,    ///< a limit of time or events, or the solver's
    Vacuous  ///< no run satisfies what is assumed, so that to prove it says nothing
};

/// When the first timer of the old connection expires on a run: `least` to `most` ms after where it begins,
/// and after its newest connect().
struct OldTimer {
    TcpTimer timer = TcpTimer::Retransmit;
    std::uint8_t count = 0;  ///< how often it has before
    std::uint64_t least = 0, most = 0;
    std::uint64_t connect_least = 0, connect_most = 0;
};

struct ProofFailure {
    FailureKind kind = FailureKind::Late;
    std::string start;  ///< what had been left behind
    /// The client is in SYN_SENT, its SYNs so far lost, and else about to connect().
    bool syn_sent = false;
    std::uint8_t syns_lost = 0;       ///< so many of them, before the first one of the run
    std::optional<TrackState> entry;  ///< of the mapping, where that may be in several
    std::vector<std::pair<std::string, std::uint32_t>> numbers;
    std::vector<ProofStep> run;
    std::size_t loop_from = 0;  ///< index into run, for Loop
    std::uint32_t iss = 0;      ///< of the last attempt
    std::optional<OldTimer> old_timer;
};

/// One thing that can have been left behind, and whether all runs from there recover.
struct StartResult {
    std::string what;
    std::optional<ServerKind> server;  ///< nothing: no connection there
    /// Left behind only where a fault strikes in the middle of a handshake; no part of the claim.
    bool half_open = false;
    bool own = false;     ///< as LeftBehind::own
    bool mapped = false;  ///< its mapping is left, too
    /// The client's mapping may go while its handshake is under way, and others then meet that.
    bool leaves_half_open = false;
    std::size_t paths = 0;
    std::uint64_t worst_ms = 0;
    unsigned rounds = 0;
    std::optional<ProofFailure>
        failure;  ///< where nobody else comes by, if that is the only claim that was left
    /// With others about it fails so, and recovers (or fails otherwise) where nobody comes by.
    std::optional<ProofFailure> with_others;

    /// Where the client is in SYN_SENT and all its SYNs until then were lost: the same, from the next one on.
    struct SynSent {
        std::uint64_t worst_ms = 0;
        std::optional<ProofFailure> failure, with_others;
    };
    std::optional<SynSent> syn_sent;  ///< nothing where only the scenario's own connections were asked for
};

struct RecoveryProof {
    ProofStatus status = ProofStatus::Inconclusive;
    /// The same of nothing but the scenario's own old connections as they are when the fault strikes.
    ProofStatus own = ProofStatus::Inconclusive;
    Induction induction;
    std::optional<Induction> entries;  ///< of the NAT's part; nothing where its table is lost
    Isolation isolation;
    std::vector<StartResult> starts;
    std::size_t paths = 0, questions = 0;
    unsigned rounds = 0;                  ///< SYNs that the client sends at most
    std::uint64_t worst_ms = 0;           ///< from its first connect()
    std::uint64_t syn_sent_worst_ms = 0;  ///< StartResult::SynSent
    bool may_move = false;                ///< some path ends with the old tuple free and the mapping moved
    std::vector<LeftOut> left_out;
    std::vector<ProofStep> example;  ///< a slowest run: the proof is about something
    std::chrono::milliseconds elapsed{0};
};

/// False where they were not asked for, or a limit of time was hit first.
inline bool lemmas_were_checked(const RecoveryProof& proof) {
    return proof.induction.cases > 0 && proof.isolation.cases > 0 &&
           (!proof.entries || proof.entries->cases > 0);
}

}  // namespace halfopen
