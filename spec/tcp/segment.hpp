/// A TCP segment with the addresses of its packet.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "spec/numbers/concrete_reading.hpp"
#include "spec/tcp/timestamps.hpp"

namespace halfopen {

/// IPv4 address and TCP port, host byte order.
struct Address {
    std::uint32_t ip = 0;
    std::uint16_t port = 0;

    friend constexpr auto operator<=>(const Address&, const Address&) = default;
};

/// "1.2.3.4:2049"
std::string to_string(const Address& a);
/// "1.2.3.4"
std::string ip_to_string(std::uint32_t ip);
/// Parses dotted-quad notation; nothing where it is not one.
std::optional<std::uint32_t> parse_ip(std::string_view text);

namespace flag {
inline constexpr std::uint8_t fin = 0x01, syn = 0x02, rst = 0x04, psh = 0x08, ack = 0x10;
}

/// The control bits reduced to one class, first match wins: RST, SYN, FIN, ACK (get_conntrack_index() of
/// nf_conntrack_proto_tcp.c; RFC 9293 §3.10.7 checks in the same order).  RST with or without ACK is Rst.
enum class SegmentClass : std::uint8_t { Syn, SynAck, Fin, Ack, Rst, None };
inline constexpr std::size_t segment_class_count = 6;
inline constexpr std::array<std::string_view, segment_class_count> segment_class_names{
    "SYN", "SYN-ACK", "FIN", "ACK", "RST", "NONE"};
SegmentClass segment_class(std::uint8_t flags);

template <class R>
struct Segment {
    Address source;
    Address destination;
    std::uint8_t flags = 0;
    typename R::Word seq{};
    typename R::Word ack{};     ///< literal 0 where the ACK bit is off
    typename R::Size window{};  ///< as advertised, after scaling
    std::uint32_t length = 0;   ///< bytes of data
    TimestampOption<R> timestamps{};

    friend bool operator==(const Segment&, const Segment&) = default;

    bool has(std::uint8_t f) const { return (flags & f) != 0; }
    /// SEG.LEN of RFC 9293: data, and one each for SYN and FIN.
    std::uint32_t span() const { return length + (has(flag::syn) ? 1U : 0U) + (has(flag::fin) ? 1U : 0U); }
};

using ConcreteSegment = Segment<ConcreteReading>;

/// tcpdump's letters: "S", "S.", ".", "P.", "F.", "R", "R.".
std::string flags_to_string(std::uint8_t flags);
/// "10.1.0.1:903 > 1.2.3.4:2049 S 1000", "… . 2000:2100 ack 1001": absolute numbers, data as first:last, ack
/// where set; then " [TS val 5 ecr 1]" where it carries that option.
std::string to_string(const ConcreteSegment& s);

}  // namespace halfopen
