#pragma once

#include <string>

namespace halfopen::cli {

/// Which build of this program runs: its version, and the SHA-256 of its file.  The version alone would not
/// do: between two builds of one version the steps of a world may differ.
std::string program_identity();

}  // namespace halfopen::cli
