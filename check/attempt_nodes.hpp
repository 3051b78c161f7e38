/// Where in a graph the attempts of a client begin and end.
#pragma once

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

/// All edges of a node where one of them has tag::chance, in the order in which they are stored; else empty.
std::vector<ChanceEdge> chance_edges(WorldExploration& exploration, std::uint32_t node);

/// Nodes from which a run comes to one of `ends`, over edges that the filter admits and through nodes of
/// `open`.
std::vector<bool> can_come_to(const explorer::StateGraph& graph, std::vector<bool> ends,
                              const std::vector<bool>& open, explorer::EdgeFilter filter);

/// The scenario's own numbers among a world's origins: those that were not drawn during the run.
std::vector<Origin> scenario_numbers(const World& world);

}  // namespace halfopen
