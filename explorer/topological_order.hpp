/// An order in which values can be handed from targets to sources.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "explorer/boost_adaptor.hpp"

namespace halfopen::explorer {

/// All nodes, what an edge leads to before what it leaves; nothing where the view has a cycle.
std::optional<std::vector<std::uint32_t>> targets_first(const GraphView& view);

}  // namespace halfopen::explorer
