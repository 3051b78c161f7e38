#include <fmt/format.h>

#include <memory>
#include <optional>

#include "check/certificate.hpp"
#include "check/property_report.hpp"
#include "check/report.hpp"
#include "cli/arguments.hpp"
#include "cli/certified_question.hpp"
#include "cli/checkpoint_options.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/trace_output.hpp"

namespace halfopen::cli {

namespace {

struct CheckCommandOptions : ExploreOptions {
    CheckpointOptions checkpoint;
    std::string certificate;  ///< a file; empty: none is wanted
    std::string trace;        ///< the format in which only the trace is written
    std::vector<std::string> properties;
};

/// A certificate is of every order of events and tells all clients apart: its verifier reduces nothing.
void certify(const CheckCommandOptions& options, const Scenario& scenario, Output& file,
             CheckOptions& check) {
    check = without_reductions(check);
    check.bytes_when_judged = bytes_to_certify;
    const verifier::Question question = question_of(options);
    check.judged = [question, files = digests_of(scenario, question), &file](
                       const WorldExploration& exploration, const explorer::Judgement& judgement) {
        write_certificate(question, files, exploration, judgement,
                          [&file](std::string_view piece) { file.add(piece); });
    };
}

int check_its_properties(const Model& model, const Scenario& scenario, const CheckCommandOptions& options,
                         CheckOptions check_with) {
    check_with = without_reductions(check_with);
    const auto checkpoints = checkpoints_of(options.checkpoint, options, scenario, check_with);
    check_with.checkpoints = checkpoints.get();
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
    // Looked at before the work, as everything on the command line is.
    const TraceFormat trace =
        options.trace.empty() ? TraceFormat::Text : parse_trace_format(options.trace, "--trace");
    CheckOptions check_with = check_options(options);
    if (options.certificate == "-" && options.output == "-")
        throw InputError(
            "--certificate: standard output is where the report goes; give a file, or the report "
            "one with --output");
    if (!options.certificate.empty() && options.certificate == options.output)
        throw InputError("--certificate: is the file that --output names as well; give two");
    if (!options.trace.empty() && wants_json(options))
        throw InputError("--format: --trace says what the trace is written as; leave one of them away");
    if (!options.properties.empty() && (!options.certificate.empty() || !options.trace.empty()))
        throw InputError("--property: shows its own runs; leave out --trace and --certificate");
    if (options.joint_cells && !options.certificate.empty())
        throw InputError("--joint-cells: a certificate is of the plain cells; leave out one of the two");
    if (!options.trace.empty()) require_writable(trace, options.output);
    const Scenario scenario = load_scenario(options);
    const Model model(scenario, policy_library());
    if (!options.properties.empty()) return check_its_properties(model, scenario, options, check_with);
    const auto expected = expected_verdict(scenario, options);
    std::optional<Output> output;
    if (options.trace.empty()) output.emplace(options.output);
    std::optional<Output> certificate;
    if (!options.certificate.empty())
        certify(options, scenario, certificate.emplace(options.certificate), check_with);
    const auto checkpoints = checkpoints_of(options.checkpoint, options, scenario, check_with);
    check_with.checkpoints = checkpoints.get();
    const CheckResult result = check(model, check_with);
    end_progress(options.quiet);
    const bool inconclusively = result.verdict == explorer::Verdict::Inconclusive;
    if (certificate && !inconclusively)
        certificate->finish();
    else if (certificate)
        fmt::print(stderr, "halfopen: no certificate is written: there is no verdict\n");
    if (!output && inconclusively)
        fmt::print(stderr, "halfopen: inconclusive: there is no trace to write\n");
    else if (!output)
        write_trace(check_json(model, result, expected), scenario.name, trace, options.output);
    else if (wants_json(options))
        output->write(check_json(model, result, expected).dump(2) + "\n");
    else
        output->write(check_report(model, result, expected,
                                   {use_color(options), !options.no_fold, false, terminal_width(options)}));
    return exit_status(result, expected);
}

}  // namespace

void add_check(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<CheckCommandOptions>();
    CLI::App* command = app.add_subcommand("check", "explore a scenario and say whether it can hang");
    add_explore_options(*command, *options);
    add_checkpoint_options(*command, options->checkpoint);
    add_choice(*command, "--trace", options->trace, trace_format_names,
               "write only the trace, in this format; packetdrill: --output names a folder");
    command
        ->add_option("--certificate", options->certificate,
                     "write a proof of the verdict that `halfopen verify` checks (explores every order, as "
                     "--no-merge)")
        ->type_name(argument::file);
    repeatable(command->add_option(
                   "--property", options->properties,
                   "instead of recovery: leak, cross, collateral, storm or a [[property]] of the scenario, "
                   "with the shortest run that violates it (repeatable)"))
        ->type_name(argument::property);
    command->footer(
        "Exit status: 0 as expected (without an expectation: bounded), 1 not, 2 wrong input, 3 "
        "inconclusive.\n"
        "Example: halfopen check founding --fix be-liberal --set network.loss=1\n"
        "Example: halfopen check founding --property leak\n"
        "Example: halfopen check founding --checkpoint night.ckpt --timeout 8h");
    command->callback([options, &chosen] { chosen = [options] { return check_scenario(*options); }; });
}

}  // namespace halfopen::cli
