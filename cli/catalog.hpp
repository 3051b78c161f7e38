/// What there is to name on a command line or in a file, with what it means: `halfopen list`, and what
/// completion offers.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace halfopen::cli {

inline constexpr std::array<std::string_view, 10> catalog_kinds{
    "scenarios",  "variants", "endpoints",  "nats",   "fixes",
    "predicates", "actions",  "parameters", "states", "settings"};

struct Entry {
    std::string group;  ///< heading, or empty
    std::string name;
    std::string meaning;
};
using Entries = std::vector<Entry>;

/// All of a kind, which is one of catalog_kinds.  Throws InputError.
Entries entries_of(std::string_view kind);

}  // namespace halfopen::cli
