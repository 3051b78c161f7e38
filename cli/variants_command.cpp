#include <algorithm>
#include <memory>

#include "check/report.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"

namespace halfopen::cli {

namespace {

int try_all_variants(const ExploreOptions& options) {
    const CheckOptions check_with = check_options(options);
    Scenario scenario = load_scenario(options);
    if (scenario.variants.empty()) throw InputError({scenario.file}, "the scenario has no [[variant]]");
    const bool unchanged = options.set.empty() && options.variant.empty() && options.fixes.empty();
    if (!unchanged) {
        for (VariantSpec& variant : scenario.variants) variant.expect.reset();
    }
    Output output(options.output);
    const auto outcomes = try_variants(scenario, policy_library(), check_with, threads(options));
    end_progress(options.quiet);
    if (wants_json(options)) {
        output.write(variants_json(outcomes).dump(2) + "\n");
    } else {
        const ReportOptions report{use_color(options), true, false, terminal_width(options)};
        const std::string questions = questions_report(outcomes, report);
        output.write(variants_report(outcomes, report) + (questions.empty() ? "" : "\n") + questions);
    }
    if (std::any_of(outcomes.begin(), outcomes.end(), [](const VariantOutcome& o) {
            return o.result.verdict == explorer::Verdict::Inconclusive;
        }))
        return inconclusive;
    const bool expected = std::all_of(outcomes.begin(), outcomes.end(), [](const VariantOutcome& o) {
        return as_expected(o.result, o.variant.expect);
    });
    return expected ? holds : violated;
}

}  // namespace

void add_variants(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<ExploreOptions>();
    CLI::App* command = app.add_subcommand("variants", "check every variant of a scenario, side by side");
    add_explore_options(*command, *options);
    command->footer(
        "Exit status: 0 as the scenario expects, 1 not, 2 wrong input, 3 inconclusive.\n"
        "Example: halfopen variants founding --set nat.policy=linux-5.18");
    command->callback([options, &chosen] { chosen = [options] { return try_all_variants(*options); }; });
}

}  // namespace halfopen::cli
