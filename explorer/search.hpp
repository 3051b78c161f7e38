#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "explorer/crew.hpp"
#include "explorer/expansion.hpp"
#include "explorer/exploration.hpp"
#include "explorer/limits.hpp"
#include "explorer/numbering.hpp"
#include "explorer/replay.hpp"
#include "explorer/transition_system.hpp"

namespace halfopen::explorer {

/// Called between two batches of a search, when no system is at work, with the number of states expanded.
/// May look at the systems and change them, as long as they stay the same functions of the state; or end the
/// search.
using Pause = std::function<std::optional<StopReason>(std::uint32_t expanded)>;

/// Called between two batches too, before Pause, and when the search is over, unless Pause has ended it.
/// `found` is then whole up to found.expanded nodes: explore() can begin with a copy of it and goes on as
/// this search does.  `stop`: why this one does not (Complete: it is done).
using Keep = std::function<void(const Exploration& found, std::optional<StopReason> stop)>;

/// What may come in between, and what a search may begin with.
struct Course {
    Pause pause = {};
    Keep keep = {};
    /// Of an earlier search of equal systems, as Keep was given it.  Must not lie deeper than
    /// Limits::max_depth.
    Exploration begun = {};
};

/// A breadth-first search in progress; use explore() below.
///
/// Node ids double as the queue: the states not yet expanded are always the ones with the highest ids.  The
/// queue is worked off in batches.  While a batch is expanded the store only answers questions, so any number
/// of threads can do that, each with a system of its own.  Then the states that are new get their numbers
/// (Numbering), those that a single thread would have given them had it met one after the other.  How long a
/// batch is depends on nothing but the number of states, so everything is the same for any number of threads.
template <TransitionSystem S>
class Search {
   public:
    Search(std::span<S* const> systems, const Limits& limits, ProgressCallback report, Course course)
        : system_(*systems.front()),
          crew_(static_cast<unsigned>(systems.size())),
          watch_(limits, std::move(report)),
          pause_(std::move(course.pause)),
          keep_(std::move(course.keep)),
          found_(std::move(course.begun)),
          numbering_(found_, limits.max_depth.value_or(no_node)) {
        for (S* const system : systems) {
            expanders_.emplace_back(*system);
        }
    }

    Exploration run() && {
        if (found_.states.size() == 0) {
            add_initial_states();
        }
        std::optional<StopReason> stop;
        std::uint32_t node = found_.expanded;
        std::uint32_t next_check = node;
        while (node < found_.states.size()) {
            if (node >= next_check) {
                next_check = node + states_between_checks;
                stop =
                    watch_.check(progress(node), found_.states.memory_bytes() + found_.graph.memory_bytes());
                keep(node, stop);
                if (!stop && pause_) {
                    stop = pause_(node);
                }
                if (stop) {
                    break;
                }
            }
            const std::uint32_t next = expand_from(node);
            if (next == node) {
                stop = StopReason::Memory;
                keep(node, stop);
                break;
            }
            node = next;
        }
        found_.expanded = numbering_.first_cut().value_or(node);
        const StopReason end = numbering_.first_cut() ? StopReason::Depth : StopReason::Complete;
        found_.stopped = stop.value_or(end);
        if (!stop) {
            keep(node, found_.stopped);
        }
        found_.elapsed = watch_.elapsed();
        return std::move(found_);
    }

   private:
    using State = typename S::State;

    static constexpr std::uint32_t states_between_checks = 256;
    static constexpr std::uint32_t shortest_batch = 128;
    static constexpr std::uint32_t longest_batch = 4096;
    static constexpr std::uint32_t part_nodes = 32;  // that a thread takes at a time
    static_assert(part_nodes % RowBlock::rows == 0);

    void add_initial_states() {
        PackedState bytes;
        const auto sink = [&, this](const State& state) {
            const std::uint32_t next = found_.states.size();
            bytes.clear();
            std::as_const(system_).pack(state, bytes);
            if (found_.states.insert(bytes).second) {
                enter(static_cast<std::uint32_t>(std::as_const(system_).marks(state)), 0);
                found_.graph.initial.push_back(next);
            }
        };
        system_.initial(sink);
    }

    void keep(std::uint32_t node, std::optional<StopReason> stop) {
        if (keep_) {
            found_.expanded = numbering_.first_cut().value_or(node);
            keep_(found_, stop);
        }
    }

