/// What a single number drawn from a corner changes (design §5).
#pragma once

#include <vector>

#include "check/exploration_with_cells.hpp"

namespace halfopen {

/// exploration: of a world with Corners::One.  Lists the corner cells whose outcome is worse than the
/// headline's, or slower where both are bounded, worst first.  After the corner all numbers are generic
/// again.
std::vector<CornerReport> corner_reports(WorldExploration& exploration, explorer::Verdict headline,
                                         std::uint64_t headline_worst_ms);

/// "ISS = RCV.NXT - 1", "ISS - RCV.NXT in [0, 65535)": a cell by its distance to the nearest live number.
std::string describe_cell(const Cell& cell, OriginRole drawn, std::span<const Origin> live);

}  // namespace halfopen
