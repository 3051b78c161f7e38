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
#include <memory>
#include <optional>
#include <string>
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

/// All searches from one start.  What one has settled the next need not look at: a client whose SYNs were
/// lost comes to much that one which connects comes to.
class StartSearch {
   public:
    /// context, run and start must outlive it.  left_out: what the claim does without already.
    StartSearch(z3::context& context, const FairRun& run, const LeftBehind& start,
                const std::vector<LeftOut>& left_out, const ProofOptions& options,
                std::chrono::steady_clock::time_point end);
    StartSearch(const StartSearch&) = delete;
    StartSearch& operator=(const StartSearch&) = delete;
    ~StartSearch();

    /// With others about, and without them where it fails because they may come by.
    PathSearch paths(Begin begin);

   private:
    class Search;

    z3::context& context_;
    const FairRun& run_;
    const LeftBehind& start_;
    const ProofOptions options_;
    const std::vector<LeftOut> left_out_;
    const std::chrono::steady_clock::time_point end_;
    std::unique_ptr<Search> search_;  ///< from the first time on
};

}  // namespace halfopen
