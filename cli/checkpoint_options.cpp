#include "cli/checkpoint_options.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "check/checkpoint_question.hpp"
#include "cli/arguments.hpp"
#include "cli/certified_question.hpp"
#include "cli/program_identity.hpp"
#include "cli/progress.hpp"
#include "spec/world/setting.hpp"

namespace halfopen::cli {

void add_checkpoint_options(CLI::App& app, CheckpointOptions& options) {
    app.add_option(
           "--checkpoint", options.write_to,
           "a file that the search is written down in, so that after a kill or a limit --resume goes on")
        ->type_name(argument::file);
    app.add_option("--checkpoint-every", options.every, "how often, e.g. 10min (default: 60s)")
        ->type_name(argument::duration);
    app.add_option("--resume", options.resume_from,
                   "go on where the search of this --checkpoint FILE stood; limits and --jobs may differ")
        ->type_name(argument::file);
}

std::unique_ptr<Checkpoints> checkpoints_of(const CheckpointOptions& options, const ExploreOptions& explore,
                                            const Scenario& scenario, const CheckOptions& check) {
    if (!options.every.empty() && options.write_to.empty())
        throw InputError("--checkpoint-every: nothing is written without --checkpoint FILE");
    if (options.write_to.empty() && options.resume_from.empty()) return nullptr;
    CheckpointSettings settings;
    settings.write_to = options.write_to;
    settings.resume_from = options.resume_from;
    if (!options.every.empty())
        settings.every =
            std::chrono::milliseconds(parse_duration(options.every, {"--checkpoint-every", 0, 0}));
    const verifier::Question question = question_of(explore);
    settings.question = to_text({program_identity(), question, check.merge_commuting_steps, check.symmetry,
                                 check.joint_cells, digests_of(scenario, question)});
    settings.warn = [quiet = explore.quiet](const std::string& what) {
        end_progress(quiet);
        fmt::print(stderr, "halfopen: {}; the search goes on without this checkpoint\n", one_line(what));
    };
    return std::make_unique<Checkpoints>(std::move(settings));
}

}  // namespace halfopen::cli
