/// Packets as bytes.
#pragma once

#include <string>

#include "spec/tcp/segment.hpp"

namespace halfopen {

/// IPv4 and TCP header (RFC 791, RFC 9293 §3.1) with right checksums, and as many octets of data as the
/// segment is long.  Windows of more than 65535, which the model gives after scaling, are written as 65535.
std::string packet_bytes(const ConcreteSegment& segment, std::uint16_t identification);

}  // namespace halfopen
