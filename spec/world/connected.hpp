/// When a connection works (design §6), said of its three parts: asked by the explorer of each client in a
/// world, by the solver of three parts whose numbers are unknown.
#pragma once

#include "spec/nat/tracker.hpp"
#include "spec/tcp/tcb.hpp"

namespace halfopen {

/// Whether the NAT carries the traffic of a connection whose ends are both ESTABLISHED.  A tracker of numbers
/// says so by its state.  One that keeps none may go on translating in another state (libalias after an early
/// reset, with a timer of 10 s): there the table is asked whether it passes a segment of each side and
/// restarts the timer.
template <Reading R>
bool carries(R& r, const Nat& nat, const ConntrackEntry<R>& entry) {
    if (entry.state == TrackState::Established) return true;
    if (nat.settings().keeps_numbers()) return false;
    ConntrackEntry<R> copy = entry;
    Segment<R> segment;
    segment.flags = flag::ack;
    return track(r, nat, copy, segment, original).verdict == TrackVerdict::Accept &&
           track(r, nat, copy, segment, reply).verdict == TrackVerdict::Accept;
}

/// What has not been answered may never be.
template <class R>
bool nothing_unanswered(const Tcb<R>& tcb) {
    return tcb.unacked_data == 0 && tcb.keepalive_probes == 0;
}

/// Each end expects what the other one sends next.
template <Reading R>
typename R::Bool numbers_agree(R& r, const Tcb<R>& client, const Tcb<R>& server) {
    return r.both(r.equal(server.rcv_nxt, client.snd_nxt), r.equal(server.snd_nxt, client.rcv_nxt));
}

}  // namespace halfopen
