/// Renaming of numbers: worlds that differ only in values that no logged comparison tells apart become one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "spec/numbers/cells.hpp"

namespace halfopen {

/// New values for the live origins, which come in canonical order.  Origins with a nonzero mark in `fixed`
/// (the literal zero, numbers that the scenario names) keep theirs.  Every other one, in order, gets the
/// representative of the largest (then first) cell in which its relation to all fixed ones and to all earlier
/// ones is what it was.  Where choosing so leaves a later origin no cell, all choose again, in bounds that
/// leave room for the later ones.
///
/// The relation() of every pair of origins is the same after as before, and renaming twice changes nothing.
/// Worlds alike to every comparison become equal; only those that had to choose again may stay apart, by
/// which differences of their values run past 2^32, so that what is reachable stays finite all the same.
std::vector<std::uint32_t> canonical_values(const Cuts& cuts, std::span<const Origin> origins,
                                            std::span<const std::uint8_t> fixed);

}  // namespace halfopen
