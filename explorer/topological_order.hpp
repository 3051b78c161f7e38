/// An order in which values can be handed from targets to sources.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "explorer/boost_adaptor.hpp"

namespace halfopen::explorer {

/// All nodes, what an edge leads to before what it leaves; nothing where the view has a cycle.  Kahn's
/// algorithm ("Topological sorting of large networks", CACM 1962): four bytes a node beside the order,
/// whatever the graph, where a depth-first search keeps its path.  O(nodes + edges).
std::optional<std::vector<std::uint32_t>> targets_first(const GraphView& view);

}  // namespace halfopen::explorer
