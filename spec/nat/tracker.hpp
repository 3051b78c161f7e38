/// The tracker: what nf_conntrack_tcp_packet(), or another NAT's counterpart of it, does with a segment, by
/// the policy's decision table.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "spec/nat/answers.hpp"
#include "spec/nat/nat.hpp"
#include "spec/nat/predicates.hpp"
#include "spec/nat/sides.hpp"

namespace halfopen {

enum class TrackVerdict : std::uint8_t { Accept, Ignore, Invalid, Drop, Repeat };

struct Tracked {
    TrackVerdict verdict = TrackVerdict::Invalid;
    bool delete_entry = false;
    const Rule* rule = nullptr;
};

/// A side of which nothing is known.
template <Reading R>
Peer<R> unknown_side(R& r) {
    return {r.literal(0), r.literal(0), r.literal(0), r.size(0)};
}

/// An entry that is being made, before its first segment has been judged.
template <Reading R>
ConntrackEntry<R> new_entry(R& r, const Address& inside, const Address& outside, const Address& destination) {
    return {.inside = inside,
            .outside = outside,
            .destination = destination,
            .peers = {unknown_side(r), unknown_side(r)},
            .last_seq = r.literal(0),
            .last_ack = r.literal(0),
            .last_end = r.literal(0),
            .last_win = r.size(0)};
}

/// tcp_new().  The reply side is unknown; 2.6.18 gives it a window of 1 all the same.
template <Reading R>
void start_tracking(R& r, TrackContext<R>& c, bool picked_up) {
    if (c.settings.window_model == WindowModel::None) return;
    if (c.settings.window_model == WindowModel::Pf)
        return start_pf_tracking(r, c.entry, c.direction, c.segment);
    Peer<R> sender = unknown_side(r);
    sender.td_end = r.plus(c.segment.seq, c.segment.span());
    sender.td_maxwin = at_least_one(r, c.segment.window);
    sender.td_maxend = picked_up ? r.advance(sender.td_end, sender.td_maxwin) : sender.td_end;
    sender.be_liberal = picked_up;
    Peer<R> receiver = unknown_side(r);
    if (c.settings.first_packet_by_td_end) receiver.td_maxwin = r.size(1);
    receiver.be_liberal = picked_up;
    c.entry.peers[original] = sender;
    c.entry.peers[reply] = receiver;
}

/// The IGN branch's memory of one packet.
template <Reading R>
void remember_segment(R& r, TrackContext<R>& c) {
    ConntrackEntry<R>& e = c.entry;
    e.last_class = segment_class(c.segment.flags);
    e.last_direction = c.direction;
    e.last_seq = c.segment.seq;
    e.last_end = r.plus(c.segment.seq, c.segment.span());
    e.last_win = c.segment.window;
    if (e.last_class == SegmentClass::Syn && c.direction == original) {
        // last_flags start anew with the options of the ignored SYN.
        e.challenge_ack_expected = false;
        e.simultaneous_open = false;
    }
}

/// The SYN that was ignored was real: its sender's numbers are the ones remembered, the other side is
/// unknown.
template <Reading R>
void resynchronise(R& r, TrackContext<R>& c) {
    ConntrackEntry<R>& e = c.entry;
    Peer<R> syn_sender = unknown_side(r);
    syn_sender.td_end = syn_sender.td_maxend = e.last_end;
    syn_sender.td_maxack = e.peers[e.last_direction].td_maxack;
    syn_sender.td_maxwin = at_least_one(r, e.last_win);
    Peer<R> other = unknown_side(r);
    other.be_liberal = c.settings.resynchronise_keeps_liberal && e.peers[c.direction].be_liberal;
    e.peers[e.last_direction] = syn_sender;
    e.peers[c.direction] = other;
    e.challenge_ack_expected = false;
    c.window.reset();
}

/// nf_tcp_handle_invalid()
template <Reading R>
void note_invalid(R&, TrackContext<R>& c) {
    ConntrackEntry<R>& e = c.entry;
    const auto cls = segment_class(c.segment.flags);
    const auto ends = [](SegmentClass s) { return s == SegmentClass::Fin || s == SegmentClass::Rst; };
    if (!e.assured || !ends(cls)) return;
    if (e.last_direction != c.direction && ends(e.last_class)) {
        if (e.timeout >= 120'000) e.timeout = std::min(e.timeout, c.settings.timeout_unacknowledged);
        return;
    }
    e.last_class = cls;
    e.last_direction = c.direction;
}

/// How long the entry lives after an accepted segment.
template <Reading R>
std::uint32_t accepted_timeout(R& r, const TrackContext<R>& c) {
    const NatSettings& s = c.settings;
    const ConntrackEntry<R>& e = c.entry;
    const std::uint32_t full = s.timeout(e.state);
    if (full > s.timeout_max_retrans && e.retransmissions >= s.max_retrans) return s.timeout_max_retrans;
    if (s.reset_shortens && segment_class(c.segment.flags) == SegmentClass::Rst)
        return s.timeout(TrackState::Close);
    if (full > s.timeout_unacknowledged &&
        (e.peers[original].unacknowledged || e.peers[reply].unacknowledged))
        return s.timeout_unacknowledged;
    if (s.zero_window_shortens && !s.no_window_check && full > s.timeout_max_retrans &&
        r.decide(r.less(e.last_win, r.size(1))))
        return s.timeout_max_retrans;
    return full;
}

/// "From now on we have got in-window packets".  before: the state in which the segment met the entry.
template <Reading R>
void accept_segment(R& r, TrackContext<R>& c, TrackState before) {
    const NatSettings& s = c.settings;
    ConntrackEntry<R>& e = c.entry;
    if (!s.packet_memory) {
        e.timeout = s.timeout(e.state);
        return;
    }
    e.last_class = segment_class(c.segment.flags);
    if (s.accept_remembers_direction) e.last_direction = c.direction;
    if (e.state != before &&
        (e.state == TrackState::FinWait || (s.reset_initiates_close && e.state == TrackState::Close)))
        e.peers[c.direction].close_init = true;

    std::uint32_t timeout = accepted_timeout(r, c);
    if (!e.seen_reply) {
        if (!s.syn_sent_refresh && e.last_class == SegmentClass::Syn && before == TrackState::SynSent) return;
        if (s.unacknowledged_pick_up && e.state == TrackState::Established)
            timeout = std::min(timeout, s.timeout_unacknowledged);
    } else if ((before == TrackState::SynRecv || before == TrackState::Established) &&
               e.state == TrackState::Established) {
        e.assured = true;
    }
    e.timeout = timeout;
}

template <Reading R>
void perform(R& r, const Action& action, TrackContext<R>& c, TrackState& before, Tracked& out) {
    ConntrackEntry<R>& e = c.entry;
    Peer<R>& sender = e.peers[c.direction];
    Peer<R>& receiver = e.peers[1 - c.direction];
    switch (static_cast<NatAction>(action.verb)) {
        case NatAction::Create:
            start_tracking(r, c, false);
            break;
        case NatAction::PickUp:
            start_tracking(r, c, true);
            break;
        case NatAction::Track:
            if (c.settings.window_model == WindowModel::Pf)
                store_pf_window(r, e, c.direction, c.segment, window_of(r, c));
            else
                store_window(r, c.settings, e, c.direction, c.segment, window_of(r, c));
            break;
        case NatAction::Enter:
            e.state = static_cast<TrackState>(action.state);
            break;
        case NatAction::Accept:
            accept_segment(r, c, before);
            out.verdict = TrackVerdict::Accept;
            break;
        case NatAction::Ignore:
            out.verdict = TrackVerdict::Ignore;
            break;
        case NatAction::Invalid:
            out.verdict = TrackVerdict::Invalid;
            break;
        case NatAction::Drop:
            out.verdict = TrackVerdict::Drop;
            break;
        case NatAction::Repeat:
            out.verdict = TrackVerdict::Repeat;
            out.delete_entry = true;
            break;
        case NatAction::DeleteEntry:
            out.delete_entry = true;
            break;
        case NatAction::DeleteUnanswered:
            out.delete_entry = out.delete_entry || !e.seen_reply;
            break;
        case NatAction::Remember:
            remember_segment(r, c);
            break;
        case NatAction::RememberAck:
            e.last_ack = c.segment.ack;
            break;
        case NatAction::NoteInvalid:
            note_invalid(r, c);
            break;
        case NatAction::Resynchronise:
            resynchronise(r, c);
            before = TrackState::SynSent;
            break;
        case NatAction::ExpectChallengeAck:
            e.challenge_ack_expected = true;
            break;
        case NatAction::ForgetChallengeAck:
            e.challenge_ack_expected = false;
            break;
        case NatAction::NoteSimultaneousOpen:
            e.simultaneous_open = true;
            break;
        case NatAction::MoveSides:
            move_sides(r, e, c.direction, c.segment, false, c.settings.sloppy);
            break;
        case NatAction::MoveSidesLoosely:
            move_sides(r, e, c.direction, c.segment, true, false);
            break;
        case NatAction::MarkSenderSyn:
            sender.side = SideState::SynSent;
            break;
        case NatAction::MarkSenderAck:
            sender.side = SideState::Acked;
            break;
        case NatAction::MarkSenderOpen:
            sender.side = SideState::Established;
            break;
        case NatAction::MarkSenderClosed:
            sender.side = SideState::Closing;
            break;
        case NatAction::UnmarkSides:
            sender.side = receiver.side = SideState::Closed;
            break;
        case NatAction::ForgetSender:
            forget_sender(r, sender);
            break;
        case NatAction::SendReset:
            c.sent.push_back(reset_for(r, c.segment));
            break;
        case NatAction::SendBareReset:
            c.sent.push_back(answer_to(r, c.segment, flag::rst, c.segment.ack, r.literal(0)));
            break;
        case NatAction::SendFullReset:
            c.sent.push_back(answer_to(r, c.segment, flag::rst | flag::ack, c.segment.ack,
                                       r.plus(c.segment.seq, c.segment.span())));
            break;
        case NatAction::SendChallengeAck:
            c.sent.push_back(answer_to(r, c.segment, flag::ack, receiver.td_end, sender.td_end));
            break;
    }
}

/// Judges a segment that belongs to the entry (state None: to one that is being made) and changes the entry.
/// sent: gets what the NAT itself answers the sender.
template <Reading R>
Tracked track(R& r, const Nat& nat, ConntrackEntry<R>& entry, const Segment<R>& segment,
              std::uint8_t direction, std::vector<Segment<R>>* sent = nullptr) {
    TrackContext<R> c{nat.settings(), entry, segment, direction};
    TrackState before = entry.state;
    const auto rules = nat.table().rules(static_cast<std::size_t>(before),
                                         static_cast<std::size_t>(segment_class(segment.flags)),
                                         direction == original ? direction_original : direction_reply);
    const CompiledRule* matched = first_match(
        r, rules, [&](std::uint16_t index) { return holds(r, static_cast<NatPredicate>(index), c); });
    Tracked out;
    if (matched == nullptr) return out;
    out.rule = &nat.rule(*matched);
    for (const Action& action : matched->actions) perform(r, action, c, before, out);
    if (sent != nullptr) *sent = std::move(c.sent);
    // nf_conntrack_in(): any reply that is not INVALID counts, an ignored one too.
    if (nat.settings().packet_memory && direction == reply &&
        (out.verdict == TrackVerdict::Accept || out.verdict == TrackVerdict::Ignore))
        entry.seen_reply = true;
    return out;
}

}  // namespace halfopen
