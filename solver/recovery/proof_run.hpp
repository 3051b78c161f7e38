/// A run of a proof as it is shown: with the numbers that one of Z3's models gives it.
#pragma once

#include <z3++.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "solver/recovery/connection.hpp"
#include "solver/recovery/drawn_numbers.hpp"
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

/// The path on which a search has failed.
struct FailedPath {
    std::vector<LoggedStep> log;
    std::vector<NamedNumber> numbers;
    z3::model values;
    std::size_t loop_from;  ///< index into the log, where it comes round
};

/// What the path shows, into its failure.
void show(ProofFailure& failure, const FairRun& run, z3::context& context, const FailedPath& path);

std::vector<ProofStep> shown(const FairRun& run, const std::vector<LoggedStep>& log, z3::context& context,
                             const z3::model& model);

}  // namespace halfopen