    /// Expands a batch of nodes that begins with `first`; gives the node after it, or `first` if there is no
    /// room for its successors, in the store or in memory.  Then all is as if the batch had not been begun.
    std::uint32_t expand_from(std::uint32_t first) {
        const std::uint32_t length = std::clamp(first / 8, shortest_batch, longest_batch);
        const std::uint32_t last = first + std::min(length, found_.states.size() - first);
        // All but the first part begin with a block of the graph's rows.
        const auto begin_of = [&](std::uint32_t part) {
            return part == 0 ? first : std::min(last, (first / part_nodes + part) * part_nodes);
        };
        const std::uint32_t parts = (last - 1) / part_nodes - first / part_nodes + 1;
        if (parts_.size() < parts) parts_.resize(parts);
        const std::span<Expansion> batch = std::span(parts_).first(parts);
        std::atomic<bool> full{false};
        each(parts, [&](unsigned member, std::uint32_t part) {
            if (full) return;
            if (expanders_[member].expand(found_.states, begin_of(part), begin_of(part + 1), batch[part],
                                          [this, &full] { return full || watch_.is_passed(); }))
                full = true;
        });
        if (full || !numbering_.begin(batch) || watch_.is_passed(numbering_.bytes_to_come())) {
            parts_.clear();
            return first;
        }
        if (numbering_.growing() > 0)
            each(numbering_.growing(), [&](unsigned, std::uint32_t i) { numbering_.grow(i); });
        each(StateStore::shards, [&](unsigned, std::uint32_t shard) { numbering_.sort_out(shard); });
        numbering_.number();
        each(parts, [&](unsigned, std::uint32_t part) { numbering_.encode(batch[part]); });
        numbering_.enter();
        return last;
    }

    /// f(member of the crew, i) for every i below `count`, each once.  Throws what the first of them throws.
    template <class F>
    void each(std::uint32_t count, const F& f) {
        std::atomic<std::uint32_t> next{0};
        std::mutex mutex;
        std::uint32_t failed = count;
        std::exception_ptr error;
        const auto take = [&](unsigned member) {
            for (std::uint32_t i = next++; i < count; i = next++) {
                try {
                    f(member, i);
                } catch (...) {
                    const std::lock_guard lock(mutex);
                    if (i < failed) error = std::current_exception();
                    failed = std::min(failed, i);
                }
            }
        };
        if (crew_.size() > 1 && count > 1) {
            crew_.work(take);
        } else {
            take(0);
        }
        if (error) std::rethrow_exception(error);
    }

    void enter(std::uint32_t marks, std::uint32_t depth) {
        found_.graph.marks.push_back(marks);
        found_.graph.depth.push_back(depth);
    }

    [[nodiscard]] Progress progress(std::uint32_t node) const {
        const std::uint64_t states = found_.states.size();
        return {states, found_.graph.edge_count(), states - node, found_.graph.depth[node], {}};
    }

    S& system_;
    Crew crew_;
    std::vector<Expander<S>> expanders_;  // one for each member of the crew
    std::vector<Expansion> parts_;        // of a batch
    LimitWatch watch_;
    Pause pause_;
    Keep keep_;
    Exploration found_;
    Numbering numbering_;
};

/// Explores all states reachable from the initial ones, breadth first and exactly (no state is ever taken for
/// another), so that parents give paths with the fewest steps.
///
/// Uses as many threads as there are systems, which must be equal: the same functions of the state.  Each is
/// used by one thread at a time.  The result is the same for any number of them, to the node's number, unless
/// a timeout or an interrupt ends the search; nor does it depend on whether it is made at once, or was begun
/// with what an earlier one had found.
///
/// At `limits.max_depth` states are still expanded, but only edges to states already known are kept;
/// StopReason::Depth is reported only if an edge was dropped.  More than 2^32 - 2 states end with
/// StopReason::Memory.  The limits are looked at, and `course` called, between batches of at most 4096
/// states; a batch that would take much more memory than is allowed is given up.  `report` is called at most
/// five times a second.
///
/// Throws what a system, `report` or `course` throws, and std::bad_alloc.  Expected O(states + transitions)
/// operations.
template <TransitionSystem S>
[[nodiscard]] Exploration explore(std::span<S* const> systems, const Limits& limits = {},
                                  ProgressCallback report = {}, Course course = {}) {
    return Search<S>(systems, limits, std::move(report), std::move(course)).run();
}

/// The same on the caller's thread alone.
template <TransitionSystem S>
[[nodiscard]] Exploration explore(S& system, const Limits& limits = {}, ProgressCallback report = {}) {
    const std::array<S*, 1> alone{&system};
    return explore<S>(std::span<S* const>(alone), limits, std::move(report));
}

}  // namespace halfopen::explorer
