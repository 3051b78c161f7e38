/// A line on standard error that shows how a search gets on; only on a terminal.
#pragma once

#include <functional>

#include "explorer/limits.hpp"

namespace halfopen::cli {

/// Nothing where standard error is no terminal or quiet is set.
std::function<void(const explorer::Progress&)> progress_reporter(bool quiet);
/// Wipes the line.
void end_progress(bool quiet);

}  // namespace halfopen::cli
