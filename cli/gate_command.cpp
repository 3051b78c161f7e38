#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/git_revision.hpp"
#include "cli/interrupt.hpp"
#include "cli/output.hpp"
#include "cli/program_identity.hpp"
#include "gate/reports.hpp"
#include "spec/world/setting.hpp"

namespace halfopen::cli {
namespace {

namespace fs = std::filesystem;

struct GateArguments {
    std::string baseline, candidate, revision;
    std::vector<std::string> scenarios, allow, formats;
    std::string slower = "1s", timeout = "40s", cache, isn = "generic";
    unsigned jobs = 0;
    bool no_cache = false, quiet = false;
};

/// The folder that holds endpoints/ and nats/: this one, or policies/ in it.
fs::path policy_folder(const fs::path& folder, std::string_view option) {
    std::error_code error;
    for (const fs::path& at : {folder, folder / "policies", folder / "spec" / "policies"})
        if (fs::is_directory(at / "endpoints", error) || fs::is_directory(at / "nats", error)) return at;
    throw InputError(
        Place{std::string(option), 0, 0},
        fmt::format("{} holds no policies; it takes a folder with endpoints/ and nats/ in it, or "
                    "in policies/ below it",
                    in_quotes(folder.string())));
}

/// Those given; else those beside the candidate's policies; else the shipped ones.
std::vector<fs::path> scenario_places(const GateArguments& arguments, const fs::path& candidate) {
    std::vector<fs::path> places(arguments.scenarios.begin(), arguments.scenarios.end());
    if (!places.empty()) return places;
    std::error_code error;
    const fs::path beside = fs::weakly_canonical(candidate, error).parent_path() / "scenarios";
    if (fs::is_directory(beside, error)) return {beside};
    return {spec_folder() + "/scenarios"};
}

std::optional<fs::path> cache_folder(const GateArguments& arguments) {
    if (arguments.no_cache) return std::nullopt;
    if (!arguments.cache.empty()) {
        std::error_code error;
        fs::create_directories(arguments.cache, error);
        if (!fs::is_directory(arguments.cache, error) || access(arguments.cache.c_str(), W_OK) != 0)
            throw InputError(Place{"--cache", 0, 0}, fmt::format("{} is not a folder that can be written to",
                                                                 in_quotes(arguments.cache)));
        return fs::path(arguments.cache);
    }
    if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg != nullptr && *xdg == '/')
        return fs::path(xdg) / "halfopen" / "gate";
    if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
        return fs::path(home) / ".cache" / "halfopen" / "gate";
    return std::nullopt;
}

/// One --format: its form, and where it goes.
struct Target {
    std::string format, file;
    std::unique_ptr<Output> output;
};

/// A document that nothing may stand before or after; of the others several can share standard output.
bool is_whole(const std::string& format) {
    return format == "json" || format == "sarif" || format == "junit";
}

std::vector<Target> targets(const GateArguments& arguments) {
    std::vector<Target> all;
    const std::vector<std::string> formats =
        arguments.formats.empty() ? std::vector<std::string>{"text"} : arguments.formats;
    for (const std::string& wanted : formats) {
        const auto equals = wanted.find('=');
        const std::string format = wanted.substr(0, equals);
        parse_choice(format, gate::report_formats, {"--format", 0, 0});
        const std::string file = equals == std::string::npos ? "-" : wanted.substr(equals + 1);
        if (file.empty())
            throw InputError(Place{"--format", 0, 0},
                             fmt::format("{} names no file; write {}=FILE", in_quotes(wanted), format));
        const auto same = [&](const Target& other) {
            return other.file == file && (file != "-" || is_whole(format) || is_whole(other.format));
        };
        if (std::any_of(all.begin(), all.end(), same))
            throw InputError(Place{"--format", 0, 0},
                             fmt::format("{} would stand in one file with another report; write {}=FILE",
                                         in_quotes(wanted), format));
        all.push_back({format, file, std::make_unique<Output>(file)});
    }
    return all;
}

int run(const GateArguments& arguments) {
    gate::GateOptions options;
    options.candidate = policy_folder(arguments.candidate, "--candidate");
    std::optional<RevisionFolder> revision;
    if (!arguments.revision.empty()) {
        if (!arguments.baseline.empty())
            throw InputError(Place{"--baseline-rev", 0, 0},
                             "stands for a baseline; leave --baseline or --baseline-rev away");
        revision.emplace(options.candidate, arguments.revision);
        options.baseline = policy_folder(revision->folder(), "--baseline-rev");
    } else if (arguments.baseline.empty()) {
        throw InputError(Place{"--baseline", 0, 0},
                         "is needed: the folder of policies to compare with, or --baseline-rev REV");
    } else {
        options.baseline = policy_folder(arguments.baseline, "--baseline");
    }
    options.scenarios = scenario_places(arguments, options.candidate);
    options.allow = arguments.allow;
    options.slower_ms = static_cast<std::uint64_t>(parse_duration(arguments.slower, {"--slower-than", 0, 0}));
    options.cache = cache_folder(arguments);
    options.program = program_identity();
    ExploreOptions explore;
    explore.isn = arguments.isn;
    explore.timeout = arguments.timeout;
    explore.no_corners = true;
    explore.quiet = true;
    options.check = check_options(explore);
    options.check.attempts = false;
    ExploreOptions jobs;
    jobs.jobs = arguments.jobs;
    options.threads = threads(jobs);
    std::vector<Target> reports = targets(arguments);
    const gate::GateReport report = gate::run_gate(options);
    if (interrupt_token().stop_requested()) throw InputError("interrupted: nothing is reported");
    const gate::ReportContext context{repository_root(options.candidate), HALFOPEN_VERSION};
    for (const Target& target : reports) target.output->write(render(target.format, report, context));
    if (!arguments.quiet)
        fmt::print(stderr, "{} checks made, {} known from the cache\n", report.checked, report.from_cache);
    if (report.worse()) return violated;
    return report.undecided() ? inconclusive : holds;
}

}  // namespace

