#include <fmt/format.h>

#include <memory>

#include "check/property_report.hpp"
#include "check/report.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"

namespace halfopen::cli {

namespace {

struct CheckCommandOptions : ExploreOptions {
    std::vector<std::string> properties;
};

int check_its_properties(const Model& model, const Scenario& scenario, const CheckCommandOptions& options,
                         const CheckOptions& check_with) {
    Output output(options.output);
    const PropertyCheck found =
        check_properties(model, options.properties, read_properties(scenario), check_with);
    end_progress(options.quiet);
    if (wants_json(options))
        output.write(properties_json(model, found).dump(2) + "\n");
    else
        output.write(properties_report(
            model, found, {use_color(options), !options.no_fold, false, terminal_width(options)}));
    if (found.stopped != explorer::StopReason::Complete) return inconclusive;
    return found.all_hold() ? holds : violated;
}

int check_scenario(const CheckCommandOptions& options) {
    CheckOptions check_with = check_options(options);
    const Scenario scenario = load_scenario(options);
    const Model model(scenario, policy_library());
    if (!options.properties.empty()) return check_its_properties(model, scenario, options, check_with);
    const auto expected = expected_verdict(scenario, options);
    Output output(options.output);
    const CheckResult result = check(model, check_with);
    end_progress(options.quiet);
    if (wants_json(options))
        output.write(check_json(model, result, expected).dump(2) + "\n");
    else
        output.write(check_report(model, result, expected,
                                  {use_color(options), !options.no_fold, false, terminal_width(options)}));
    return exit_status(result, expected);
}

}  // namespace

void add_check(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<CheckCommandOptions>();
    CLI::App* command = app.add_subcommand("check", "explore a scenario and say whether it can hang");
    add_explore_options(*command, *options);
    command
        ->add_option("--property", options->properties,
                     "instead of recovery: leak, cross, collateral, storm or a [[property]] of the scenario, "
                     "with the shortest run that violates it (repeatable)")
        ->allow_extra_args(false);
    command->footer(
        "Example: halfopen check founding --fix be-liberal --set network.loss=1\n"
        "Example: halfopen check founding --property leak\n"
        "Exit status: 0 as expected (without an expectation: bounded), 1 not, 2 wrong input, 3 "
        "inconclusive.");
    command->callback([options, &chosen] { chosen = [options] { return check_scenario(*options); }; });
}

}  // namespace halfopen::cli
