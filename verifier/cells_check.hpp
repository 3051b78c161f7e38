/// Whether the numbers that were drawn stand for all others, by arithmetic of its own.
#pragma once

#include <optional>
#include <string>

#include "spec/world/world_system.hpp"

namespace halfopen::verifier {

/// What is wrong: a comparison that `system` has made since it began, and that its cuts do not respect, or
/// cells of a draw that leave out values, or hold values that such a comparison tells apart.
///
/// The first of these covers renaming as well: two worlds are only taken for one where each of these
/// comparisons has the same answer in both.
std::optional<std::string> fault_in_cells(const WorldSystem& system);

}  // namespace halfopen::verifier
