#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "explorer/state_graph.hpp"

/// Infinite behaviours, as lassos.  In a finite graph there is an endless run with some property of these
/// kinds just if there is a lasso with it: a nontrivial strong component in reach (Baier & Katoen,
/// "Principles of Model Checking", sec. 4.4.2).  All functions are O(nodes + edges).  Nodes out of reach
/// under the filter are absent.
namespace halfopen::explorer {

/// A path into a cycle.
struct Lasso {
    std::vector<std::uint32_t>
        prefix;  ///< from an initial node to the node where the loop begins, both included
    /// The nodes after the last of the prefix, up to and including that same node again.  Empty: the prefix
    /// ends in a node without successors and stays there.  A node may occur twice if the loop must, to take
    /// in a timed edge.
    std::vector<std::uint32_t> loop;
};

/// A cycle that takes time (has an edge of duration > 0) and passes no goal: recovery can be put off without
/// end. Of the nodes on such cycles the loop begins at the one nearest to an initial node (fewest steps), and
/// it is the shortest from there through a timed edge.  Where parallel edges differ in duration, replay it
/// with ParallelEdges::MostDuration.
std::optional<Lasso> timed_cycle(const StateGraph& graph, EdgeFilter filter = {});

/// A cycle of edges of duration 0 that passes no goal: endlessly many steps in no time, a storm.  Nearest and
/// shortest as above.
std::optional<Lasso> timeless_cycle(const StateGraph& graph, EdgeFilter filter = {});

struct Cycle {
    Lasso lasso;
    bool timed = false;
};

/// A timeless_cycle() if there is one, else a timed_cycle(): both questions at the price of one where the
/// answer is no.
std::optional<Cycle> cycle(const StateGraph& graph, EdgeFilter filter = {});

/// A run that ends up in `set` (an entry for each node) for good: the nearest node of the set that lies on a
/// cycle inside the set, and the shortest such cycle; or, if strictly nearer, a node of the set without
/// successors, with an empty loop.  The prefix may go anywhere.
std::optional<Lasso> lasso_within(const StateGraph& graph, const std::vector<bool>& set,
                                  EdgeFilter filter = {});

}  // namespace halfopen::explorer
