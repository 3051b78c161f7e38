/// Folders that hold one TOML file for each thing, named after it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/policy/input_error.hpp"

namespace halfopen {

/// The stems of the folder's .toml files, sorted; none where the folder cannot be read.
std::vector<std::string> names_in(const std::filesystem::path& folder);

/// FOLDER/NAME.toml where there is such an entry.  A name is no path: with a slash in it there is none.
std::optional<std::filesystem::path> file_of(const std::filesystem::path& folder, std::string_view name);

/// The error for a name that is not there: which names are, and the nearest.
InputError no_such_name(std::string_view what, std::string_view name, const std::filesystem::path& folder,
                        const Place& place);

/// The same for a path that does not exist.
InputError no_such_file(const std::filesystem::path& file);

/// "a name given as a path": ends in ".toml".
bool is_path_of_toml(std::string_view name);

/// Throws unless the name in the file is the file's own.
void check_name_is_stem(const std::string& name, const std::filesystem::path& file, const Place& place);

}  // namespace halfopen
