/// Durations as people write them in files and on the command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace halfopen {

/// For messages: what milliseconds_from_text() takes.
inline constexpr std::string_view duration_units = "ms, s, min, h or d";

/// "500ms", "75s", "6min", "2h", "5d", or a whole number of milliseconds without a unit; a space may stand
/// before the unit.  Nothing where the text is something else or does not fit.
std::optional<std::int64_t> milliseconds_from_text(std::string_view text);

/// The shortest text that milliseconds_from_text() reads back: "5d", "90s", "1500ms", "0".  Precondition: not
/// negative.
std::string text_from_milliseconds(std::int64_t milliseconds);

/// A whole number in decimal notation, with an optional minus sign.
std::optional<std::int64_t> integer_from_text(std::string_view text);

}  // namespace halfopen
