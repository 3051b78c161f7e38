#include <memory>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/policy_name.hpp"
#include "policy_report/diff_report.hpp"

namespace halfopen::cli {
namespace {

struct DiffOptions : ReportTo {
    std::string before, after;
};

int run(const DiffOptions& options) {
    const bool json = wants_json(options);
    const auto [before, after] = two_policies(options.before, options.after);
    Output output(options.output);
    const PolicyDiff found = diff(before, after);
    output.write(json ? diff_json(before, after, found).dump(2) + "\n" : diff_text(before, after, found));
    return found.same() ? holds : violated;
}

}  // namespace

void add_diff(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<DiffOptions>();
    CLI::App* command =
        app.add_subcommand("diff", "which segments two policies treat differently, in which states");
    command->add_option("old", options->before, "a policy, endpoints/NAME or nats/NAME, or a .toml file")
        ->type_name(argument::policy)
        ->required();
    command->add_option("new", options->after, "another of the same kind")
        ->type_name(argument::policy)
        ->required();
    add_report_options(*command, *options);
    command->footer(
        "Exit status: 0 the same, 1 different, 2 usage or input error.\n"
        "Example: halfopen diff freebsd-7 freebsd-9");
    command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace halfopen::cli
