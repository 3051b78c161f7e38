#include "spec/policy/duration.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace halfopen {

namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
    {{"ms", 1}, {"s", 1'000}, {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

std::optional<std::int64_t> unit_in_milliseconds(std::string_view name) {
    if (name.empty()) return 1;
    for (const auto& [unit, milliseconds] : units)
        if (name == unit) return milliseconds;
    return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> integer_from_text(std::string_view text) {
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

std::optional<std::int64_t> milliseconds_from_text(std::string_view text) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto count = integer_from_text(text.substr(0, digits));
    std::string_view unit = text.substr(digits);
    if (unit.size() > 1 && unit.front() == ' ') unit.remove_prefix(1);
    const auto milliseconds = unit_in_milliseconds(unit);
    if (!count || !milliseconds) return std::nullopt;
    if (*count > std::numeric_limits<std::int64_t>::max() / *milliseconds) return std::nullopt;
    return *count * *milliseconds;
}

std::string text_from_milliseconds(std::int64_t milliseconds) {
    if (milliseconds == 0) return "0";
    const auto largest = std::find_if(units.rbegin(), units.rend(),
                                      [&](const auto& unit) { return milliseconds % unit.second == 0; });
    return std::to_string(milliseconds / largest->second) + std::string(largest->first);
}

}  // namespace halfopen
