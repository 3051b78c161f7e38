/// Whether what defeats a proof can come about: its counterexample, looked for in worlds of the scenario.
///
/// A proof begins with anything that the invariant allows, reachable or not.  Here the explorer looks for a
/// world in which a client is about to connect() and finds just that: the server's connection in the same
/// state, the mapping there or not, nothing on its way.  From such a world it looks for a run on which the
/// client never has its connection back.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "check/check.hpp"
#include "check/replay_plan.hpp"
#include "solver/recovery/proof.hpp"
#include "spec/policy/policy_library.hpp"
#include "spec/world/scenario.hpp"

namespace halfopen {

/// One scenario in which it was looked for.
struct ReplayTry {
    SettingList set;  ///< beside the scenario's own
    explorer::StopReason stopped = explorer::StopReason::Complete;
    std::uint64_t worlds = 0;
    std::uint64_t like_it = 0;  ///< worlds that are as the counterexample begins
};

struct Replay {
    enum class Outcome : std::uint8_t {
        Found,         ///< the last of the tries has a run
        Recovers,      ///< such worlds are reached, and from each the client recovers
        NotReachable,  ///< no such world in any of the tries
        Inconclusive   ///< a limit was hit first
    };
    std::string start;  ///< StartResult::what
    bool half_open = false;
    bool with_others = false;  ///< it is a run on which others may come by (StartResult::with_others)
    Outcome outcome = Outcome::Inconclusive;
    std::vector<ReplayTry> tries;
    /// Where found: the scenario of the last try, and the run from its beginning.
    std::shared_ptr<const Model> model;
    std::optional<Trace> trace;
    std::size_t begins = 0;  ///< steps of it that lead to where the counterexample begins
};

/// Every counterexample of the proof, whose scenario this is.  Each exploration is limited by the options;
/// the timeout is for all together.
std::vector<Replay> replay_counterexamples(const Scenario& scenario, const PolicyLibrary& library,
                                           const RecoveryProof& proof, const CheckOptions& options);

/// "found", "recovers", "not reachable", "inconclusive".
std::string_view to_string(Replay::Outcome outcome);

}  // namespace halfopen
