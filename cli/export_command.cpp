#include <fmt/format.h>

#include <memory>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/trace_output.hpp"
#include "spec/policy/toml_reader.hpp"

namespace halfopen::cli {

namespace {

struct ExportOptions {
    std::string result;
    std::string to;
    std::string output = "-";
};

/// A trace of 2000 steps takes 10 MiB.
constexpr std::uintmax_t largest_result = 256U << 20U;

int export_trace(const ExportOptions& options) {
    const TraceFormat format = parse_trace_format(options.to, "--to");
    write_trace(parse_result(read_text_file(options.result, largest_result), options.result), options.result,
                format, options.output);
    return holds;
}

}  // namespace

void add_export(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<ExportOptions>();
    CLI::App* command = app.add_subcommand("export", "write a result's trace in a format that others open");
    command->add_option("result", options->result, "what `check --format json` wrote")
        ->type_name(argument::file)
        ->required();
    add_choice(*command, "--to", options->to, trace_format_names, "what to write")->required();
    command
        ->add_option("-o,--output", options->output,
                     "a file, written only when all is done; - is standard output; packetdrill: a folder")
        ->type_name(argument::file);
    command->footer(
        "Exit status: 0 written, 2 wrong input.\n"
        "Example: halfopen check founding --format json -o result.json; halfopen export result.json --to "
        "html -o trace.html");
    command->callback([options, &chosen] { chosen = [options] { return export_trace(*options); }; });
}

}  // namespace halfopen::cli
