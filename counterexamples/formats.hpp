/// The formats in which a trace is handed to somebody else.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "counterexamples/story.hpp"

namespace halfopen {

enum class TraceFormat : std::uint8_t { Text, Json, Itf, Mermaid, Svg, Html, Pcapng, Packetdrill, Netns };
inline constexpr std::array<std::string_view, 9> trace_format_names{
    "text", "json", "itf", "mermaid", "svg", "html", "pcapng", "packetdrill", "netns"};
/// "text, json, …"
std::string trace_format_list();

/// One file of an export.  `name` says which where there are several ("nfs.pkt"); else it is empty.
struct TraceFile {
    std::string name;
    std::string content;
};
/// A result of `check` in a format; throws InputError, which begins with `name`, where it is no result or has
/// no trace.
std::vector<TraceFile> export_result(const nlohmann::ordered_json& result, TraceFormat format,
                                     const std::string& name);

}  // namespace halfopen
