#include "counterexamples/formats.hpp"

#include <fmt/format.h>

#include "counterexamples/chart.hpp"
#include "counterexamples/mermaid.hpp"
#include "spec/policy/input_error.hpp"

namespace halfopen {

std::string trace_format_list() { return fmt::format("{}", fmt::join(trace_format_names, ", ")); }

std::vector<TraceFile> export_result(const nlohmann::ordered_json& result, TraceFormat format,
                                     const std::string& name) {
    const Story story = read_story(result, name);
    if (story.steps.empty())
        throw InputError(
            fmt::format("{}: has no trace: its verdict is {}", one_line(name), in_quotes(story.verdict)));
    switch (format) {
        case TraceFormat::Text:
            return {{"", chart(story)}};
        case TraceFormat::Json:
            return {{"", result.dump(2) + "\n"}};
        case TraceFormat::Mermaid:
            return {{"", mermaid(story)}};
    }
    return {};
}

}  // namespace halfopen
