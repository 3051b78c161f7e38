/// How much memory is taken by what follows a search.
#pragma once

#include <cstdint>

#include "check/exploration_with_cells.hpp"

namespace halfopen {

/// What Z3 takes for its proofs, its own code included: 18 to 32 MiB, whatever the scenario.
constexpr std::uint64_t bytes_to_prove = 34ULL << 20U;

/// The same once Z3 has been asked something, so that its code is there already: three blocks of 8.1 MiB, for
/// a context and a solver, and what is said to it.
constexpr std::uint64_t bytes_to_prove_again = 27ULL << 20U;

/// explorer::judge() and the other analyses of a graph, by the sizes of what they allocate.
std::uint64_t bytes_to_judge(const explorer::StateGraph& graph);

/// The most that is taken at a time after the search, beside the exploration: by the sizes of what judging, a
/// certificate (where one is wanted), following clients through their attempts and proving will allocate.
/// Each gives back what it took before the next begins.
std::uint64_t bytes_after_search(const WorldExploration& exploration, const CheckOptions& options);

/// Lets the kernel have what was freed: glibc keeps it in pieces between what is still in use, a tenth of
/// what is resident after threads have searched, 4 MiB after Z3.
void give_back_what_was_freed();

/// Whether so much is left of Limits::resident_bytes, once what was freed has gone back to the kernel.
bool has_room(const CheckOptions& options, std::uint64_t bytes);

}  // namespace halfopen
