/// The scenario file that one begins with.
#pragma once

#include <string>

namespace halfopen::cli {

/// A scenario that can be checked as it is, with every key that there is: those with a default stand behind a
/// '#'. What is said of a key is what the reader's table of settings says of it.
std::string starting_scenario(const std::string& name);

}  // namespace halfopen::cli
