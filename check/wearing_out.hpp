/// Rounds that cannot go on for ever, though in the explorer's graph they do.
///
/// Renaming keeps how numbers stand to each other and forgets how many lie between two of them
/// (docs/theory.md, "Renaming").  A run whose every round draws a number between the last one and an edge
/// that stays goes round for ever in the graph; in truth each round leaves less room, and some day there is
/// none.
#pragma once

#include "check/exploration_with_cells.hpp"
#include "explorer/cycles.hpp"

namespace halfopen {

/// Whether each cycle of the graph that passes no goal leaves less room than there was, for all numbers of
/// the cells from which it draws: the room that the mappings of all NATs leave one side, from the right edge
/// of what it has sent to that of what it was granted.  So no run with such numbers goes on for ever.  Z3 is
/// asked about each step; progress.hpp has the argument by which the steps make a ranking function.
///
/// endless: a cycle in question, which is looked at first.  False also where there are too many steps to ask
/// about.  exploration: complete; its system works out the steps again.
bool every_cycle_wears_out(WorldExploration& exploration, const explorer::Lasso& endless);

}  // namespace halfopen
