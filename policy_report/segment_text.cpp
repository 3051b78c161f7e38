#include "policy_report/segment_text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "spec/tcp/segment.hpp"

namespace halfopen {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint8_t>, 8> names{{
    {"SYN", flag::syn},
    {"SYN-ACK", flag::syn | flag::ack},
    {"FIN", flag::fin | flag::ack},
    {"ACK", flag::ack},
    {"RST", flag::rst},
    {"RST-ACK", flag::rst | flag::ack},
    {"NONE", 0},
    {"none", 0},
}};

std::uint8_t read_flags(std::string_view text, const Place& place) {
    for (const auto& [name, flags] : names)
        if (text == name) return flags;
    std::uint8_t flags = 0;
    for (const char letter : text) {
        switch (letter) {
            case 'S':
                flags |= flag::syn;
                break;
            case 'F':
                flags |= flag::fin;
                break;
            case 'R':
                flags |= flag::rst;
                break;
            case 'P':
                flags |= flag::psh;
                break;
            case '.':
                flags |= flag::ack;
                break;
            default:
                throw InputError(place,
                                 fmt::format("{} are no flags; write SYN, SYN-ACK, FIN, ACK, RST, RST-ACK, "
                                             "NONE, or tcpdump's letters such as S. or F.",
                                             in_quotes(text)));
        }
    }
    return flags;
}

std::vector<std::string_view> split(std::string_view text) {
    constexpr std::string_view blanks = " \t,";
    std::vector<std::string_view> tokens;
    while (true) {
        const auto first = text.find_first_not_of(blanks);
        if (first == std::string_view::npos) return tokens;
        text.remove_prefix(first);
        const auto end = std::min(text.find_first_of(blanks), text.size());
        tokens.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

}  // namespace

std::uint32_t read_word(std::string_view text, const Place& place) {
    const bool hexadecimal = text.starts_with("0x");
    const std::string_view digits = hexadecimal ? text.substr(2) : text;
    std::uint32_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
    if (error != std::errc{} || end != digits.data() + digits.size())
        throw InputError(place,
                         fmt::format("{} is not a whole number from 0 to 4294967295", in_quotes(text)));
    return value;
}

WrittenSegment read_segment(std::string_view text, const Place& place) {
    const auto tokens = split(text);
    if (tokens.empty()) throw InputError(place, "no segment; write for example 'SYN seq=1000' or 'S 1000'");
    WrittenSegment segment;
    segment.flags = read_flags(tokens.front(), place);
    std::optional<std::uint32_t> length;
    const auto set = [&](std::string_view name, std::optional<std::uint32_t>& member,
                         std::string_view value) {
        if (member) throw InputError(place, fmt::format("{} is given twice", name));
        member = read_word(value, place);
    };
    for (std::size_t i = 1; i < tokens.size(); ++i) {
        const std::string_view token = tokens[i];
        const auto equals = token.find('=');
        if (equals == std::string_view::npos && token != "ack" && token != "win" && token != "seq" &&
            token != "length") {
            const auto colon = token.find(':');
            set("seq", segment.seq, token.substr(0, colon));
            if (colon == std::string_view::npos) continue;
            std::optional<std::uint32_t> last;
            set("last", last, token.substr(colon + 1));
            if (length) throw InputError(place, "the length is given twice");
            length = *last - *segment.seq;
            continue;
        }
        const std::string_view name = token.substr(0, equals);
        if (equals == std::string_view::npos && ++i == tokens.size())
            throw InputError(place, fmt::format("{} has no number behind it", in_quotes(name)));
        const std::string_view value =
            equals == std::string_view::npos ? tokens[i] : token.substr(equals + 1);
        if (name == "seq") {
            set("seq", segment.seq, value);
        } else if (name == "ack") {
            set("ack", segment.ack, value);
        } else if (name == "win" || name == "window") {
            set("win", segment.window, value);
        } else if (name == "len" || name == "length") {
            set("the length", length, value);
        } else {
            throw InputError(
                place,
                fmt::format("{} is no field of a segment; there are seq, ack, win and len", in_quotes(name)));
        }
    }
    if (segment.ack) segment.flags |= flag::ack;
    segment.length = length.value_or(0);
    constexpr std::uint32_t longest = 1U << 16U;
    if (segment.length > longest)
        throw InputError(place, fmt::format("{} bytes of data are too many; a segment has at most {}",
                                            segment.length, longest));
    return segment;
}

}  // namespace halfopen
