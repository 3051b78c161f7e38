#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "explorer/cycles.hpp"
#include "explorer/recovery_time.hpp"
#include "explorer/state_graph.hpp"

namespace halfopen::explorer {

/// Whether a system comes back to a goal (a node whose mark bit 0 is set); from the best to the worst:
enum class Verdict {
    Bounded,      ///< every run reaches a goal, within a time that can be stated
    Unbounded,    ///< a goal stays in reach, but a run can put it off for any length of time
    Storm,        ///< a goal stays in reach, but a run can take endlessly many steps in no time
    Permanent,    ///< some state in reach is a trap: no goal can be reached from it any more
    Inconclusive  ///< not known; judge() says so only of an empty graph
};

/// "bounded", "unbounded", "storm", "permanent" or "inconclusive".
std::string_view to_string(Verdict verdict);
/// The verdict of that name, or none.
std::optional<Verdict> verdict_named(std::string_view name);

/// In the order of the list above: what is not known may be anything, so nothing is worse.
constexpr bool is_worse(Verdict a, Verdict b) { return a > b; }
constexpr Verdict worse_of(Verdict a, Verdict b) { return is_worse(b, a) ? b : a; }

struct Judgement {
    Verdict verdict = Verdict::Inconclusive;
    std::optional<RecoveryTimes> times;  ///< if bounded
    /// Why.  Permanent: the nearest way to stay in trap states for good, by a cycle or (empty loop) a dead
    /// end. Storm: the timeless cycle.  Unbounded: the timed cycle.  Bounded: the worst path, as a prefix
    /// without a loop.
    Lasso witness;
    std::uint64_t trap_states = 0;       ///< how many nodes in reach are traps
    std::uint32_t first_trap_depth = 0;  ///< fewest steps to a trap, under the filter; 0 if there is none
};

/// Judges a graph, which must be complete: in one whose search was stopped early, nodes not yet expanded look
/// like dead ends.  (The caller knows that from Exploration::stopped, and says Inconclusive; though a Storm
/// or an Unbounded cycle found by timeless_cycle() or timed_cycle() is real even then.)
///
/// Permanent if some node in reach under the filter cannot reach a goal under the filter (AG EF goal fails);
/// else Storm if there is a timeless_cycle(); else Unbounded if there is a timed_cycle(); else Bounded.
/// O((nodes + edges) log nodes).
Judgement judge(const StateGraph& graph, EdgeFilter filter = {});

}  // namespace halfopen::explorer
