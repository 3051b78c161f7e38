#include <fmt/format.h>

#include <memory>

#include "check/report.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/trace_output.hpp"

namespace halfopen::cli {

namespace {

struct TraceOptions : ExploreOptions {
    std::string trace;  ///< the format in which only the trace is written
};

int check_scenario(const TraceOptions& options) {
    // Looked at before the work, as everything on the command line is.
    const TraceFormat trace =
        options.trace.empty() ? TraceFormat::Text : parse_trace_format(options.trace, "--trace");
    CheckOptions check_with = check_options(options);
    const Scenario scenario = load_scenario(options);
    const Model model(scenario, policy_library());
    const auto expected = expected_verdict(scenario, options);
    if (!options.trace.empty()) {
        const CheckResult result = check(model, check_with);
        end_progress(options.quiet);
        if (result.verdict == explorer::Verdict::Inconclusive) {
            fmt::print(stderr, "halfopen: inconclusive: there is no trace to write\n");
            return inconclusive;
        }
        write_trace(check_json(model, result, expected), scenario.name, trace, options.output);
        return exit_status(result, expected);
    }
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
    auto options = std::make_shared<TraceOptions>();
    CLI::App* command = app.add_subcommand("check", "explore a scenario and say whether it can hang");
    add_explore_options(*command, *options);
    command->add_option("--trace", options->trace, "write only the trace, as " + trace_format_list());
    command->footer(
        "Example: halfopen check founding --fix be-liberal --set network.loss=1\n"
        "Exit status: 0 as expected (without an expectation: bounded), 1 not, 2 wrong input, 3 "
        "inconclusive.");
    command->callback([options, &chosen] { chosen = [options] { return check_scenario(*options); }; });
}

}  // namespace halfopen::cli
