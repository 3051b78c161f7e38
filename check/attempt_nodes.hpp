/// Where in a graph the attempts of a client begin and end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "check/exploration_with_cells.hpp"

namespace halfopen {

/// The mark that recovery_marks() gives a client that has recovered.
constexpr std::uint32_t recovered_mark(std::size_t client) { return 2U << client; }

/// An edge by which something was drawn.  Edges of one node with the same event are the outcomes of one draw.
struct ChanceEdge {
    std::uint64_t event = 0;  ///< which event of the node it belongs to
    double share = 1;
    int attempt_of = -1;  ///< the client that drew for a new connect(), or -1
};

/// What labels say beyond what a graph keeps of them, where something was drawn or clients changed places:
/// these steps are taken again, once for all that is asked of them.
class RetakenSteps {
   public:
    explicit RetakenSteps(WorldExploration& exploration);

    /// What there will be of a graph: found by one look at its edges.
    struct Sizes {
        explicit Sizes(const explorer::StateGraph& graph);
        [[nodiscard]] std::uint64_t bytes() const;

        std::size_t nodes, places = 1, chances = 0, moves = 0;
    };

    /// All edges of a node where one of them has tag::chance, in the order in which they are stored; else
    /// none.
    std::span<const ChanceEdge> chances(std::uint32_t node) const {
        return of(node, chances_, &Place::chances);
    }
    /// Where clients stand after each edge of a node where one of them has tag::moved; else none.
    std::span<const ClientPermutation> moves(std::uint32_t node) const {
        return of(node, moves_, &Place::moves);
    }

   private:
    /// Where in the lists those of a node begin; they end where those of the next place do.
    struct Place {
        std::size_t chances = 0, moves = 0;
    };

    template <class T>
    std::span<const T> of(std::uint32_t node, const std::vector<T>& list, std::size_t Place::*begin) const {
        const std::uint32_t place = place_[node];
        if (place == explorer::no_node) return {};
        const std::size_t first = places_[place].*begin;
        return std::span(list).subspan(first, places_[place + std::size_t{1}].*begin - first);
    }

    std::vector<std::uint32_t> place_;  ///< per node; no_node: neither list has anything of it
    std::vector<Place> places_;
    std::vector<ChanceEdge> chances_;
    std::vector<ClientPermutation> moves_;
};

/// The scenario's own numbers among a world's origins: those that were not drawn during the run.
std::vector<Origin> scenario_numbers(const World& world);

}  // namespace halfopen
