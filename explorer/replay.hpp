#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "explorer/exploration.hpp"
#include "explorer/transition_system.hpp"

namespace halfopen::explorer {

/// One step of a replayed path: the label, and the state it led to.
template <TransitionSystem S>
struct Step {
    typename S::Label label;
    typename S::State state;
};

/// Which of several edges between the same two nodes a path takes.  Least: right for best paths and timeless
/// cycles.  Most: right for worst paths and timed cycles, whose time the edge of least duration would lose.
enum class ParallelEdges { LeastDuration, MostDuration };

/// Regenerates the labels and states along `path`, a sequence of node ids each joined to the next by an edge
/// that passes `filter`, by running successors again.  (Labels are not kept during the search: they would
/// cost more than the states.)  Gives path.size() - 1 steps, none for an empty path; the state of
/// path.front() is had from state_at().  Among parallel edges takes the one `prefer` says; of equal ones, the
/// first in order. A lasso's prefix followed by its loop is such a path.
///
/// Throws std::invalid_argument where two nodes are not so joined.  O(sum of the out-degrees along the path).
template <TransitionSystem S>
[[nodiscard]] std::vector<Step<S>> replay(S& system, const Exploration& exploration,
                                          std::span<const std::uint32_t> path, EdgeFilter filter = {},
                                          ParallelEdges prefer = ParallelEdges::LeastDuration) {
    std::vector<Step<S>> steps;
    PackedState bytes;
    for (std::size_t i = 1; i < path.size(); ++i) {
        const auto wanted = exploration.states[path[i]];
        std::optional<Step<S>> chosen;
        const auto sink = [&](const typename S::Label& label, const typename S::State& state) {
            if (!filter.admits(static_cast<std::uint8_t>(label.tags()))) {
                return;
            }
            bytes.clear();
            std::as_const(system).pack(state, bytes);
            if (!std::ranges::equal(bytes, wanted)) {
                return;
            }
            const auto better = [&](const typename S::Label& old) {
                const auto now = static_cast<std::uint32_t>(label.duration());
                const auto then = static_cast<std::uint32_t>(old.duration());
                return prefer == ParallelEdges::LeastDuration ? now < then : now > then;
            };
            if (!chosen || better(chosen->label)) {
                chosen.emplace(Step<S>{label, state});
            }
        };
        system.successors(state_at(std::as_const(system), exploration, path[i - 1]), sink);
        if (!chosen) {
            throw std::invalid_argument("replay: two nodes of the path are not joined by an edge");
        }
        steps.push_back(*std::move(chosen));
    }
    return steps;
}

}  // namespace halfopen::explorer
