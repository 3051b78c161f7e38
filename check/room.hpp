/// How much memory is taken by what follows a search.
#pragma once

#include <cstdint>

#include "check/exploration_with_cells.hpp"

namespace halfopen {

/// What Z3 takes for its proofs, its own code included: 18 to 32 MiB, whatever the scenario.
constexpr std::uint64_t bytes_to_prove = 34ULL << 20U;

/// explorer::judge() and the other analyses of a graph, by the sizes of what they allocate.
std::uint64_t bytes_to_judge(const explorer::StateGraph& graph);

/// The most that is taken at a time after the search, beside the exploration: by the sizes of what judging, a
/// certificate (where one is wanted), following clients through their attempts and proving will allocate.
/// Each gives back what it took before the next begins.
std::uint64_t bytes_after_search(const WorldExploration& exploration, const CheckOptions& options);

/// Whether so much is left of Limits::resident_bytes, once what was freed has gone back to the kernel.
bool has_room(const CheckOptions& options, std::uint64_t bytes);

}  // namespace halfopen
