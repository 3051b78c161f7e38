#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "explorer/state_graph.hpp"

/// How long it takes to get from an initial node to a goal: the sum of the durations along a path that ends
/// at the first goal it meets (edges that leave a goal do not matter here).  Times are in ms.
namespace halfopen::explorer {

struct TimedPath {
    std::uint64_t ms = 0;
    std::vector<std::uint32_t> path;  ///< node ids, from an initial node to a goal
};

struct RecoveryTimes {
    std::uint64_t best_ms = 0;
    std::uint64_t worst_ms = 0;
    std::vector<std::uint32_t> best_path;   ///< replay with ParallelEdges::LeastDuration
    std::vector<std::uint32_t> worst_path;  ///< replay with ParallelEdges::MostDuration
};

/// The path of least time to a goal (a node having any of the marks in `goal_mask`); of equal ones, one with
/// the fewest steps.  Cycles do no harm.  None if no goal is in reach.  Dijkstra's algorithm ("A note on two
/// problems in connexion with graphs", 1959), O((nodes + edges) log nodes).
std::optional<TimedPath> fastest_recovery(const StateGraph& graph, std::uint32_t goal_mask = goal_mark,
                                          EdgeFilter filter = {});

/// The least and the greatest time to a goal, over all initial nodes; of paths with the same time, one with
/// the fewest steps.  None if some run never gets to a goal: if, short of a goal, a cycle or a node without
/// successors is in reach (or if the graph is empty).  The greatest time is that of the longest path in an
/// acyclic graph, found in topological order.  O((nodes + edges) log nodes).
std::optional<RecoveryTimes> recovery_times(const StateGraph& graph, std::uint32_t goal_mask = goal_mark,
                                            EdgeFilter filter = {});

}  // namespace halfopen::explorer
