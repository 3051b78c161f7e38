#include "cli/trace_output.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "cli/output.hpp"
#include "spec/policy/input_error.hpp"
#include "spec/world/setting.hpp"

namespace halfopen::cli {

namespace {

[[noreturn]] void no_folder(const std::string& output) {
    throw InputError(fmt::format("{}: this format makes a file for each endpoint, so -o must name a folder",
                                 one_line(output)));
}

}  // namespace

TraceFormat parse_trace_format(const std::string& text, const std::string& option) {
    return static_cast<TraceFormat>(parse_choice(text, trace_format_names, Place{option, 0, 0}));
}

void require_writable(TraceFormat format, const std::string& output) {
    if (format != TraceFormat::Packetdrill) {
        const Output tried(output);  // which leaves nothing behind
    } else if (std::filesystem::exists(output) && !std::filesystem::is_directory(output)) {
        no_folder(output);
    }
}

void write_trace(const nlohmann::ordered_json& result, const std::string& name, TraceFormat format,
                 const std::string& output) {
    const std::vector<TraceFile> files = export_result(result, format, name);
    if (files.size() == 1 && files.front().name.empty()) {
        Output(output).write(files.front().content);
        return;
    }
    if (output == "-") {
        Output standard_output(output);
        for (const TraceFile& file : files) standard_output.write(file.content);
        return;
    }
    std::error_code error;
    std::filesystem::create_directories(output, error);
    if (!std::filesystem::is_directory(output)) no_folder(output);
    for (const TraceFile& file : files) Output(output + "/" + file.name).write(file.content);
}

}  // namespace halfopen::cli
