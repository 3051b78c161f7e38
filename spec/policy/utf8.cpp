#include "spec/policy/utf8.hpp"

#include <fmt/format.h>

#include "spec/policy/input_error.hpp"

namespace halfopen {

namespace {

/// Bytes of the well-formed sequence at the front of text, 0 where there is none: the table of RFC 3629 §4.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) -> unsigned {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto tail = [&](std::size_t i, unsigned lowest = 0x80, unsigned highest = 0xbf) {
        return byte(i) >= lowest && byte(i) <= highest;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
    if (first >= 0xe0 && first <= 0xef) {
        const unsigned lowest = first == 0xe0 ? 0xa0 : 0x80;   // no overlong form
        const unsigned highest = first == 0xed ? 0x9f : 0xbf;  // no surrogate
        return tail(1, lowest, highest) && tail(2) ? 3 : 0;
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const unsigned lowest = first == 0xf0 ? 0x90 : 0x80;
        const unsigned highest = first == 0xf4 ? 0x8f : 0xbf;  // up to U+10FFFF
        return tail(1, lowest, highest) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

}  // namespace

void refuse_what_is_not_text(std::string_view text, const std::string& file) {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        const auto first = static_cast<unsigned char>(text.front());
        if (first == 0) throw InputError(Place{file, line, column}, "a NUL byte; this is not a text file");
        if (length == 0)
            throw InputError(Place{file, line, column},
                             fmt::format("the byte 0x{:02x} is not UTF-8; save the file as UTF-8", first));
        if (first == '\n') {
            ++line;
            column = 1;
        } else {
            ++column;
        }
        text.remove_prefix(length);
    }
}

}  // namespace halfopen
