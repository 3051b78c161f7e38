/// Explores a world until the cells of its fresh numbers are fine enough for every comparison that it makes.
#pragma once

#include <memory>

#include "check/check.hpp"
#include "explorer/search.hpp"

namespace halfopen {

struct WorldExploration {
    std::unique_ptr<WorldSystem> system;
    explorer::Exploration found;
    std::vector<Comparison> comparisons;  ///< all that were ever made; the cells respect every one
    Cuts cuts;
    bool joint_cells = false;  ///< the cuts are with_sums()
};

/// Begins with `known` comparisons and explores; where comparisons show up that some cell does not respect,
/// the cells are cut finer, and the search starts again unless all that it has seen stays as it is.  At the
/// end every comparison made is constant on every cell, so each run of the representatives stands for the
/// runs of all numbers of their cells (design §5).  Ends early at the limits.
WorldExploration explore_with_cells(const Model& model, std::vector<Comparison> known,
                                    const WorldOptions& world_options, const CheckOptions& options);

/// Lets Z3 prove that the cells used cover all values and that no comparison tells a value from its
/// representative.
CellProof prove_cells(const WorldExploration& exploration);

}  // namespace halfopen
