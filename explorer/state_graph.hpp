#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <ranges>
#include <vector>

#include "explorer/columns.hpp"

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

/// The half-open range of edge ids [first, last), for range-based for.
class EdgeRange {
   public:
    class iterator {
       public:
        using iterator_category = std::input_iterator_tag;
        using value_type = std::uint64_t;
        using difference_type = std::ptrdiff_t;
        using pointer = const std::uint64_t*;
        using reference = std::uint64_t;

        iterator() = default;
        explicit iterator(std::uint64_t edge) : edge_(edge) {}
        std::uint64_t operator*() const { return edge_; }
        iterator& operator++() {
            ++edge_;
            return *this;
        }
        iterator operator++(int) { return iterator(edge_++); }
        bool operator==(const iterator&) const = default;

       private:
        std::uint64_t edge_ = 0;
    };

    EdgeRange(std::uint64_t first, std::uint64_t last) : first_(first), last_(last) {}
    [[nodiscard]] iterator begin() const { return iterator(first_); }
    [[nodiscard]] iterator end() const { return iterator(last_); }
    [[nodiscard]] std::uint64_t size() const { return last_ - first_; }
    [[nodiscard]] bool empty() const { return first_ == last_; }

   private:
    std::uint64_t first_;
    std::uint64_t last_;
};

/// The explored part of a transition system, in compressed sparse rows.  Node ids are 32-bit and follow
/// breadth-first discovery order: depth never decreases with the id.  Two nodes may be joined by several
/// edges.
struct StateGraph {
    Column<std::uint64_t> first;   ///< node_count() + 1 entries; node n owns edges [first[n], first[n+1])
    Column<std::uint32_t> target;  ///< per edge
    CodedColumn duration;          ///< per edge, ms
    Column<std::uint8_t> tags;     ///< per edge
    CodedColumn marks;             ///< per node; bit 0: goal
    Column<std::uint32_t> parent;  ///< per node; an initial node is its own parent
    StepColumn depth;              ///< per node: fewest steps from an initial node, no filter
    std::vector<std::uint32_t> initial;  ///< the initial nodes, each once

    [[nodiscard]] std::uint32_t node_count() const { return static_cast<std::uint32_t>(marks.size()); }
    [[nodiscard]] std::uint64_t edge_count() const { return target.size(); }

    /// The ids of the edges that leave `node`.
    [[nodiscard]] EdgeRange out_edges(std::uint32_t node) const { return {first[node], first[node + 1ULL]}; }

    /// The nodes the edges of `node` lead to, in the order of the edges.
    [[nodiscard]] auto successors(std::uint32_t node) const {
        return std::views::iota(first[node], first[node + 1ULL]) |
               std::views::transform([this](std::uint64_t edge) { return target[edge]; });
    }

    /// Whether `node` bears any of the marks in `mask`.
    [[nodiscard]] bool has_mark(std::uint32_t node, std::uint32_t mask) const {
        return (marks[node] & mask) != 0;
    }

    /// The bytes allocated for all of the above.
    [[nodiscard]] std::uint64_t memory_bytes() const {
        return first.memory_bytes() + target.memory_bytes() + duration.memory_bytes() + tags.memory_bytes() +
               marks.memory_bytes() + parent.memory_bytes() + depth.memory_bytes() +
               sizeof(std::uint32_t) * initial.capacity();
    }
};

}  // namespace halfopen::explorer
