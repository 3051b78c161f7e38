#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "explorer/state_graph.hpp"

/// Reachability, forwards and backwards.  A path is a list of node ids, each joined to the next by an edge;
/// it starts with an initial node and includes both ends.  All functions here are O(nodes + edges) unless
/// said otherwise.  Sets of nodes are std::vector<bool> with an entry for each node of the graph.
namespace halfopen::explorer {

using NodePredicate = std::function<bool(std::uint32_t node)>;

/// A path with the fewest steps to a node that satisfies `is_target`, using only edges that pass the filter.
/// None if there is no such node in reach.
std::optional<std::vector<std::uint32_t>> shortest_path(const StateGraph& graph,
                                                        const NodePredicate& is_target,
                                                        EdgeFilter filter = {});

/// The same, to a node in the set `targets`.
std::optional<std::vector<std::uint32_t>> shortest_path(const StateGraph& graph,
                                                        const std::vector<bool>& targets,
                                                        EdgeFilter filter = {});

/// A path with the fewest steps to `node`, by the parents the search recorded (no filter).  O(length).
std::vector<std::uint32_t> path_to(const StateGraph& graph, std::uint32_t node);

/// The nodes in reach of an initial node.
std::vector<bool> reachable(const StateGraph& graph, EdgeFilter filter = {});

/// The nodes from which a run comes to one of `ends` through nodes of `open` (the last one need not be), and
/// `ends` themselves.
std::vector<bool> can_come_to(const StateGraph& graph, std::vector<bool> ends, const std::vector<bool>& open,
                              EdgeFilter filter = {});

/// The nodes that are reachable and from which a node having any of the marks in `mark_mask` can be reached
/// (which holds of such a node itself).  AG EF "mark" is true just if this is all of reachable(): see Baier &
/// Katoen, "Principles of Model Checking", sec. 6.4, for this backward search.
std::vector<bool> can_reach(const StateGraph& graph, std::uint32_t mark_mask, EdgeFilter filter = {});

}  // namespace halfopen::explorer
