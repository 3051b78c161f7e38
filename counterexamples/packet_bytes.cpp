#include "counterexamples/packet_bytes.hpp"

#include <algorithm>
#include <string_view>

namespace halfopen {

namespace {

void put16_big(std::string& bytes, std::uint32_t value) {
    bytes += static_cast<char>(value >> 8U & 0xFFU);
    bytes += static_cast<char>(value & 0xFFU);
}
void put32_big(std::string& bytes, std::uint32_t value) {
    put16_big(bytes, value >> 16U);
    put16_big(bytes, value & 0xFFFFU);
}

/// The sum of RFC 1071 before it is folded and complemented.
std::uint32_t sum16(std::string_view bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        sum += static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (i % 2 == 0 ? 8U : 0U);
    return sum;
}
std::uint16_t checksum(std::uint32_t sum) {
    while (sum > 0xFFFFU) sum = (sum & 0xFFFFU) + (sum >> 16U);
    return static_cast<std::uint16_t>(~sum);
}
void set16(std::string& bytes, std::size_t at, std::uint16_t value) {
    bytes[at] = static_cast<char>(value >> 8U);
    bytes[at + 1] = static_cast<char>(value & 0xFFU);
}

constexpr std::uint8_t protocol_tcp = 6;

std::string tcp_bytes(const ConcreteSegment& segment) {
    std::string options;
    if (segment.timestamps.present) {
        // Two NOPs before it, so that it is aligned (RFC 7323 appendix A).
        put16_big(options, 0x0101);
        put16_big(options, 0x080A);
        put32_big(options, segment.timestamps.value.value);
        put32_big(options, segment.timestamps.echo.value);
    }
    std::string tcp;
    put16_big(tcp, segment.source.port);
    put16_big(tcp, segment.destination.port);
    put32_big(tcp, segment.seq.value);
    put32_big(tcp, segment.has(flag::ack) ? segment.ack.value : 0);
    tcp += static_cast<char>((20 + options.size()) / 4 << 4U);
    tcp += static_cast<char>(segment.flags);
    put16_big(tcp, std::min<std::uint32_t>(segment.window, 65'535));
    put32_big(tcp, 0);  // checksum, urgent pointer
    tcp += options;
    tcp.append(segment.length, '\0');
    std::string pseudo;
    put32_big(pseudo, segment.source.ip);
    put32_big(pseudo, segment.destination.ip);
    put16_big(pseudo, protocol_tcp);
    put16_big(pseudo, static_cast<std::uint32_t>(tcp.size()));
    set16(tcp, 16, checksum(sum16(pseudo) + sum16(tcp)));
    return tcp;
}

}  // namespace

std::string packet_bytes(const ConcreteSegment& segment, std::uint16_t identification) {
    const std::string tcp = tcp_bytes(segment);
    std::string ip;
    put16_big(ip, 0x4500);
    put16_big(ip, static_cast<std::uint32_t>(20 + tcp.size()));
    put16_big(ip, identification);
    put16_big(ip, 0x4000);                    // do not fragment
    put16_big(ip, 64U << 8U | protocol_tcp);  // time to live
    put16_big(ip, 0);
    put32_big(ip, segment.source.ip);
    put32_big(ip, segment.destination.ip);
    set16(ip, 10, checksum(sum16(ip)));
    return ip + tcp;
}

}  // namespace halfopen
