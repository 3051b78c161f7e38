/// The one exception type for what a user can get wrong in a file or on the command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace halfopen {

/// Where in an input something stands.  line and column count from 1; 0 where not known.
struct Place {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

/// "file:line:column", leaving out what is 0.
std::string to_string(const Place& place);

/// what() is one line, "file:line:column: what is wrong; what would be right", ready to be shown.
class InputError : public std::runtime_error {
   public:
    InputError(const Place& place, const std::string& message);
    explicit InputError(const std::string& message);
};

/// The text with control characters written as escapes (\n, \x1b), so that it stays one line and a terminal
/// is not driven by it.
std::string one_line(std::string_view text);

/// "text" in quotes on one line, for messages; long text is cut.
std::string in_quotes(std::string_view text);

/// The candidate nearest to name by edit distance, or empty where none is near enough to be what was meant.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates);

/// How many names an error lists; a longer list would bury the message.
inline constexpr std::size_t longest_list_in_error = 24;

/// "unknown state \"ESTABLISHD\"; did you mean \"ESTABLISHED\"? (allowed: …)": lists all candidates where
/// they are few.
std::string unknown_name(std::string_view what, std::string_view name,
                         std::span<const std::string_view> candidates,
                         std::size_t list_at_most = longest_list_in_error);

}  // namespace halfopen
