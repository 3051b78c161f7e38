/// Segments of which only the kind is known.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "solver/unknowns.hpp"
#include "spec/tcp/segment_fields.hpp"

namespace halfopen {

/// Of the segments with these flags that stacks send, octets of text.  None sends any with a SYN or a reset.
inline std::span<const std::uint32_t> lengths_of_stacks(std::uint8_t flags) {
    static constexpr std::array<std::uint32_t, 2> without_and_with{0, 100};
    return std::span(without_and_with).first((flags & (flag::syn | flag::rst)) != 0 ? 1 : 2);
}

/// One of this kind whose numbers are unknowns called "seg.seq" and so on; one without ACK has 0 for that
/// number (RFC 9293 §3.1).  names: gets those of its members that are numbers.
inline Segment<Z3Reading> unknown_segment(const Z3Reading& r, const Address& source,
                                          const Address& destination, std::uint8_t flags,
                                          std::uint32_t length, std::set<std::string>* names = nullptr) {
    Segment<Z3Reading> segment;
    UnknownNumbers unknown(r, "seg.");
    fields(unknown, segment);
    segment.source = source;
    segment.destination = destination;
    segment.flags = flags;
    segment.length = length;
    if (!segment.has(flag::ack)) segment.ack = r.literal(0);
    if (names != nullptr) *names = unknown.names;
    return segment;
}

}  // namespace halfopen
