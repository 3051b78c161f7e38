/// A fix: a named change of a scenario that one party can make.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spec/policy/input_error.hpp"

namespace halfopen {

/// Where a file sets something, and how it writes the value.
struct SettingSource {
    Place key;
    Place value;
    bool is_list = false;  ///< an array, even one of a single value
};

struct Fix {
    std::string name;
    std::string title;   ///< a plain sentence
    std::string party;   ///< who can do it: "server", "nat" or "client"
    std::string source;  ///< where it is documented or was read
    std::string file;
    std::vector<std::pair<std::string, std::string>> set;  ///< scenario settings, KEY=VALUE in file order
    std::vector<SettingSource> sources;                    ///< of each setting
    std::string description;                               ///< optional
};

/// file: for messages and Fix::file.
Fix parse_fix(std::string_view text, const std::string& file);

/// The folder fixes/ beside the policies.  Format: docs/policy-format.md.
class FixLibrary {
   public:
    /// folder: the policies' folder, which holds fixes/.
    explicit FixLibrary(const std::filesystem::path& folder) : folder_(folder / "fixes") {}

    /// name: a fix's name, or a path ending in .toml; place: where it is asked for.  Throws InputError.
    Fix load(std::string_view name, const Place& place = {}) const;
    /// Sorted.
    std::vector<std::string> names() const;

   private:
    std::filesystem::path folder_;
};

}  // namespace halfopen
