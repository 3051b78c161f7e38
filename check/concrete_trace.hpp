/// A path through the explored graph as one run with numbers that fit together.
#pragma once

#include <stdexcept>

#include "check/exploration_with_cells.hpp"
#include "explorer/cycles.hpp"

namespace halfopen {

/// A path that no numbers take: somewhere on it two worlds were taken for one that are not
/// (CheckOptions::joint_cells).
struct NoSuchRun : std::logic_error {
    NoSuchRun()
        : std::logic_error(
              "a step of the run cannot be made with real numbers; --joint-cells tells more worlds apart") {}
};

/// Nodes of the graph stand for all worlds that differ only in what no comparison can tell apart, so numbers
/// may change their names along an edge.  This runs the path again with real numbers throughout, and at every
/// step makes sure that the world reached is one that the path's node stands for.  loop: where the witness's
/// loop begins.  Throws NoSuchRun where the path cannot be followed.
/// last_tags: of several steps to the last node, one that has any of these.
Trace concrete_trace(WorldExploration& exploration, const explorer::Lasso& witness,
                     std::uint8_t last_tags = 0);

}  // namespace halfopen
