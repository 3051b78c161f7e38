/// Parties whose numbers are drawn and compared alike.
#pragma once

#include <vector>

#include "spec/numbers/comparison.hpp"

namespace halfopen {

/// The comparisons, and all that are like them: what is made of a number of one of a group's roles is taken
/// to be made of the others' as well, what is made of two different roles of a group of every other two.
/// Sorted, each once.
std::vector<Comparison> with_alike(std::vector<Comparison> comparisons,
                                   const std::vector<std::vector<OriginRole>>& groups);

}  // namespace halfopen
