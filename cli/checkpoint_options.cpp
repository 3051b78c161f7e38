#include "cli/checkpoint_options.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <fstream>

#include "check/checkpoint_question.hpp"
#include "cli/arguments.hpp"
#include "cli/certified_question.hpp"
#include "cli/progress.hpp"
#include "spec/world/setting.hpp"
#include "verifier/sha256.hpp"

namespace halfopen::cli {

namespace {

/// A number would not do: between two builds of one version the steps of a world may differ, and a search
/// that is half of the one kind and half of the other proves nothing.
std::string this_program() {
    std::ifstream self("/proc/self/exe", std::ios::binary);
    verifier::Sha256 hash;
    std::array<char, 1U << 16U> piece{};
    while (self.read(piece.data(), piece.size()) || self.gcount() > 0)
        hash.add(std::as_bytes(std::span(piece).first(static_cast<std::size_t>(self.gcount()))));
    std::string program = "halfopen " HALFOPEN_VERSION " ";
    for (const std::byte byte : hash.finish()) program += fmt::format("{:02x}", byte);
    return program;
}

}  // namespace

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
    settings.question = to_text({this_program(), question, check.merge_commuting_steps, check.symmetry,
                                 check.joint_cells, digests_of(scenario, question)});
    settings.warn = [quiet = explore.quiet](const std::string& what) {
        end_progress(quiet);
        fmt::print(stderr, "halfopen: {}; the search goes on without this checkpoint\n", one_line(what));
    };
    return std::make_unique<Checkpoints>(std::move(settings));
}

}  // namespace halfopen::cli
