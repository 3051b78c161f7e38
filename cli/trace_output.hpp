/// Where an exported trace goes.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "counterexamples/formats.hpp"

namespace halfopen::cli {

/// Throws InputError for a name that is no format's.
TraceFormat parse_trace_format(const std::string& text, const std::string& option);

/// Writes a result's trace to `output`, a file or "-".  Where the format makes several files, `output` is a
/// folder (made where it is missing), or "-": then they follow one another.
void write_trace(const nlohmann::ordered_json& result, const std::string& name, TraceFormat format,
                 const std::string& output);

/// Throws InputError where a trace could not be written there; to be asked before the work.
void require_writable(TraceFormat format, const std::string& output);

}  // namespace halfopen::cli
