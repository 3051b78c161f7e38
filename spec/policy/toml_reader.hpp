/// Strict reading of TOML: every key must be known, of the right type and in range, or the error says where
/// it stands and what is allowed.  Used for policies, fixes and scenarios alike.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#define TOML_EXCEPTIONS 1
#include <toml++/toml.h>

#include "spec/policy/input_error.hpp"

namespace halfopen {

/// Files larger than this are refused before they are read: no policy or scenario comes near it.
inline constexpr std::uintmax_t largest_input_file = 1U << 20U;

/// Reads a whole text file.  Throws InputError where it is missing, a directory, unreadable, too large or not
/// UTF-8 text.
std::string read_text_file(const std::filesystem::path& file, std::uintmax_t most = largest_input_file);

/// Parses; a syntax error becomes an InputError with its line and column.
toml::table parse_toml(const std::filesystem::path& file, std::string_view text);

/// A word of a file with its place, for messages about it.
struct PlacedText {
    std::string text;
    Place place;
};

/// Where a value or a key begins.
Place place_of(const toml::source_region& region, const std::string& file);

/// "a string", "an array": for messages.
std::string_view type_phrase(const toml::node& node);

/// One table of a file, read key by key.  All functions throw InputError naming the key's place.
class TableReader {
   public:
    TableReader(const toml::table& table, std::string file, std::string what);

    bool has(std::string_view key) const;
    std::string text(std::string_view key) const;  ///< required, not empty
    std::string text_or(std::string_view key, std::string_view standard) const;
    std::int64_t integer(std::string_view key, std::int64_t lowest, std::int64_t highest) const;
    std::int64_t integer_or(std::string_view key, std::int64_t standard, std::int64_t lowest,
                            std::int64_t highest) const;
    bool flag_or(std::string_view key, bool standard) const;
    /// A string or an array of strings; empty where absent.
    std::vector<std::string> texts(std::string_view key) const;
    /// The same with the place of each.
    std::vector<PlacedText> placed_texts(std::string_view key) const;
    /// Milliseconds: an integer, or a string with a unit ("75s", see duration.hpp).
    std::int64_t milliseconds(std::string_view key, std::int64_t lowest, std::int64_t highest) const;
    std::int64_t milliseconds_or(std::string_view key, std::int64_t standard, std::int64_t lowest,
                                 std::int64_t highest) const;
    /// An integer or an array of integers; empty where absent.
    std::vector<std::int64_t> integers(std::string_view key, std::int64_t lowest, std::int64_t highest) const;
    /// Sub-table, and array of tables; empty where absent.
    std::optional<TableReader> table(std::string_view key) const;
    std::vector<TableReader> tables(std::string_view key) const;
    /// Throws where the table has a key that is not among these.
    void only(std::span<const std::string_view> keys) const;
    void only(std::initializer_list<std::string_view> keys) const {
        only(std::span<const std::string_view>(keys.begin(), keys.size()));
    }
    /// The table's keys in the order of the file.
    std::vector<PlacedText> keys() const;
    /// Throws an InputError at the key's value that says what it must be.
    [[noreturn]] void wrong_type(std::string_view key, std::string_view wanted) const;

    Place place() const;                      ///< of the table
    Place place(std::string_view key) const;  ///< of the key's value; of the table where absent
    const toml::table& raw() const { return *table_; }
    const std::string& file() const { return file_; }

   private:
    const toml::node& required(std::string_view key) const;
    std::string string_of(std::string_view key, const toml::node& node) const;

    const toml::table* table_;
    std::string file_;
    std::string what_;  ///< "rule", "scenario": for messages
};

}  // namespace halfopen
