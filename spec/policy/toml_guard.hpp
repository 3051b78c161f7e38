/// What toml++ 3.3 does not survive, found before it is given the text.
///
/// * It limits the nesting of values, but not the parts of a dotted key: "a.a.a.…" makes one table for each
///   part, and destroying 300 000 tables inside one another overflows the stack.
/// * Its parse_key() only asserts that a key begins there: a table header that begins otherwise ("[[[a]]]")
///   aborts a build with assertions and is undefined in one without.
/// * An array's element that begins with "}" aborts it likewise, and so do "2000-01-01 0" and other dates and
///   times cut short.  No input of ours has dates, so all are refused.
/// * Its is_non_ascii_horizontal_whitespace() runs into "unreachable" for many characters outside ASCII.  It
/// is
///   asked wherever white space may stand: outside of strings and comments, where TOML has only ASCII anyway,
///   and behind a backslash in a string of several lines.
#pragma once

#include <string>
#include <string_view>

namespace halfopen {

/// Far more than any input needs; the product of the two is what the stack has to hold.
inline constexpr unsigned deepest_brackets = 16;
inline constexpr unsigned longest_dotted_key = 16;

/// Throws InputError at what the parser would not survive.
void guard_parser(std::string_view text, const std::string& file);

}  // namespace halfopen
