#include <algorithm>
#include <memory>

#include "check/report.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"

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
    std::size_t max_size = 2;
};

int try_all_fixes(const FixesOptions& options) {
    const CheckOptions check_with = check_options(options);
    const Scenario scenario = load_scenario(options);
    const bool unchanged = options.set.empty() && options.variant.empty() && options.fixes.empty();
    std::vector<ExpectedFix> fixes = fixes_to_try(scenario);
    if (!unchanged) {
        for (ExpectedFix& fix : fixes) fix.expect.reset();
    }
    Output output(options.output);
    FixSearch search = search_fixes(scenario, fixes, fix_library(), policy_library(), check_with,
                                    threads(options), options.max_size);
    end_progress(options.quiet);
    const bool expected = std::all_of(search.singles.begin(), search.singles.end(), [](const FixSet& set) {
        return as_expected(set.result, set.expected);
    });
    const bool conclusive = search.conclusive;
    if (!options.party.empty()) search = for_party(std::move(search), options.party);
    if (wants_json(options)) {
        output.write(fixes_json(scenario, search).dump(2) + "\n");
    } else {
        const ReportOptions report{use_color(options), true, false, terminal_width(options)};
        output.write(fixes_report(search, report));
        if (options.max_size > 1) output.write("\n" + fix_sets_report(search, report));
    }
    if (!conclusive) return inconclusive;
    return expected ? holds : violated;
}

}  // namespace

void add_fixes(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<FixesOptions>();
    CLI::App* command = app.add_subcommand("fixes", "find all smallest sets of fixes that help");
    add_explore_options(*command, *options);
    command
        ->add_option("--party", options->party,
                     "only what this party takes part in: what it can do alone, first")
        ->check(CLI::IsMember({"server", "nat", "client"}));
    command
        ->add_option("--max-size", options->max_size,
                     "of the sets of fixes that are tried together (default: 2)")
        ->check(CLI::Range(1, 8));
    command->footer(
        "Example: halfopen fixes founding --party nat\n"
        "Example: halfopen fixes founding --set server.policy=linux-6.18 --max-size 1\n"
        "Exit status: 0 as the scenario expects, 1 not, 2 wrong input, 3 inconclusive.");
    command->callback([options, &chosen] { chosen = [options] { return try_all_fixes(*options); }; });
}

}  // namespace halfopen::cli
