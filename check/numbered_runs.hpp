/// Runs in which one fresh number has a value of one's own choice, whatever cell it lies in.
#pragma once

#include <cstdint>
#include <optional>

#include "check/exploration_with_cells.hpp"

namespace halfopen {

enum class AttemptOutcome : std::uint8_t {
    GetsThrough,  ///< in every order of events the client has its connection back
    Depends,      ///< on the order of events
    Fails,        ///< in every order it is given up, or goes on for ever without a way to recover
    Open          ///< a limit was hit
};
std::string_view to_string(AttemptOutcome outcome);

/// What becomes of the client's first attempt after the fault if it draws `iss`.  Every order of events is
/// run, with the numbers as drawn: nothing is renamed, so that no cell stands for the number.  All other
/// draws are those of the generic cells.
///
/// meets: the old connection (by the RCV.NXT that the server has for it) that the SYN has to meet; attempts
/// that meet another one or none count as getting through.  Nothing: it may meet anything, and fails where
/// the client never has its connection back; one that it loses again and gives up does not count.
AttemptOutcome attempt_with(const Model& model, const Cuts& cuts, std::size_t client, std::uint32_t iss,
                            std::optional<std::uint32_t> meets);

}  // namespace halfopen
