#include "spec/policy/input_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace halfopen {

namespace {

/// Names longer than this are not looked up and not shown whole.
constexpr std::size_t longest_shown_name = 80;

char folded(char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
    return c == '-' || c == ' ' ? '_' : c;
}

/// Levenshtein distance with neighbouring letters swapped counted as one edit; blind to case and to which of
/// "-", "_" and " " separates words.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const char x = folded(a[i - 1]);
            const char y = folded(b[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (x == y ? 0U : 1U)});
            const bool swapped = i > 1 && j > 1 && x == folded(b[j - 2]) && folded(a[i - 2]) == y && x != y;
            if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        std::swap(before_last, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

std::string with_place(const Place& place, const std::string& message) {
    const std::string where = to_string(place);
    return where.empty() ? message : where + ": " + message;
}

}  // namespace

std::string to_string(const Place& place) {
    std::string text = place.file;
    for (const std::uint32_t number : {place.line, place.column}) {
        if (number == 0) break;
        if (!text.empty()) text += ':';
        text += std::to_string(number);
    }
    return text;
}

std::string one_line(std::string_view text) {
    std::string line;
    line.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n') {
            line += "\\n";
        } else if (c == '\t') {
            line += "\\t";
        } else if (byte < 0x20 || byte == 0x7f) {
            line += fmt::format("\\x{:02x}", byte);
        } else {
            line += c;
        }
    }
    return line;
}

std::string in_quotes(std::string_view text) {
    if (text.size() <= longest_shown_name) return fmt::format("\"{}\"", one_line(text));
    std::size_t end = longest_shown_name;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;  // whole UTF-8 only
    return fmt::format("\"{}…\"", one_line(text.substr(0, end)));
}

InputError::InputError(const Place& place, const std::string& message)
    : std::runtime_error(one_line(with_place(place, message))) {}

InputError::InputError(const std::string& message) : std::runtime_error(one_line(message)) {}

std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates) {
    if (name.empty() || name.size() > longest_shown_name) return {};
    std::string_view nearest;
    std::size_t shortest = 0;
    for (const std::string_view candidate : candidates) {
        if (candidate.empty()) continue;
        const std::size_t distance = edit_distance(name, candidate);
        const std::size_t near_enough = std::max<std::size_t>(1, std::min(name.size(), candidate.size()) / 3);
        // A single letter is "near" every other single letter, which helps nobody.
        if (distance > near_enough || distance >= std::max(name.size(), candidate.size())) continue;
        if (nearest.empty() || distance < shortest) {
            nearest = candidate;
            shortest = distance;
        }
    }
    return nearest;
}

std::string unknown_name(std::string_view what, std::string_view name,
                         std::span<const std::string_view> candidates, std::size_t list_at_most) {
    std::string message = fmt::format("unknown {} {}", what, in_quotes(name));
    const std::string_view nearest = nearest_name(name, candidates);
    if (!nearest.empty()) message += fmt::format("; did you mean {}?", in_quotes(nearest));
    if (candidates.empty()) {
        message += " (there are none)";
    } else if (candidates.size() <= list_at_most) {
        message += fmt::format(" (allowed: {})", fmt::join(candidates, ", "));
    }
    return message;
}

}  // namespace halfopen
