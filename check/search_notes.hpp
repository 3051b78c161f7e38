/// What a search of worlds knows beside the states and the graph, for a checkpoint.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "spec/world/world_system.hpp"

namespace halfopen {

/// Of one round of explore_with_cells().
struct SearchNotes {
    std::vector<Comparison> known;   ///< with which the round began
    std::vector<Comparison> cut_by;  ///< that the cells respect now
    WorldSystem::Notes met;
    std::uint64_t looked_at = 0;   ///< comparisons in the log when it was last looked at
    std::uint64_t restart_at = 0;  ///< states expanded after which the round ends; 0: it does not

    friend bool operator==(const SearchNotes&, const SearchNotes&) = default;
};

std::vector<std::byte> to_bytes(const SearchNotes& notes);
/// Nothing where the bytes are none that to_bytes() gives.
std::optional<SearchNotes> notes_from(std::span<const std::byte> bytes);

}  // namespace halfopen
