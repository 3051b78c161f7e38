#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "explorer/columns.hpp"
#include "explorer/edge_rows.hpp"

namespace halfopen::explorer {

/// Not a node id.  A graph holds at most 2^32 - 2 nodes.
inline constexpr std::uint32_t no_node = std::numeric_limits<std::uint32_t>::max();

/// Bit 0 of a node's marks: the state is a goal.  The other 31 bits are the system's own.
inline constexpr std::uint32_t goal_mark = 1;

/// Edges having any of these tags are as if absent; so are nodes that can then no longer be reached from an
/// initial node.  The default leaves out nothing.
struct EdgeFilter {
    std::uint8_t without_tags = 0;

    [[nodiscard]] bool admits(std::uint8_t tags) const { return (tags & without_tags) == 0; }
};

/// The explored part of a transition system.  Node ids are 32-bit and follow breadth-first discovery order:
/// depth never decreases with the id, and neither does the node by which another was found.  Two nodes may be
/// joined by several edges.
struct StateGraph {
    EdgeRows rows;  ///< the edges, by their source; no rows for the last nodes where a search was cut short
    CodedColumn marks;                   ///< per node; bit 0: goal
    StepColumn depth;                    ///< per node: fewest steps from an initial node, no filter
    std::vector<std::uint32_t> initial;  ///< the initial nodes, each once

    [[nodiscard]] std::uint32_t node_count() const { return static_cast<std::uint32_t>(marks.size()); }
    [[nodiscard]] std::uint64_t edge_count() const { return rows.edge_count(); }

    /// The edges that leave `node`, in the order of the system's successors.
    [[nodiscard]] EdgeRow out_edges(std::uint32_t node) const { return rows[node]; }

    /// The node by which `node` was found: the lowest with an edge to it.  An initial node is its own parent.
    /// Only in a graph that a search has made, where initial nodes come first.  O(log nodes).
    [[nodiscard]] std::uint32_t parent(std::uint32_t node) const {
        return node < initial.size() ? node : rows.first_source_of(node);
    }

    /// Whether `node` bears any of the marks in `mask`.
    [[nodiscard]] bool has_mark(std::uint32_t node, std::uint32_t mask) const {
        return (marks[node] & mask) != 0;
    }

    /// The bytes allocated for all of the above.
    [[nodiscard]] std::uint64_t memory_bytes() const {
        return rows.memory_bytes() + marks.memory_bytes() + depth.memory_bytes() +
               sizeof(std::uint32_t) * initial.capacity();
    }
};

}  // namespace halfopen::explorer
