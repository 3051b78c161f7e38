/// pf_tcp_track_full() of pf.c, and tcp_conn_update() of Open vSwitch, which descends from it: one
/// definition.
///
///   1    seqhi >= end                           not beyond what the receiver granted
///   2    seq   >= seqlo - receiver.max_win      not older than one window
///   3,4  |receiver.seqlo - ack| <= 67035        acknowledges neither more nor less by much
///        a RST besides: see ResetMatch
///
/// seqlo, seqhi and max_win are td_end, td_maxend and td_maxwin of Peer.  While one side is unknown or both
/// are nearly closed a looser test lets a segment pass without believing it.  As in window.hpp, a side that a
/// segment introduces stays so even where it is then refused.
#pragma once

#include "spec/nat/window.hpp"

namespace halfopen {

/// MAXACKWINDOW: 0xffff + 1500.
inline constexpr std::uint32_t pf_ack_distance = 67'035;

/// pf_create_state(), tcp_new_conn().
template <Reading R>
void start_pf_tracking(R& r, ConntrackEntry<R>& entry, std::uint8_t direction, const Segment<R>& segment) {
    Peer<R>& sender = entry.peers[direction];
    sender = {.td_end = segment.seq,
              .td_maxend = r.plus(segment.seq, segment.span() + 1),
              .td_maxack = r.literal(0),
              .td_maxwin = at_least_one(r, segment.window),
              .side = SideState::SynSent};
    entry.peers[1 - direction] = {
        .td_end = r.literal(0), .td_maxend = r.literal(1), .td_maxack = r.literal(0), .td_maxwin = r.size(1)};
}

/// The first packet of a side.  True where its acknowledgement is not to be judged.
template <Reading R>
bool introduce_sender(R& r, const NatSettings& settings, const Segment<R>& segment, WindowTest<R>& t) {
    const bool first = settings.first_packet_by_side ? t.sender.side < SideState::SynSent
                                                     : r.decide(r.equal(t.sender.td_end, r.literal(0)));
    if (!first) return false;
    t.sender.td_end = segment.seq;
    if (t.sender.side < SideState::SynSent) t.sender.side = SideState::SynSent;
    const auto granted = r.advance(t.end, at_least_one(r, t.receiver.td_maxwin));
    const auto slides =
        r.either(r.equal(t.sender.td_maxend, r.literal(1)), not_before(r, granted, t.sender.td_maxend));
    const bool slid = r.decide(slides);
    if (slid) t.sender.td_maxend = granted;
    t.sender.td_maxwin = larger_of(r, t.sender.td_maxwin, segment.window);
    return slid && settings.first_packet_any_ack;
}

/// The test of a RST's number, which comes on top of the others.
template <Reading R>
typename R::Bool reset_matches(R& r, const NatSettings& settings, const Segment<R>& segment,
                               const WindowTest<R>& t) {
    if (settings.reset_match == ResetMatch::InWindow) return r.truth(true);
    const auto next = r.within(segment.seq, r.plus(t.sender.td_end, 0U - 1U), r.size(3));
    if (settings.reset_match == ResetMatch::Next || !segment.has(flag::ack)) return next;
    const auto exact = all_of(
        r, [&] { return r.equal(t.ack, t.receiver.td_end); },
        [&] { return not_before(r, segment.seq, r.retreat(t.sender.td_end, t.receiver.td_maxwin)); },
        [&] { return not_after(r, segment.seq, r.plus(t.sender.td_end, 1)); });
    return r.either(next, exact);
}

template <Reading R>
WindowTest<R> test_pf_window(R& r, const NatSettings& settings, const ConntrackEntry<R>& entry,
                             std::uint8_t direction, const Segment<R>& segment) {
    const auto end = r.plus(segment.seq, segment.span());
    WindowTest<R> t{r.truth(true),
                    r.truth(true),
                    r.truth(false),
                    r.truth(false),
                    false,
                    entry.peers[direction],
                    entry.peers[1 - direction],
                    segment.seq,
                    segment.ack,
                    end};
    const bool any_ack = introduce_sender(r, settings, segment, t);
    const auto& s = t.sender;
    const auto& v = t.receiver;
    const bool rst = segment.has(flag::rst);
    const bool no_ack = !segment.has(flag::ack) ||
                        (settings.unknown_peer_any_ack && v.side < SideState::SynSent) ||
                        (rst && r.decide(r.equal(segment.ack, r.literal(0))));
    if (no_ack) t.ack = v.td_end;
    if (segment.span() == 0) t.seq = t.end = s.td_end;
    const bool fin_counts = segment.has(flag::fin) && segment.span() > 0;
    const auto data_end = settings.fin_past_window && fin_counts ? r.plus(t.end, 0U - 1U) : t.end;

    const auto granted = [&] { return not_before(r, s.td_maxend, data_end); };
    const auto not_too_old = [&] { return not_before(r, t.seq, r.retreat(s.td_end, v.td_maxwin)); };
    const auto ack_plausible = [&] {
        if (any_ack || no_ack) return r.truth(true);
        return r.within(t.ack, r.plus(v.td_end, 0U - pf_ack_distance), r.size(2 * pf_ack_distance + 1));
    };
    const auto reset_believed = [&] { return rst ? reset_matches(r, settings, segment, t) : r.truth(true); };
    t.passes = t.accepts = all_of(r, granted, not_too_old, ack_plausible, reset_believed);

    if (v.side >= SideState::SynSent && v.side < SideState::FinWait2 && s.side < SideState::FinWait2)
        return t;
    t.ignores = all_of(
        r, [&] { return r.negate(t.passes); },
        [&] { return not_before(r, r.plus(s.td_maxend, pf_ack_distance), data_end); },
        [&] { return not_before(r, t.seq, r.plus(s.td_end, 0U - pf_ack_distance)); });
    return t;
}

/// Stores what pf learns from the segment; the numbers only where one of the tests let it pass.
template <Reading R>
void store_pf_window(R& r, ConntrackEntry<R>& entry, std::uint8_t direction, const Segment<R>& segment,
                     const WindowTest<R>& t) {
    Peer<R>& sender = entry.peers[direction];
    Peer<R>& receiver = entry.peers[1 - direction];
    sender = t.sender;
    receiver = t.receiver;
    if (!r.decide(r.either(t.passes, t.ignores))) return;
    sender.td_maxwin = larger_of(r, sender.td_maxwin, segment.window);
    sender.td_end = later_of(r, sender.td_end, t.end);
    const auto granted = r.advance(t.ack, segment.window);
    receiver.td_maxend = r.choose(not_before(r, granted, receiver.td_maxend),
                                  r.advance(t.ack, at_least_one(r, segment.window)), receiver.td_maxend);
}

/// A state mismatch during the handshake: the sender's next segment introduces it anew.
template <Reading R>
void forget_sender(R& r, Peer<R>& sender) {
    sender.td_end = r.literal(0);
    sender.td_maxend = r.literal(1);
    sender.td_maxwin = r.size(1);
}

}  // namespace halfopen
