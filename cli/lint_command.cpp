#include <memory>
#include <thread>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/policy_name.hpp"
#include "policy_report/lint_report.hpp"

namespace halfopen::cli {
namespace {

struct LintOptions : ReportTo {
    std::vector<std::string> policies;
    std::vector<std::string> set;
    bool overlaps = false;
    unsigned jobs = 0;
};

int run(const LintOptions& options) {
    const bool json = wants_json(options);
    std::vector<Policy> policies;
    for (const std::string& name : options.policies)
        for (Policy& policy : policies_named(name)) policies.push_back(std::move(policy));
    if (options.policies.empty()) policies = all_policies();
    for (const std::string& setting : options.set)
        for (Policy& policy : policies) set_parameter_of(policy, setting);
    Output output(options.output);
    const unsigned threads =
        options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
    const std::vector<Lint> results = lint_all(policies, options.overlaps, threads);
    bool clean = true;
    std::string text;
    ReportJson list = ReportJson::array();
    for (std::size_t i = 0; i < policies.size(); ++i) {
        clean = clean && results[i].clean();
        if (json)
            list.push_back(lint_json(policies[i], results[i], options.overlaps));
        else
            text += lint_text(policies[i], results[i], options.overlaps);
    }
    output.write(json ? list.dump(2) + "\n" : text);
    return clean ? holds : violated;
}

}  // namespace

void add_lint(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<LintOptions>();
    CLI::App* command =
        app.add_subcommand("lint", "prove that policies' tables are total and have no dead rule");
    command
        ->add_option("policies", options->policies,
                     "policies, endpoints/NAME or nats/NAME, or .toml files; without any, the library")
        ->type_name(argument::policy);
    repeatable(command->add_option("--set", options->set, "a parameter of every policy given (repeatable)"))
        ->type_name(argument::parameter);
    command->add_flag("--overlaps", options->overlaps,
                      "list the pairs of rules that match a segment together");
    add_count(*command, "-j,--jobs", options->jobs, 1, most_jobs,
              "how many policies side by side (default: one a core)");
    add_report_options(*command, *options);
    command->footer(
        "Exit status: 0 clean, 1 a table is not total or has a dead rule, 2 usage or input error.\n"
        "Example: halfopen lint endpoints/freebsd-7 nats/linux-6.18");
    command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace halfopen::cli
