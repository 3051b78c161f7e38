#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "check/fix_sets.hpp"
#include "check/report.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "spec/world/setting.hpp"

namespace halfopen::cli {

namespace {

/// The scenario's own list, with its expectations, or else every fix there is.
std::vector<ExpectedFix> fixes_to_try(const Scenario& scenario) {
    if (!scenario.fixes.empty()) return scenario.fixes;
    std::vector<ExpectedFix> all;
    for (const std::string& name : fix_library().names()) all.push_back({name, std::nullopt, {}});
    return all;
}

struct FixesOptions : ExploreOptions {
    std::string party;
    std::size_t max_size = 0;
    bool prove = false;
};

constexpr std::array<std::string_view, 3> parties{"server", "nat", "client"};
/// Each size more multiplies the sets by about the number of fixes.
constexpr std::size_t most_fixes = 4;

FixSearchOptions search_options(const FixesOptions& options) {
    FixSearchOptions search;
    search.check = check_options(options);
    search.threads = threads(options);
    if (!options.party.empty())
        search.party = parties[parse_choice(options.party, parties, Place{"--party", 0, 0})];
    if (options.max_size > most_fixes)
        throw InputError(Place{"--max-size", 0, 0},
                         fmt::format("{} is not a number from 1 to {}", options.max_size, most_fixes));
    if (options.max_size > 0) search.max_size = options.max_size;
    if (options.prove)
        search.prove = [](const Scenario& fixed) { return prove_fix(fixed, policy_library()); };
    return search;
}

int try_all_fixes(const FixesOptions& options) {
    const FixSearchOptions search_with = search_options(options);
    const Scenario scenario = load_scenario(options);
    const bool unchanged = options.set.empty() && options.variant.empty() && options.fixes.empty();
    std::vector<ExpectedFix> fixes = fixes_to_try(scenario);
    if (!unchanged) {
        for (ExpectedFix& fix : fixes) fix.expect.reset();
    }
    Output output(options.output);
    const FixSearch found = find_fix_sets(scenario, fixes, fix_library(), policy_library(), search_with);
    end_progress(options.quiet);
    if (wants_json(options))
        output.write(fixes_json(scenario, found).dump(2) + "\n");
    else
        output.write(
            fix_sets_report(scenario, found, {use_color(options), true, false, terminal_width(options)}));
    if (!found.conclusive) return inconclusive;
    const bool expected =
        std::all_of(found.singles.begin(), found.singles.end(),
                    [](const FixSetOutcome& one) { return as_expected(one.result, one.expected); });
    return expected ? holds : violated;
}

}  // namespace

void add_fixes(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<FixesOptions>();
    CLI::App* command =
        app.add_subcommand("fixes", "find the smallest sets of fixes that help, by who can apply them");
    add_explore_options(*command, *options);
    add_choice(*command, "--party", options->party, parties, "only what this one can do alone");
    command
        ->add_option("--max-size", options->max_size,
                     "try sets of up to so many fixes (default: 1, or 2 where no single one helps)")
        ->type_name(argument::number);
    command->add_flag("--prove", options->prove,
                      "prove recovery for all numbers and any number of clients of each set that helps");
    command->footer(
        "Exit status: 0 as the scenario expects, 1 not, 2 wrong input, 3 inconclusive.\n"
        "Example: halfopen fixes founding --party nat");
    command->callback([options, &chosen] { chosen = [options] { return try_all_fixes(*options); }; });
}

}  // namespace halfopen::cli
