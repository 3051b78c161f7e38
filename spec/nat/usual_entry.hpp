/// A conntrack entry as one expects it in a state: what examples begin with.
#pragma once

#include "spec/nat/nat.hpp"
#include "spec/tcp/usual_tcb.hpp"

namespace halfopen {

/// What each side has come to in that state, at a NAT that looks at each alone.
inline SideState usual_side(TrackState state, std::uint8_t direction) {
    switch (state) {
        case TrackState::None:
        case TrackState::SynSent2:
            return SideState::Closed;
        case TrackState::SynSent:
            return direction == original ? SideState::SynSent : SideState::Closed;
        case TrackState::SynRecv:
            return SideState::SynSent;
        case TrackState::Established:
            return SideState::Established;
        case TrackState::FinWait:
        case TrackState::CloseWait:
            return direction == original ? SideState::Closing : SideState::Established;
        case TrackState::LastAck:
            return SideState::Closing;
        case TrackState::TimeWait:
            return SideState::FinWait2;
        case TrackState::Close:
            return SideState::TimeWait;
    }
    return SideState::Closed;
}

/// client_next, server_next: what each side will send next.
inline ConntrackEntry<ConcreteReading> usual_entry(const NatSettings& settings, TrackState state,
                                                   std::uint32_t client_next = usual_rcv_nxt,
                                                   std::uint32_t server_next = usual_snd_nxt) {
    ConntrackEntry<ConcreteReading> entry;
    entry.state = state;
    if (state == TrackState::None) return entry;
    entry.timeout = settings.timeout(state);
    Peer<ConcreteReading>& client = entry.peers[original];
    client.td_end = entry.last_end = {client_next, 0};
    client.td_maxwin = entry.last_win = usual_window;
    if (settings.side_states)
        for (const std::uint8_t side : {original, reply}) entry.peers[side].side = usual_side(state, side);
    if (state == TrackState::SynSent) {
        client.td_maxend = client.td_end;
        entry.last_class = SegmentClass::Syn;
        entry.last_seq = {client_next - 1, 0};
        return entry;
    }
    Peer<ConcreteReading>& server = entry.peers[reply];
    server.td_end = {server_next, 0};
    server.td_maxwin = usual_window;
    client.td_maxend = {client_next + usual_window, 0};
    server.td_maxend = {server_next + usual_window, 0};
    client.maxack_set = server.maxack_set = settings.maxack;
    if (settings.maxack) {
        client.td_maxack = server.td_end;
        server.td_maxack = client.td_end;
    }
    entry.seen_reply = settings.packet_memory;
    entry.assured = entry.seen_reply && state != TrackState::SynRecv && state != TrackState::SynSent2;
    entry.last_class = SegmentClass::Ack;
    entry.last_seq = {client_next, 0};
    entry.last_ack = {server_next, 0};
    return entry;
}

}  // namespace halfopen
