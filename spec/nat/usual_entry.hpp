/// A conntrack entry as one expects it in a state: what examples begin with.
#pragma once

#include "spec/nat/nat.hpp"
#include "spec/tcp/usual_tcb.hpp"

namespace halfopen {

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
    entry.seen_reply = true;
    entry.assured = state != TrackState::SynRecv && state != TrackState::SynSent2;
    entry.last_class = SegmentClass::Ack;
    entry.last_seq = {client_next, 0};
    entry.last_ack = {server_next, 0};
    return entry;
}

}  // namespace halfopen
