/// The question of the house: can this scenario hang, and if so how, how often and for how long?
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "counterexamples/trace.hpp"
#include "explorer/limits.hpp"
#include "explorer/verdict.hpp"
#include "spec/world/world_system.hpp"

namespace halfopen {

struct WorldExploration;
class Checkpoints;

enum class IsnMode : std::uint8_t {
    Generic,  ///< cells of 2^17 values and more decide; corners are listed beside
    Complete  ///< every cell decides
};

struct CheckOptions {
    IsnMode isn = IsnMode::Generic;
    explorer::Limits limits;
    unsigned threads = 1;  ///< that explore together; the result is the same for any number
    bool merge_commuting_steps = true;
    bool symmetry = true;      ///< worlds that differ only in which interchangeable client is which are one
    bool joint_cells = false;  ///< numbers are told apart by sums of two comparisons too (Cuts::with_sums())
    bool corners = true;       ///< look into the corners as well (generic mode)
    bool attempts = true;      ///< work out which numbers lose and how likely attempts are to get through
    bool trace = true;         ///< work out the run that shows the verdict
    bool corners_if_bounded_only =
        false;                   ///< spare the look into the corners where generic numbers fail already
    bool prove_coverage = true;  ///< let Z3 prove that the cells cover all 2^32 values
    std::function<void(const explorer::Progress&)> report;
    Checkpoints* checkpoints = nullptr;  ///< where the searches are written down and taken up, if anywhere
    /// Is given what the headline rests on, where that is complete: for a certificate (certificate.hpp).
    std::function<void(const WorldExploration&, const explorer::Judgement&)> judged;
    /// How much memory that takes: room for it is looked for before anything is judged.
    std::function<std::uint64_t(const explorer::StateGraph&)> bytes_when_judged;
};

/// Values of (ISS - RCV.NXT) mod 2^32: [first, first + size).
struct Interval {
    std::uint32_t first = 0;
    std::uint64_t size = 0;

    friend constexpr auto operator<=>(const Interval&, const Interval&) = default;
};

/// For which of its fresh numbers a client can fail to recover in the attempt that drew them, once its SYN
/// meets a connection that the server still holds.
struct LosingNumbers {
    std::size_t client = 0;
    std::uint32_t rcv_nxt = 0;        ///< of the connection that it meets
    std::size_t met_client = 0;       ///< whose old connection that is
    std::vector<Interval> intervals;  ///< of ISS - rcv_nxt, sorted, not touching
    std::uint64_t count = 0;          ///< out of 2^32
    /// Otherwise no such connection is asked for; rcv_nxt is the SND.NXT of the client's own old connection.
    bool meets_old_connection = true;
};

/// A cell of fewer than 2^17 values whose outcome differs from the headline.
struct CornerReport {
    std::string condition;    ///< e.g. "ISS = RCV.NXT - 1"
    std::uint64_t count = 0;  ///< values in it
    explorer::Verdict verdict = explorer::Verdict::Bounded;
    std::uint64_t worst_ms = 0;  ///< where bounded
};

struct Properties {
    bool leak = false, cross = false, collateral = false, storm = false;
};

/// What Z3 said about the cells that were used.
struct CellProof {
    bool attempted = false;
    bool proved = false;
    std::size_t contexts = 0;     ///< sets of live numbers beside which a number was drawn
    std::size_t cells = 0;        ///< in all of them
    std::size_t comparisons = 0;  ///< that the cells have to respect
    std::size_t pairs = 0;        ///< of roles whose difference is compared: one proof by Z3 each
    bool joint = false;           ///< CheckOptions::joint_cells
    std::string failure;
};

struct CheckResult {
    explorer::Verdict verdict = explorer::Verdict::Inconclusive;
    explorer::StopReason stopped = explorer::StopReason::Complete;
    /// Unbounded, and yet no run goes on for ever but by numbers from corners: each of its rounds leaves less
    /// room in a mapping (wearing_out.hpp).  False also where there was no memory to ask.
    bool wears_out = false;
    std::optional<std::uint64_t> best_ms;   ///< where recovery is possible at all, from the end of the fault
    std::optional<std::uint64_t> worst_ms;  ///< where bounded
    std::uint64_t states = 0, transitions = 0;
    std::uint32_t depth = 0;  ///< of the deepest state
    std::uint64_t trap_states = 0;
    std::vector<LosingNumbers> losing;
    /// Least probability that an attempt recovers, over all attempts that begin with no number of an earlier
    /// one alive and over all orders of events; draws of numbers and ports are taken as uniform.  Nothing
    /// where nothing is drawn.
    std::optional<double> escape_per_attempt;
    std::vector<CornerReport> corners;
    std::uint64_t corner_values = 0;  ///< values in all corners listed
    bool corners_complete = true;     ///< false where a limit cut the look into the corners short
    Properties properties;
    CellProof proof;
    bool merged_steps = false;  ///< whether steps that commute were explored in one order only
    std::vector<std::vector<std::uint8_t>> interchangeable;  ///< groups of clients not told apart
    Trace trace;  ///< a worst run: into the trap, round the cycle, or the slowest recovery
    std::chrono::milliseconds elapsed{0};
    /// The file with which a check that a limit has ended can be gone on (checkpoints.hpp).
    std::optional<std::string> checkpoint;
};

/// Where the run that shows the verdict fits no numbers, all is asked anew with joint_cells, which the
/// result's proof then has; not for a certificate, which is of the plain cells (throws NoSuchRun,
/// concrete_trace.hpp).
CheckResult check(const Model& model, const CheckOptions& options = {});

}  // namespace halfopen
