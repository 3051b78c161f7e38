/// Segments that a NAT sends of its own accord.
#pragma once

#include "spec/nat/conntrack_entry.hpp"
#include "spec/numbers/reading.hpp"

namespace halfopen {

/// Back to whoever sent the segment, in the name of whom it was sent to.
template <Reading R>
Segment<R> answer_to(R& r, const Segment<R>& segment, std::uint8_t flags, const typename R::Word& seq,
                     const typename R::Word& ack) {
    return {segment.destination, segment.source, flags, seq, ack, r.size(0), 0};
}

/// RFC 9293 section 3.10.7.1: what a host answers for a connection that it does not have.
template <Reading R>
Segment<R> reset_for(R& r, const Segment<R>& segment) {
    if (segment.has(flag::ack)) return answer_to(r, segment, flag::rst, segment.ack, r.literal(0));
    return answer_to(r, segment, flag::rst | flag::ack, r.literal(0), r.plus(segment.seq, segment.span()));
}

/// To the side `to` of an entry that timed out: what the other side would send next.
template <Reading R>
Segment<R> expiry_reset(R& r, const ConntrackEntry<R>& entry, std::uint8_t to) {
    const Address& source = to == original ? entry.destination : entry.outside;
    const Address& destination = to == original ? entry.inside : entry.destination;
    return {source,
            destination,
            flag::rst | flag::ack,
            entry.peers[1 - to].td_end,
            entry.peers[to].td_end,
            r.size(0),
            0};
}

}  // namespace halfopen
