/// --checkpoint, --checkpoint-every and --resume.
#pragma once

#include <memory>
#include <string>

#include "check/checkpoints.hpp"
#include "cli/common.hpp"

namespace halfopen::cli {

struct CheckpointOptions {
    std::string write_to;
    std::string every;
    std::string resume_from;
};

void add_checkpoint_options(CLI::App& app, CheckpointOptions& options);

/// Of a check of `scenario` with `check`, which has everything applied; null where none is asked for.  Throws
/// InputError.
std::unique_ptr<Checkpoints> checkpoints_of(const CheckpointOptions& options, const ExploreOptions& explore,
                                            const Scenario& scenario, const CheckOptions& check);

}  // namespace halfopen::cli
