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

int try_all_fixes(const ExploreOptions& options) {
    const CheckOptions check_with = check_options(options);
    const Scenario scenario = load_scenario(options);
    const bool unchanged = options.set.empty() && options.variant.empty() && options.fixes.empty();
    std::vector<ExpectedFix> fixes = fixes_to_try(scenario);
    if (!unchanged) {
        for (ExpectedFix& fix : fixes) fix.expect.reset();
    }
    Output output(options.output);
    const auto outcomes =
        try_fixes(scenario, fixes, fix_library(), policy_library(), check_with, threads(options));
    end_progress(options.quiet);
    if (wants_json(options))
        output.write(fixes_json(scenario, outcomes).dump(2) + "\n");
    else
        output.write(fixes_report(outcomes, {use_color(options), true, false, terminal_width(options)}));
    const bool conclusive = std::all_of(outcomes.begin(), outcomes.end(), [](const FixOutcome& o) {
        return o.result.verdict != explorer::Verdict::Inconclusive &&
               o.endless.verdict != explorer::Verdict::Inconclusive;
    });
    if (!conclusive) return inconclusive;
    const bool expected = std::all_of(outcomes.begin(), outcomes.end(),
                                      [](const FixOutcome& o) { return as_expected(o.result, o.expected); });
    return expected ? holds : violated;
}

}  // namespace

void add_fixes(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<ExploreOptions>();
    CLI::App* command = app.add_subcommand("fixes", "try every fix on a scenario, one at a time");
    add_explore_options(*command, *options);
    command->footer(
        "Example: halfopen fixes founding --set server.policy=linux-6.18\n"
        "Exit status: 0 as the scenario expects, 1 not, 2 wrong input, 3 inconclusive.");
    command->callback([options, &chosen] { chosen = [options] { return try_all_fixes(*options); }; });
}

}  // namespace halfopen::cli
