#pragma once

#include <cstdint>
#include <vector>

#include "explorer/state_graph.hpp"

/// Numbers for each node that anybody can check by looking at a node and its successors alone: what a proof
/// about a graph consists of.  Edges that leave a goal do not count.
namespace halfopen::explorer {

/// The quickest way to a goal: least time and, of the ways that take it, the fewest steps.
struct Quickest {
    static constexpr std::uint64_t never = UINT64_MAX;

    std::uint64_t ms = never;  ///< never: no goal can be reached
    std::uint64_t steps = never;

    friend auto operator<=>(const Quickest&, const Quickest&) = default;
};

/// For each node.  Dijkstra's algorithm from the goals backwards, O((nodes + edges) log nodes).
std::vector<Quickest> quickest_ways(const StateGraph& graph);

/// The longest way to a goal in time, and in steps; two ways, possibly.
struct Longest {
    std::uint64_t ms = 0;
    std::uint64_t steps = 0;
};

/// For each node, in a graph without cycles short of the goals (else std::logic_error).
std::vector<Longest> longest_ways(const StateGraph& graph);

/// For each node, how many steps in a row can be taken without time passing, in a graph without a cycle of
/// such steps (else std::logic_error).
std::vector<std::uint64_t> longest_timeless_ways(const StateGraph& graph);

}  // namespace halfopen::explorer
