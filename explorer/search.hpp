#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

#include "explorer/exploration.hpp"
#include "explorer/limits.hpp"
#include "explorer/replay.hpp"
#include "explorer/transition_system.hpp"

namespace halfopen::explorer {

/// A breadth-first search in progress; use explore() below.
///
/// States live packed in the store, and only the one being expanded is unpacked, so memory is a few dozen
/// bytes more than the packed size for each state and 9 bytes for each transition (up to twice that while
/// tables grow). Node ids double as the queue: the states not yet expanded are always the ones with the
/// highest ids.
template <TransitionSystem S>
class Search {
   public:
    Search(S& system, const Limits& limits, ProgressCallback report)
        : system_(system),
          max_depth_(limits.max_depth.value_or(no_node)),
          watch_(limits, std::move(report)) {}

    Exploration run() && {
        add_initial_states();
        std::optional<StopReason> stop;
        std::uint32_t node = 0;
        for (; node < found_.states.size(); ++node) {
            if (node % states_between_checks == 0) {
                stop =
                    watch_.check(progress(node), found_.states.memory_bytes() + found_.graph.memory_bytes());
                if (stop) {
                    break;
                }
            }
            expand(node);
        }
        found_.expanded = first_cut_.value_or(node);
        found_.stopped = stop.value_or(cut_reason_.value_or(StopReason::Complete));
        found_.graph.first.resize(std::size_t{found_.states.size()} + 1, found_.graph.edge_count());
        found_.elapsed = watch_.elapsed();
        return std::move(found_);
    }

   private:
    using State = typename S::State;
    using Label = typename S::Label;

    static constexpr std::uint32_t states_between_checks = 256;

    /// A system may also offer unpack(bytes, state), which uses the memory of an old state again.
    static constexpr bool unpacks_in_place =
        std::default_initializable<State> &&
        requires(const S& fixed, std::span<const std::byte> bytes, State& state) {
        fixed.unpack(bytes, state);
    };
    struct Nothing {};

    void add_initial_states() {
        const auto sink = [this](const State& state) {
            const std::uint32_t next = found_.states.size();
            if (intern(state, next, 0) == next) {
                found_.graph.initial.push_back(next);
            }
        };
        system_.initial(sink);
    }

    void expand(std::uint32_t node) {
        StateGraph& graph = found_.graph;
        graph.first.push_back(graph.edge_count());
        const std::uint32_t depth = graph.depth[node];
        const auto sink = [&, this](const Label& label, const State& state) {
            const std::optional<std::uint32_t> target = admit(state, node, depth);
            if (!target) {
                first_cut_ = first_cut_.value_or(node);
                return;
            }
            graph.target.push_back(*target);
            graph.duration.push_back(static_cast<std::uint32_t>(label.duration()));
            graph.tags.push_back(static_cast<std::uint8_t>(label.tags()));
        };
        if constexpr (unpacks_in_place) {
            std::as_const(system_).unpack(found_.states[node], expanded_);
            system_.successors(std::as_const(expanded_), sink);
        } else {
            system_.successors(static_cast<State>(system_.unpack(found_.states[node])), sink);
        }
    }

    /// The node of a successor.  None if it would be a new node but there is no room, or it lies too deep.
    std::optional<std::uint32_t> admit(const State& state, std::uint32_t parent, std::uint32_t parent_depth) {
        const bool too_deep = parent_depth >= max_depth_;
        if (!too_deep && found_.states.size() < StateStore::max_size) {
            return intern(state, parent, parent_depth + 1);
        }
        const std::optional<std::uint32_t> known = found_.states.find(packed(state));
        if (!known) {
            cut_reason_ = too_deep ? StopReason::Depth : StopReason::Memory;
        }
        return known;
    }

    std::uint32_t intern(const State& state, std::uint32_t parent, std::uint32_t depth) {
        const auto [node, is_new] = found_.states.insert(packed(state));
        if (is_new) {
            found_.graph.marks.push_back(static_cast<std::uint32_t>(std::as_const(system_).marks(state)));
            found_.graph.parent.push_back(parent);
            found_.graph.depth.push_back(depth);
        }
        return node;
    }

    const PackedState& packed(const State& state) {
        scratch_.clear();
        std::as_const(system_).pack(state, scratch_);
        return scratch_;
    }

    [[nodiscard]] Progress progress(std::uint32_t node) const {
        const std::uint64_t states = found_.states.size();
        return {states, found_.graph.edge_count(), states - node, found_.graph.depth[node], {}};
    }

    S& system_;
    std::uint32_t max_depth_;
    LimitWatch watch_;
    Exploration found_;
    PackedState scratch_;
    std::conditional_t<unpacks_in_place, State, Nothing> expanded_{};  // the state being expanded
    std::optional<std::uint32_t> first_cut_;  // the first node that lacks a successor
    std::optional<StopReason> cut_reason_;
};

/// Explores all states reachable from the initial ones, breadth first and exactly (no state is ever taken for
/// another), so that parents give paths with the fewest steps.  Deterministic as far as `system` is.
///
/// At `limits.max_depth` states are still expanded, but only edges to states already known are kept;
/// StopReason::Depth is reported only if an edge was dropped.  More than 2^32 - 2 states end with
/// StopReason::Memory.  The limits are looked at every 256 states; `report` is called at most five times a
/// second.
///
/// Throws what `system` or `report` throws, and std::bad_alloc.  Expected O(states + transitions) operations.
template <TransitionSystem S>
[[nodiscard]] Exploration explore(S& system, const Limits& limits = {}, ProgressCallback report = {}) {
    return Search<S>(system, limits, std::move(report)).run();
}

}  // namespace halfopen::explorer
