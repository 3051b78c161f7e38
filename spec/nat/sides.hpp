/// The pair of side states that pf and its descendants keep, and what it amounts to.
#pragma once

#include "spec/nat/conntrack_entry.hpp"
#include "spec/numbers/reading.hpp"

namespace halfopen {

/// The state that an entry's sides amount to: by it pf_tcp_track_full() picks the time-out.
constexpr TrackState state_of_sides(SideState a, SideState b) {
    const SideState less = a < b ? a : b;
    const SideState more = a < b ? b : a;
    if (less == SideState::TimeWait) return TrackState::Close;
    if (less >= SideState::FinWait2) return TrackState::TimeWait;
    if (less >= SideState::Closing) return TrackState::LastAck;
    if (less < SideState::Established) return TrackState::SynRecv;
    return more >= SideState::Closing ? TrackState::FinWait : TrackState::Established;
}

/// What an acknowledgement tells of the side that it acknowledges.  half_open: pf_tcp_track_sloppy()'s two
/// cases for a firewall that sees one direction only.
template <Reading R>
void acknowledge_side(R& r, Peer<R>& sender, Peer<R>& receiver, bool half_open) {
    if (receiver.side == SideState::SynSent) {
        receiver.side = SideState::Established;
    } else if (receiver.side == SideState::Closing) {
        receiver.side = SideState::FinWait2;
    } else if (half_open && sender.side == SideState::SynSent && receiver.side < SideState::SynSent) {
        sender.side = receiver.side = SideState::Established;
    } else if (half_open && sender.side == SideState::Closing && receiver.side == SideState::Established &&
               r.decide(r.equal(receiver.td_end, r.literal(0)))) {
        receiver.side = SideState::Closing;
    }
}

/// "Update states" of pf.c.  loosely: in a loose state match only FIN and RST count.
template <Reading R>
void move_sides(R& r, ConntrackEntry<R>& entry, std::uint8_t direction, const Segment<R>& segment,
                bool loosely, bool half_open) {
    Peer<R>& sender = entry.peers[direction];
    Peer<R>& receiver = entry.peers[1 - direction];
    if (!loosely && segment.has(flag::syn) && sender.side < SideState::SynSent)
        sender.side = SideState::SynSent;
    if (segment.has(flag::fin) && sender.side < SideState::Closing) sender.side = SideState::Closing;
    if (!loosely && segment.has(flag::ack)) acknowledge_side(r, sender, receiver, half_open);
    if (segment.has(flag::rst)) sender.side = receiver.side = SideState::TimeWait;
    entry.state = state_of_sides(sender.side, receiver.side);
}

}  // namespace halfopen
