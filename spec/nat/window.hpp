/// tcp_in_window() of nf_conntrack_proto_tcp.c, in every version by NatSettings: one definition.
///
///   I    seq  <= sender.td_maxend                        not beyond what the receiver granted
///   II   end  >= sender.td_end - receiver.td_maxwin      not older than one window
///   III  ack  <= receiver.td_end                         acknowledges only what was seen
///   IV   ack  >= receiver.td_end - max(66000, sender.td_maxwin)
///
/// test_window() asks; store_window() remembers.  A side that is (re-)initialised stays so even where the
/// segment is then refused, as in the kernel.
#pragma once

#include "spec/nat/conntrack_entry.hpp"
#include "spec/nat/nat_settings.hpp"
#include "spec/numbers/reading.hpp"

namespace halfopen {

template <class R>
struct WindowTest {
    typename R::Bool passes;      ///< I to IV hold
    typename R::Bool accepts;     ///< passes, or out of window but tracked liberally
    typename R::Bool ignores;     ///< out of window in a way that is let pass without belief (6.1 and later)
    typename R::Bool overshoots;  ///< beyond the grant by less than a window: td_end follows all the same
    bool skipped = false;         ///< accepted before the numbers were looked at

    Peer<R> sender;  ///< after its (re-)initialisation
    Peer<R> receiver;
    typename R::Word seq, ack, end;  ///< as the kernel's local variables stand when it compares
};

template <Reading R>
typename R::Size at_least_one(R& r, const typename R::Size& window) {
    return larger_of(r, window, r.size(1));
}

/// MAXACKWINDOW(sender)
template <Reading R>
typename R::Size largest_ack_distance(R& r, const Peer<R>& sender) {
    return larger_of(r, sender.td_maxwin, r.size(66000));
}

/// sender->td_maxwin == 0; before 2.6.31 sender->td_end == 0.
template <Reading R>
bool nothing_known(R& r, const NatSettings& settings, const Peer<R>& side) {
    return settings.first_packet_by_td_end ? r.decide(r.equal(side.td_end, r.literal(0)))
                                           : r.decide(r.less(side.td_maxwin, r.size(1)));
}

/// The first packet of a side, and a handshake begun anew: takes the segment's numbers for the sender's. True
/// where that settles the verdict: the crossing SYN of a simultaneous open.
template <Reading R>
bool initialise_sides(R& r, const NatSettings& settings, TrackState state, std::uint8_t direction,
                      const Segment<R>& segment, WindowTest<R>& t) {
    const bool syn = segment.has(flag::syn);
    const bool ack = segment.has(flag::ack);
    const auto take_syn = [&] {
        t.sender.td_end = t.sender.td_maxend = t.end;
        t.sender.td_maxwin = at_least_one(r, segment.window);
    };
    if (nothing_known(r, settings, t.sender)) {
        // 2.6.18 knows no simultaneous open, so it takes a bare SYN like any other segment.
        if (syn && (ack || !settings.first_packet_by_td_end)) {
            take_syn();
            return !ack;
        }
        t.sender.td_end = t.end;
        t.sender.td_maxwin = at_least_one(r, segment.window);
        t.sender.td_maxend = r.advance(t.end, t.sender.td_maxwin);
        if (!settings.unknown_receiver_learns) return false;
        if (nothing_known(r, settings, t.receiver)) {
            t.receiver.td_end = t.receiver.td_maxend = segment.ack;
        } else if (settings.keepalive_teaches) {
            // "Likely a reply to a keepalive."
            const auto next = r.plus(t.receiver.td_end, 1);
            t.receiver.td_end = r.choose(r.equal(segment.ack, next), next, t.receiver.td_end);
        }
        return false;
    }
    const bool opening = settings.reinitialise_on_syn_only
                             ? syn && (state == TrackState::SynSent || state == TrackState::SynRecv)
                             : (state == TrackState::SynSent && direction == original) ||
                                   (state == TrackState::SynRecv && direction == reply);
    if (!opening || !r.decide(after(r, t.end, t.sender.td_end))) return false;
    take_syn();
    return settings.reinitialise_on_syn_only && direction == reply && !ack;
}

template <Reading R>
WindowTest<R> test_window(R& r, const NatSettings& settings, const ConntrackEntry<R>& entry,
                          std::uint8_t direction, const Segment<R>& segment) {
    const auto end = r.plus(segment.seq, segment.span());
    WindowTest<R> t{r.truth(true),
                    r.truth(true),
                    r.truth(false),
                    r.truth(false),
                    true,
                    entry.peers[direction],
                    entry.peers[1 - direction],
                    segment.seq,
                    segment.ack,
                    end};
    if (settings.no_window_check || settings.window_model == WindowModel::None ||
        initialise_sides(r, settings, entry.state, direction, segment, t))
        return t;
    t.skipped = false;

    const bool rst = segment.has(flag::rst);
    if (!segment.has(flag::ack) || (rst && r.decide(r.equal(segment.ack, r.literal(0)))))
        t.ack = t.receiver.td_end;
    const bool answers_syn =
        rst && entry.state == TrackState::SynSent && r.decide(r.equal(segment.seq, r.literal(0)));
    const bool by_ack_only = settings.pure_ack_by_ack_only && !rst && segment.span() == 0;
    if (by_ack_only || answers_syn) t.seq = t.end = t.sender.td_end;

    const auto& s = t.sender;
    const auto& v = t.receiver;
    const auto not_beyond_grant = [&] { return r.before(t.seq, r.plus(s.td_maxend, 1)); };
    const auto receiver_known = [&] { return r.negate(r.less(v.td_maxwin, r.size(1))); };
    const auto in_receive_window = [&] {
        return after(r, t.end, r.plus(r.retreat(s.td_end, v.td_maxwin), 0U - 1U));
    };
    const auto not_too_old = [&] {
        return settings.lower_bound_needs_receiver ? implies(r, receiver_known, in_receive_window)
                                                   : in_receive_window();
    };
    const auto ack_not_beyond = [&] { return r.before(t.ack, r.plus(v.td_end, 1)); };
    const auto ack_not_too_old = [&] {
        const auto bound = r.retreat(v.td_end, largest_ack_distance(r, s));
        return after(r, t.ack, settings.ack_lower_bound_strict ? bound : r.plus(bound, 0U - 1U));
    };

    t.passes = all_of(r, not_beyond_grant, not_too_old, ack_not_beyond, ack_not_too_old);
    if (settings.be_liberal || s.be_liberal) {
        t.accepts = r.truth(true);
    } else {
        t.accepts = t.passes;
    }
    if (!settings.below_window_ignored) return t;
    // 6.1: I or III fail: invalid, except for a small overshoot; II or IV fail: let pass.
    const auto out_of_window = [&] { return r.negate(t.passes); };
    const auto beyond_grant = [&] { return r.negate(not_beyond_grant()); };
    const auto by_less_than_a_window = [&] { return r.within(t.end, s.td_maxend, v.td_maxwin); };
    t.overshoots = all_of(r, out_of_window, beyond_grant, receiver_known, in_receive_window, ack_not_too_old,
                          by_less_than_a_window, ack_not_beyond);
    const auto refused = [&] { return r.negate(t.accepts); };
    const auto does_not_overshoot = [&] { return r.negate(t.overshoots); };
    const auto too_old_only = [&] { return all_of(r, not_beyond_grant, ack_not_beyond); };
    t.ignores = all_of(r, refused, [&] { return implies(r, does_not_overshoot, too_old_only); });
    return t;
}

/// "Check retransmissions.": only for ACKs.
template <Reading R>
void count_retransmission(R& r, const NatSettings& settings, ConntrackEntry<R>& entry, std::uint8_t direction,
                          const Segment<R>& segment, const WindowTest<R>& t) {
    const bool same =
        entry.last_direction == direction &&
        r.decide(all_of(
            r, [&] { return r.equal(entry.last_seq, t.seq); }, [&] { return r.equal(entry.last_ack, t.ack); },
            [&] { return r.equal(entry.last_end, t.end); },
            [&] {
                return r.both(r.negate(r.less(entry.last_win, segment.window)),
                              r.negate(r.less(segment.window, entry.last_win)));
            }));
    if (same) {
        if (entry.retransmissions < settings.max_retrans) ++entry.retransmissions;
        return;
    }
    entry.last_direction = direction;
    entry.last_seq = t.seq;
    entry.last_ack = t.ack;
    entry.last_end = t.end;
    entry.last_win = segment.window;
    entry.retransmissions = 0;
}

/// Stores what the tracker learns from the segment, whatever the verdict on it was.
template <Reading R>
void store_window(R& r, const NatSettings& settings, ConntrackEntry<R>& entry, std::uint8_t direction,
                  const Segment<R>& segment, const WindowTest<R>& t) {
    Peer<R>& sender = entry.peers[direction];
    Peer<R>& receiver = entry.peers[1 - direction];
    sender = t.sender;
    receiver = t.receiver;
    if (settings.window_model == WindowModel::None && settings.expiry_resets) {
        // Whoever sends resets on its own account must know the numbers that they will be believed with.
        if (nothing_known(r, settings, sender) || r.decide(after(r, t.end, sender.td_end)))
            sender.td_end = t.end;
        sender.td_maxwin = r.size(1);
    }
    if (t.skipped) return;
    if (!r.decide(t.passes)) {
        if (r.decide(t.overshoots)) {
            sender.td_end = t.end;
            sender.unacknowledged = settings.unacknowledged_data;
        }
        return;
    }

    sender.td_maxwin = larger_of(r, sender.td_maxwin, segment.window);
    if (r.decide(after(r, t.end, sender.td_end))) {
        sender.td_end = t.end;
        sender.unacknowledged = settings.unacknowledged_data;
    }
    if (settings.maxack && segment.has(flag::ack)) {
        sender.td_maxack = sender.maxack_set ? later_of(r, sender.td_maxack, t.ack) : t.ack;
        sender.maxack_set = true;
    }

    if (segment.span() > 0 && r.decide(after(r, t.end, sender.td_maxend)) &&
        r.decide(r.less(r.size(0), receiver.td_maxwin)))
        receiver.td_maxwin = r.sum(receiver.td_maxwin, r.distance(t.end, sender.td_maxend));
    // A window of 0 still grants one byte: the probe of it.
    const auto granted = r.advance(t.ack, segment.window);
    const auto grants_more = after(r, granted, r.plus(receiver.td_maxend, 0U - 1U));
    receiver.td_maxend =
        r.choose(grants_more, r.advance(t.ack, at_least_one(r, segment.window)), receiver.td_maxend);
    if (receiver.unacknowledged && r.decide(r.equal(t.ack, receiver.td_end))) receiver.unacknowledged = false;

    if (segment_class(segment.flags) == SegmentClass::Ack)
        count_retransmission(r, settings, entry, direction, segment, t);
}

}  // namespace halfopen
