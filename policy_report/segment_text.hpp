/// Reads a segment as people write it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "spec/policy/input_error.hpp"

namespace halfopen {

/// What was written; numbers that were not are the reader's to choose.
struct WrittenSegment {
    std::uint8_t flags = 0;
    std::optional<std::uint32_t> seq, ack, window;
    std::uint32_t length = 0;
    /// The Timestamps option: no TSecr without a TSval.
    std::optional<std::uint32_t> ts_value, ts_echo;
};

/// FLAGS [SEQ | FIRST:LAST] [ack N] [win N], or seq=N ack=N win=N len=N in any order.  FLAGS are a class
/// (SYN, SYN-ACK, FIN, ACK, RST, RST-ACK, NONE; a FIN has ACK, too) or tcpdump's letters (S F R P .).  An
/// acknowledgement number sets ACK.  A timestamp is "[TS val N ecr N]", also among tcpdump's options such as
/// "options [nop,nop,TS val N ecr N]", or tsval=N tsecr=N; the echo may be missing.  Numbers are decimal, or
/// hexadecimal after 0x.  Throws InputError at place.
WrittenSegment read_segment(std::string_view text, const Place& place);

/// A whole number below 2^32.  Throws InputError at place.
std::uint32_t read_word(std::string_view text, const Place& place);

}  // namespace halfopen
