#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "explorer/state_graph.hpp"
#include "explorer/state_store.hpp"
#include "explorer/transition_system.hpp"

namespace halfopen::explorer {

/// The successors of a few consecutive nodes, as one thread worked them out while the store stood still.
struct Expansion {
    /// An edge whose end may not be in the store yet.
    struct Found {
        std::uint32_t target;    ///< no_node: not in the store when it was looked up
        std::uint32_t duration;  ///< ms
        std::uint8_t tags;
        std::uint32_t marks = 0;  ///< of the state; this and the rest only where there is no target
        std::uint64_t hash = 0;   ///< of the packed state
        std::size_t end = 0;      ///< its bytes end here in `bytes`, and begin where those before it end
    };

    std::vector<std::uint32_t> degrees;  ///< per node
    std::vector<Found> edges;            ///< node by node
    PackedState bytes;                   ///< the packed states that were not in the store
    std::exception_ptr error;            ///< what the system threw; then the rest is worth nothing

    void clear() {
        degrees.clear();
        edges.clear();
        bytes.clear();
        error = nullptr;
    }
};

/// Expands nodes for one thread.
template <TransitionSystem S>
class Expander {
   public:
    explicit Expander(S& system) : system_(&system) {}

    /// Fills `out` with the successors of nodes [first, last).
    void expand(const StateStore& states, std::uint32_t first, std::uint32_t last, Expansion& out) {
        out.clear();
        try {
            for (std::uint32_t node = first; node < last; ++node) {
                expand(states, node, out);
            }
        } catch (...) {
            out.error = std::current_exception();
        }
    }

   private:
    using State = typename S::State;
    using Label = typename S::Label;

    /// A system may also offer unpack(bytes, state), which uses the memory of an old state again.
    static constexpr bool unpacks_in_place =
        std::default_initializable<State> &&
        requires(const S& fixed, std::span<const std::byte> bytes, State& state) {
        fixed.unpack(bytes, state);
    };
    struct Nothing {};

    void expand(const StateStore& states, std::uint32_t node, Expansion& out) {
        const S& fixed = *system_;
        const std::size_t edges_before = out.edges.size();
        bytes_.clear();
        // First all successors, and only then the look-ups: the memory has meanwhile been told of them.
        const auto sink = [&](const Label& label, const State& state) {
            const std::size_t begin = bytes_.size();
            fixed.pack(state, bytes_);
            Expansion::Found found{no_node, static_cast<std::uint32_t>(label.duration()),
                                   static_cast<std::uint8_t>(label.tags())};
            found.hash = StateStore::hash_of(std::span(bytes_).subspan(begin));
            found.end = bytes_.size();
            states.prefetch(found.hash);
            out.edges.push_back(found);
        };
        if constexpr (unpacks_in_place) {
            fixed.unpack(states[node], expanded_);
            system_->successors(std::as_const(expanded_), sink);
        } else {
            system_->successors(static_cast<State>(fixed.unpack(states[node])), sink);
        }
        std::size_t begin = 0;
        for (Expansion::Found& found : std::span(out.edges).subspan(edges_before)) {
            const std::span<const std::byte> packed = std::span(bytes_).subspan(begin, found.end - begin);
            begin = found.end;
            if (const auto known = states.find(packed, found.hash)) {
                found.target = *known;
            } else {
                found.marks = marks_of(packed);
                out.bytes.insert(out.bytes.end(), packed.begin(), packed.end());
                found.end = out.bytes.size();
            }
        }
        out.degrees.push_back(static_cast<std::uint32_t>(out.edges.size() - edges_before));
    }

    [[nodiscard]] std::uint32_t marks_of(std::span<const std::byte> packed) {
        const S& fixed = *system_;
        if constexpr (unpacks_in_place) {
            fixed.unpack(packed, expanded_);
            return static_cast<std::uint32_t>(fixed.marks(std::as_const(expanded_)));
        } else {
            return static_cast<std::uint32_t>(fixed.marks(static_cast<State>(fixed.unpack(packed))));
        }
    }

    PackedState bytes_;  // the successors of the node at hand
    S* system_;
    std::conditional_t<unpacks_in_place, State, Nothing> expanded_{};  // the state being expanded
};

}  // namespace halfopen::explorer
