#include "counterexamples/formats.hpp"

#include <fmt/format.h>

#include "counterexamples/chart.hpp"
#include "counterexamples/html.hpp"
#include "counterexamples/itf.hpp"
#include "counterexamples/mermaid.hpp"
#include "counterexamples/netns.hpp"
#include "counterexamples/packetdrill.hpp"
#include "counterexamples/pcapng.hpp"
#include "counterexamples/svg.hpp"
#include "spec/policy/input_error.hpp"

namespace halfopen {

namespace {

/// A node's name as the name of a file: whatever a foreign result calls it, it stays in its folder.
std::string file_name(std::string name) {
    for (char& c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '_';
        if (!plain) c = '_';
    }
    return name;
}

}  // namespace

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
        case TraceFormat::Itf:
            return {{"", itf(story).dump(1) + "\n"}};
        case TraceFormat::Mermaid:
            return {{"", mermaid(story)}};
        case TraceFormat::Svg:
            return {{"", svg(story)}};
        case TraceFormat::Html:
            return {{"", html(story)}};
        case TraceFormat::Pcapng:
            return {{"", pcapng(story)}};
        case TraceFormat::Packetdrill: {
            std::vector<TraceFile> scripts;
            for (std::size_t i = 0; i < story.nodes.size(); ++i) {
                if (story.nodes[i].kind != StoryNode::Kind::Nat)
                    scripts.push_back({file_name(story.nodes[i].name) + ".pkt", packetdrill(story, i)});
            }
            return scripts;
        }
        case TraceFormat::Netns:
            return {{"", netns(story)}};
    }
    return {};
}

}  // namespace halfopen
