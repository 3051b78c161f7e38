#pragma once

#include <chrono>
#include <cstdint>

#include "explorer/limits.hpp"
#include "explorer/state_graph.hpp"
#include "explorer/state_store.hpp"
#include "explorer/transition_system.hpp"

namespace halfopen::explorer {

/// What a search found.
struct Exploration {
    StateGraph graph;
    StateStore states;  ///< the packed state of node n is states[n]
    StopReason stopped = StopReason::Complete;
    std::chrono::milliseconds elapsed{0};
    /// Nodes with a smaller id have all their successors in the graph; after a complete search that is all
    /// nodes.
    std::uint32_t expanded = 0;
};

/// The state that node `node` (< exploration.graph.node_count()) stands for.
template <TransitionSystem S>
[[nodiscard]] typename S::State state_at(const S& system, const Exploration& exploration,
                                         std::uint32_t node) {
    return system.unpack(exploration.states[node]);
}

}  // namespace halfopen::explorer
