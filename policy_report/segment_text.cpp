#include "policy_report/segment_text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "spec/tcp/segment.hpp"

namespace halfopen {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint8_t>, 8> segment_names{{
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
    for (const auto& [name, flags] : segment_names)
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

void set_once(std::string_view name, std::optional<std::uint32_t>& member, std::string_view value,
              const Place& place) {
    if (member) throw InputError(place, fmt::format("{} is given twice", name));
    member = read_word(value, place);
}

/// What stands between tcpdump's brackets: "TS val 5 ecr 7", "nop,nop,TS val 5 ecr 7".
void read_options(std::string_view text, WrittenSegment& segment, const Place& place) {
    const auto words = split(text);
    const auto is = [&](std::size_t at, std::string_view word) {
        return at < words.size() && words[at] == word;
    };
    const auto wrong = [&] {
        return InputError(place, fmt::format("{} is no option that a policy looks at; write [TS val 5 ecr 7]",
                                             in_quotes(fmt::format("[{}]", text))));
    };
    bool found = false;
    for (std::size_t at = 0; at < words.size();) {
        if (is(at, "nop") || is(at, "eol")) {
            ++at;
            continue;
        }
        if (!is(at, "TS") || !is(at + 1, "val") || at + 2 == words.size()) throw wrong();
        set_once("TS val", segment.ts_value, words[at + 2], place);
        at += 3;
        found = true;
        if (!is(at, "ecr")) continue;
        if (at + 1 == words.size()) throw wrong();
        set_once("TS ecr", segment.ts_echo, words[at + 1], place);
        at += 2;
    }
    if (!found) throw wrong();
}

/// The text without its options, which are read.
std::string take_options(std::string_view text, WrittenSegment& segment, const Place& place) {
    const auto open = text.find('[');
    if (open == std::string_view::npos) return std::string(text);
    const auto close = text.find(']', open);
    if (close == std::string_view::npos)
        throw InputError(place, "a '[' has no ']' behind it; write [TS val 5 ecr 7]");
    if (text.find('[', open + 1) != std::string_view::npos) throw InputError(place, "'[' is given twice");
    read_options(text.substr(open + 1, close - open - 1), segment, place);
    std::string_view before = text.substr(0, open);
    while (before.ends_with(' ')) before.remove_suffix(1);
    constexpr std::string_view word = " options";
    if (before.ends_with(word)) before.remove_suffix(word.size());
    return std::string(before) + " " + std::string(text.substr(close + 1));
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
    WrittenSegment segment;
    const std::string rest = take_options(text, segment, place);
    const auto tokens = split(rest);
    if (tokens.empty()) throw InputError(place, "no segment; write for example 'SYN seq=1000' or 'S 1000'");
    segment.flags = read_flags(tokens.front(), place);
    std::optional<std::uint32_t> length;
    const auto set = [&](std::string_view name, std::optional<std::uint32_t>& member,
                         std::string_view value) { set_once(name, member, value, place); };
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
        } else if (name == "tsval") {
            set("tsval", segment.ts_value, value);
        } else if (name == "tsecr") {
            set("tsecr", segment.ts_echo, value);
        } else {
            throw InputError(
                place,
                fmt::format("{} is no field of a segment; there are seq, ack, win, len, tsval and tsecr",
                            in_quotes(name)));
        }
    }
    if (segment.ts_echo && !segment.ts_value)
        throw InputError(place, "tsecr is given without tsval; a timestamp has both");
    if (segment.ack) segment.flags |= flag::ack;
    segment.length = length.value_or(0);
    constexpr std::uint32_t longest = 1U << 16U;
    if (segment.length > longest)
        throw InputError(place, fmt::format("{} bytes of data are too many; a segment has at most {}",
                                            segment.length, longest));
    return segment;
}

}  // namespace halfopen
