#pragma once

#include <cstdint>
#include <vector>

#include "explorer/boost_adaptor.hpp"

namespace halfopen::explorer {

/// The strong components of a graph: two nodes are in the same one just if each can be reached from the
/// other.
struct StrongComponents {
    std::vector<std::uint32_t> component;  ///< per node, 0 to count() - 1, in reverse topological order
    std::vector<bool> cyclic;              ///< per component: it has an inner edge, so there is a cycle
    std::vector<bool> timed;               ///< per component: it has an inner edge of duration > 0

    [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(cyclic.size()); }
    /// Whether `node` lies on a cycle (of one edge or more).
    [[nodiscard]] bool on_cycle(std::uint32_t node) const { return cyclic[component[node]]; }
    /// Whether `node` lies on a closed walk that takes time.
    [[nodiscard]] bool on_timed_cycle(std::uint32_t node) const { return timed[component[node]]; }
};

/// Tarjan's algorithm ("Depth-first search and linear graph algorithms", SIAM J. Comput. 1972), with stacks
/// of its own: paths of any length do no harm to the call stack.  At most 20 bytes a node, the result among
/// them; Boost.Graph's takes 168 for each step of the path.  O(nodes * longest row + edges).
[[nodiscard]] StrongComponents strong_components(const GraphView& view);

}  // namespace halfopen::explorer
