/// What still lies ahead of each single node: what judge() says of the part of the graph that begins there.
#pragma once

#include <cstdint>
#include <vector>

#include "explorer/state_graph.hpp"
#include "explorer/verdict.hpp"

namespace halfopen::explorer {

/// Per node, for the graph that is left when it is made the only initial node.
struct Outlook {
    std::vector<Verdict> verdict;         ///< never Inconclusive
    std::vector<std::uint64_t> worst_ms;  ///< longest time to the first goal, where Bounded; else 0
};

/// Passes over the strong components in reverse topological order.  O(nodes + edges).
[[nodiscard]] Outlook outlook(const StateGraph& graph, EdgeFilter filter = {});

}  // namespace halfopen::explorer
