/// All runs from one thing that was left behind, for all numbers.
///
/// The search is depth first over the orders of events, and at each event over the answers to every
/// comparison that Z3 finds possible.  A path ends where the connection works.  It fails where nothing can
/// happen any more, where it has come back to a state that it was in before, or, with others about, where the
/// client has no mapping while the server still has something at the outside port that somebody else may now
/// be given.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "solver/recovery/left_behind.hpp"
#include "solver/recovery/proof.hpp"
#include "solver/recovery/prover.hpp"

namespace halfopen {

struct PathSearch {
    std::size_t paths = 0;
    std::uint64_t worst_ms = 0;
    unsigned rounds = 0;  ///< SYNs at most
    bool may_move = false;
    bool leaves_half_open = false;  ///< begun with an old connection; the next client will meet that
    std::size_t questions = 0;
    std::vector<ProofStep> example;  ///< a slowest run, where every path recovers
    /// Nothing: every path recovers, with any number of others about or, where with_others says how that
    /// fails, without them.
    std::optional<ProofFailure> failure, with_others;
    std::vector<LeftOut> left_out;  ///< what was to be, and what else the claim has to do without
};

/// What the client does first.
enum class Begin : std::uint8_t { Connect, SynSent /* as in_syn_sent() has it */ };

/// With others about, and without them where it fails because they may come by.
PathSearch search_paths(z3::context& context, const FairRun& run, const LeftBehind& start, Begin begin,
                        const std::vector<LeftOut>& left_out, const ProofOptions& options,
                        std::chrono::steady_clock::time_point end);

}  // namespace halfopen
