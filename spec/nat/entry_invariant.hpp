/// What is true of every conntrack entry that a policy can have made, and so may be assumed when its table is
/// judged.
///
/// Of the sequence numbers nothing is assumed: a tracker takes them from segments that nobody else believes,
/// so that they may lie anywhere (see docs/decisions.md, "A dying server connection can poison the NAT's
/// entry"). Every state is taken to be possible, but no entry meets its first segment from outside.
#pragma once

#include "spec/nat/conntrack_entry.hpp"
#include "spec/nat/nat.hpp"
#include "spec/nat/nat_vocabulary.hpp"
#include "spec/numbers/reading.hpp"
#include "spec/tcp/tcb_invariant.hpp"

namespace halfopen {

/// Marks that only some policies set in an entry.
struct EntryMarks {
    bool maxack = false;
    bool challenge_ack_expected = false;
    bool simultaneous_open = false;
    bool packet_memory = false;  ///< and with it that a reply was seen
    bool sides = false;
};

inline EntryMarks marks_of(const Nat& nat) {
    const auto acts = [&](NatAction verb) {
        for (const Rule& rule : nat.policy().rules)
            for (const Action& action : rule.actions)
                if (static_cast<NatAction>(action.verb) == verb) return true;
        return false;
    };
    return {nat.settings().maxack, acts(NatAction::ExpectChallengeAck), acts(NatAction::NoteSimultaneousOpen),
            nat.settings().packet_memory,
            nat.settings().side_states || nat.settings().window_model == WindowModel::Pf};
}

/// No mark that nothing sets, and none that contradicts another.  A new entry has none at all.
template <class R>
constexpr bool possible_flags(const EntryMarks& marks, const ConntrackEntry<R>& e) {
    const auto& [o, r] = e.peers;
    const bool one_sided = o.side == SideState::Closed && r.side == SideState::Closed;
    if (e.state == TrackState::None)
        return !e.seen_reply && !e.assured && !e.challenge_ack_expected && !e.simultaneous_open &&
               e.last_class == SegmentClass::None && e.last_direction == original && !o.maxack_set &&
               !r.maxack_set && !o.be_liberal && !r.be_liberal && !o.close_init && !r.close_init &&
               !o.unacknowledged && !r.unacknowledged && one_sided;
    // accept_segment() of tracker.hpp: an entry is assured only once a reply has been seen.
    return (e.seen_reply || !e.assured) && (marks.packet_memory || !e.seen_reply) &&
           (marks.maxack || (!o.maxack_set && !r.maxack_set)) &&
           (marks.challenge_ack_expected || !e.challenge_ack_expected) &&
           (marks.simultaneous_open || !e.simultaneous_open) && (marks.sides || one_sided);
}

template <Reading R>
typename R::Bool possible_numbers(R& r, const ConntrackEntry<R>& e) {
    if (e.state == TrackState::None) {
        const auto unknown = [&](const Peer<R>& side) {
            return all_of(
                r, [&] { return r.equal(side.td_end, r.literal(0)); },
                [&] { return r.equal(side.td_maxend, r.literal(0)); },
                [&] { return r.equal(side.td_maxack, r.literal(0)); },
                [&] { return r.less(side.td_maxwin, r.size(1)); });
        };
        return all_of(
            r, [&] { return unknown(e.peers[original]); }, [&] { return unknown(e.peers[reply]); },
            [&] { return r.equal(e.last_seq, r.literal(0)); },
            [&] { return r.equal(e.last_ack, r.literal(0)); },
            [&] { return r.equal(e.last_end, r.literal(0)); }, [&] { return r.less(e.last_win, r.size(1)); });
    }
    const auto window = [&](const typename R::Size& size) {
        return r.negate(r.less(r.size(largest_window), size));
    };
    return all_of(
        r, [&] { return window(e.peers[original].td_maxwin); },
        [&] { return window(e.peers[reply].td_maxwin); }, [&] { return window(e.last_win); });
}

}  // namespace halfopen
