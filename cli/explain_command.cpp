#include <memory>

#include "check/batch.hpp"
#include "check/explain_report.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"

namespace halfopen::cli {

namespace {

int explain_scenario(const ExploreOptions& options) {
    ExplainOptions explain_with;
    explain_with.check = check_options(options);
    const Scenario scenario = load_scenario(options);
    const Model model(with_endless_connect(scenario), policy_library());
    Output output(options.output);
    Explanation found = explain(model, explain_with);
    if (found.stopped == explorer::StopReason::Complete)
        found.as_it_stands = verdict_as_it_stands(scenario, policy_library(), explain_with.check);
    end_progress(options.quiet);
    if (wants_json(options))
        output.write(explain_json(model, found).dump(2) + "\n");
    else
        output.write(explain_report(model, found,
                                    {use_color(options), !options.no_fold, false, terminal_width(options)}));
    if (found.stopped != explorer::StopReason::Complete) return inconclusive;
    return found.confirmed() ? holds : violated;
}

}  // namespace

void add_explain(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<ExploreOptions>();
    CLI::App* command =
        app.add_subcommand("explain", "for which numbers a scenario hangs, exactly, and by which rules");
    add_explore_options(*command, *options);
    command->footer(
        "Exit status: 0 the condition is proved and confirmed, 1 not, 2 wrong input, 3 inconclusive.\n"
        "Example: halfopen explain founding --variant one-client");
    command->callback([options, &chosen] { chosen = [options] { return explain_scenario(*options); }; });
}

}  // namespace halfopen::cli
