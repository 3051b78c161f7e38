/// A run of a proof as it is shown: with the numbers that one of Z3's models gives it.
#pragma once

#include <z3++.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "solver/recovery/connection.hpp"
#include "solver/recovery/proof.hpp"

namespace halfopen {

struct LoggedStep {
    std::uint64_t ms;  ///< since the first connect(), at most
    FairEvent event;
    Happened happened;
};

/// Of which only bounds were known, so that it is none that the run has started itself.
std::optional<OldTimer> first_old_timer(const std::vector<LoggedStep>& log);

/// Before the first SYN of a run that begins in SYN_SENT.
std::uint8_t syns_lost(const std::vector<LoggedStep>& log);

std::vector<ProofStep> shown(const FairRun& run, const std::vector<LoggedStep>& log, z3::context& context,
                             const z3::model& model);

}  // namespace halfopen
