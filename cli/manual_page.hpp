/// The manual page, halfopen(1), made from the command line itself.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace halfopen::cli {

/// In roff, with the macros of man(7).
std::string manual_page(const CLI::App& app);

}  // namespace halfopen::cli
