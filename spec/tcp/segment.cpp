#include "spec/tcp/segment.hpp"

#include <fmt/format.h>

#include <charconv>

namespace halfopen {

std::string ip_to_string(std::uint32_t ip) {
    return fmt::format("{}.{}.{}.{}", ip >> 24U, (ip >> 16U) & 255U, (ip >> 8U) & 255U, ip & 255U);
}

std::string to_string(const Address& a) { return fmt::format("{}:{}", ip_to_string(a.ip), a.port); }

std::optional<std::uint32_t> parse_ip(std::string_view text) {
    std::uint32_t ip = 0;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (int byte = 0; byte < 4; ++byte) {
        if (byte > 0) {
            if (at == end || *at != '.') return std::nullopt;
            ++at;
        }
        std::uint32_t value = 0;
        const auto [next, error] = std::from_chars(at, end, value);
        if (error != std::errc{} || next == at || value > 255 || next - at > 3) return std::nullopt;
        ip = (ip << 8U) | value;
        at = next;
    }
    return at == end ? std::optional(ip) : std::nullopt;
}

SegmentClass segment_class(std::uint8_t flags) {
    if ((flags & flag::rst) != 0) return SegmentClass::Rst;
    if ((flags & flag::syn) != 0) return (flags & flag::ack) != 0 ? SegmentClass::SynAck : SegmentClass::Syn;
    if ((flags & flag::fin) != 0) return SegmentClass::Fin;
    return (flags & flag::ack) != 0 ? SegmentClass::Ack : SegmentClass::None;
}

std::string flags_to_string(std::uint8_t flags) {
    std::string letters;
    if ((flags & flag::syn) != 0) letters += 'S';
    if ((flags & flag::fin) != 0) letters += 'F';
    if ((flags & flag::rst) != 0) letters += 'R';
    if ((flags & flag::psh) != 0) letters += 'P';
    if ((flags & flag::ack) != 0) letters += '.';
    return letters.empty() ? "none" : letters;
}

std::string to_string(const ConcreteSegment& s) {
    std::string text = fmt::format("{} > {} {} {}", to_string(s.source), to_string(s.destination),
                                   flags_to_string(s.flags), s.seq.value);
    if (s.length > 0) text += fmt::format(":{}", s.seq.value + s.length);
    if (s.has(flag::ack)) text += fmt::format(" ack {}", s.ack.value);
    if (s.timestamps.present)
        text += fmt::format(" [TS val {} ecr {}]", s.timestamps.value.value, s.timestamps.echo.value);
    return text;
}

}  // namespace halfopen
