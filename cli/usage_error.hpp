/// What is said of a command line that cannot be parsed.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace halfopen::cli {

/// One line: what is wrong, what would be right, and whose --help has more.  `words` are those after the
/// program's name.
std::string explain(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& words);

/// A value that is empty is a mistake (an unset variable of a script), and never taken for none.
void refuse_empty_values(CLI::App& app);

}  // namespace halfopen::cli