void add_gate(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<GateArguments>();
    CLI::App* command = app.add_subcommand(
        "gate", "what a change of policies makes worse, in every scenario that it touches");
    command->add_option("--baseline", options->baseline, "the folder of policies before the change")
        ->type_name(argument::folder);
    command
        ->add_option("--baseline-rev", options->revision,
                     "take the candidate's folder as it is in this git revision for the baseline")
        ->type_name("REVISION");
    command->add_option("--candidate", options->candidate, "the folder of policies after the change")
        ->type_name(argument::folder)
        ->required();
    command
        ->add_option(
            "--scenarios", options->scenarios,
            "a folder of scenarios, or one file (repeatable; default: beside the candidate's policies)")
        ->type_name(argument::file)
        ->allow_extra_args(false);
    command
        ->add_option("--allow", options->allow,
                     "what may get worse: a kind (verdict, recovery-time, leak, cross, collateral, storm, "
                     "blind-reset, model), a pairing, or PAIRING:KIND; * and ? as in a shell (repeatable)")
        ->type_name("WHAT")
        ->allow_extra_args(false);
    command
        ->add_option("--slower-than", options->slower, "a recovery may take longer by so much (default: 1s)")
        ->type_name(argument::duration);
    add_choices_with_file(*command, "--format", options->formats, gate::report_formats,
                          "of the report, on standard output or in a file (default: text; repeatable)");
    add_choice(*command, "--isn", options->isn, isn_modes,
               "which cells of fresh sequence numbers decide (default: generic)");
    command->add_option("--timeout", options->timeout, "of each check (default: 40s)")
        ->type_name(argument::duration);
    command->add_option("--cache", options->cache, "a folder for results (default: ~/.cache/halfopen/gate)")
        ->type_name(argument::folder);
    command->add_flag("--no-cache", options->no_cache, "check everything anew; the report is the same");
    add_count(*command, "-j,--jobs", options->jobs, 1, most_jobs,
              "how many checks run side by side (default: one a core)");
    command->add_flag("-q,--quiet", options->quiet, "nothing on standard error");
    command->footer(
        "Exit status: 0 nothing got worse beyond --allow, 1 something did, 2 wrong input, 3 a check was "
        "inconclusive.\n"
        "Example: halfopen gate --baseline-rev HEAD --candidate spec/policies --format text --format "
        "sarif=halfopen.sarif");
    command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace halfopen::cli
