#include "check/room.hpp"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>

#include "check/attempt_nodes.hpp"
#include "check/followed_client.hpp"

namespace halfopen {

namespace {

using explorer::StateGraph;

/// A client's graph of its own where it has several places, for each group of interchangeable clients; then,
/// of one at a time and per node of its graph, probabilities (8) and strong components (20), or less for the
/// losing numbers. With them the steps that are taken again.
std::uint64_t bytes_to_follow_clients(const WorldExploration& exploration) {
    const StateGraph& graph = exploration.found.graph;
    std::uint64_t unfolded = 0;
    std::uint64_t places = 1;
    for (const auto& group : alike_clients(exploration)) {
        if (group.size() == 1) continue;
        // Targets are further away, so that one more digit may be needed.
        unfolded +=
            group.size() * (graph.rows.memory_bytes() + graph.edge_count() + graph.marks.memory_bytes());
        places = std::max<std::uint64_t>(places, group.size());
    }
    return RetakenSteps::Sizes(graph).bytes() + unfolded + std::uint64_t{29} * places * graph.node_count();
}

}  // namespace

// judge() with the times, or cycles; corners' outlook takes less.  A breadth-first tree (12 bytes a node),
// beside it strong components (20, at worst) or the order of goals (4) and Dijkstra's costs, parents and heap
// (16, 4, 12).  For a loop strong components (4), two trees and the edges turned round (8, and 4 an edge).
// Sets of nodes are a bit each.
std::uint64_t bytes_to_judge(const StateGraph& graph) {
    const std::uint64_t nodes = graph.node_count();
    return std::max(49 * nodes, 37 * nodes + 4 * graph.edge_count());
}

std::uint64_t bytes_after_search(const WorldExploration& exploration, const CheckOptions& options) {
    std::uint64_t most = bytes_to_judge(exploration.found.graph);
    if (options.judged && options.bytes_when_judged)
        most = std::max(most, options.bytes_when_judged(exploration.found.graph));
    if (options.attempts) most = std::max(most, bytes_to_follow_clients(exploration));
    if (options.prove_coverage) most = std::max(most, bytes_to_prove);
    return most;
}

void give_back_what_was_freed() {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

bool has_room(const CheckOptions& options, std::uint64_t bytes) {
    const auto is_left = [&] {
        return !options.limits.resident_bytes ||
               explorer::resident_bytes() + bytes <= *options.limits.resident_bytes;
    };
    if (is_left()) return true;
    give_back_what_was_freed();
    return is_left();
}

}  // namespace halfopen
