/// What is true of every conntrack entry that a policy can have made, and so may be assumed when its table is
/// judged.  That nothing which can come leads out of it is proved for each policy by
/// solver/recovery/entry_induction.hpp, but for what possible_numbers() says beyond reachable_numbers().
///
/// Of the sequence numbers nothing is assumed: a tracker takes them from segments that nobody else believes,
/// so that they may lie anywhere (see docs/decisions.md, "A dying server connection can poison the NAT's
/// entry"). Every state is taken to be possible, but no entry meets its first segment from outside.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "spec/nat/conntrack_entry.hpp"
#include "spec/nat/nat.hpp"
#include "spec/nat/nat_vocabulary.hpp"
#include "spec/nat/sides.hpp"
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
    bool unacknowledged = false;
    bool moves_sides = false;  ///< its states are what the sides amount to
};

inline EntryMarks marks_of(const Nat& nat) {
    const auto acts = [&](NatAction verb) {
        for (const Rule& rule : nat.policy().rules)
            for (const Action& action : rule.actions)
                if (static_cast<NatAction>(action.verb) == verb) return true;
        return false;
    };
    return {nat.settings().maxack,
            acts(NatAction::ExpectChallengeAck),
            acts(NatAction::NoteSimultaneousOpen),
            nat.settings().packet_memory,
            nat.settings().side_states || nat.settings().window_model == WindowModel::Pf,
            nat.settings().unacknowledged_data,
            acts(NatAction::MoveSides) || acts(NatAction::MoveSidesLoosely)};
}

/// No mark that nothing sets, and none that contradicts another.  A new entry has none at all.
template <class R>
constexpr bool possible_flags(const EntryMarks& marks, const ConntrackEntry<R>& e) {
    const auto& o = e.peers[original];
    const auto& r = e.peers[reply];
    const auto one_sided = [&] { return o.side == SideState::Closed && r.side == SideState::Closed; };
    if (e.state == TrackState::None)
        return !e.seen_reply && !e.assured && !e.challenge_ack_expected && !e.simultaneous_open &&
               e.last_class == SegmentClass::None && e.last_direction == original && !o.maxack_set &&
               !r.maxack_set && !o.be_liberal && !r.be_liberal && !o.close_init && !r.close_init &&
               !o.unacknowledged && !r.unacknowledged && one_sided();
    // accept_segment() of tracker.hpp: an entry is assured only once a reply has been seen.
    return (e.seen_reply || !e.assured) && (marks.packet_memory || !e.seen_reply) &&
           (marks.maxack || (!o.maxack_set && !r.maxack_set)) &&
           (marks.unacknowledged || (!o.unacknowledged && !r.unacknowledged)) &&
           (marks.challenge_ack_expected || !e.challenge_ack_expected) &&
           (marks.simultaneous_open || !e.simultaneous_open) && (marks.sides || one_sided());
}

/// While a handshake is under way.  Only a segment with SYN brings an entry there that was past it.
constexpr bool in_handshake(TrackState state) {
    return state == TrackState::SynSent || state == TrackState::SynRecv || state == TrackState::SynSent2;
}

/// Where the state is what the sides amount to (move_sides()) it stays so.  pf says by SYN_SENT that only the
/// first packet has been met, whichever of the two it came from.
template <class R>
constexpr bool possible_sides(const EntryMarks& marks, const ConntrackEntry<R>& e) {
    if (!marks.moves_sides || e.state == TrackState::None) return true;
    const TrackState amounts_to = e.state == TrackState::SynSent ? TrackState::SynRecv : e.state;
    return state_of_sides(e.peers[original].side, e.peers[reply].side) == amounts_to;
}

/// The most that an entry can have left in this state.  Where a rule moves an entry on and does not accept
/// the segment it keeps what it had: pf's loose match may close an entry that lives on for a day.
inline std::uint32_t longest_timeout(const Nat& nat, TrackState state) {
    const NatSettings& settings = nat.settings();
    const auto does = [](const Rule& rule, std::initializer_list<NatAction> verbs) {
        return std::any_of(rule.actions.begin(), rule.actions.end(), [&](const Action& action) {
            return std::find(verbs.begin(), verbs.end(), static_cast<NatAction>(action.verb)) != verbs.end();
        });
    };
    const auto& rules = nat.policy().rules;
    const bool keeps = std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) {
        return does(rule, {NatAction::Enter, NatAction::MoveSides, NatAction::MoveSidesLoosely}) &&
               !does(rule, {NatAction::Accept});
    });
    if (keeps) return *std::max_element(settings.timeouts.begin(), settings.timeouts.end());
    const std::uint32_t full = settings.timeout(state);
    return settings.reset_shortens ? std::max(full, settings.timeout(TrackState::Close)) : full;
}

/// The part of possible_numbers() that whatever comes leaves true.
template <Reading R>
typename R::Bool reachable_numbers(R& r, const ConntrackEntry<R>& e) {
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
    return possible_window(r, e.last_win);
}

/// No window is larger than there are.  Not inductive: conntrack adds to td_maxwin by how much a segment
/// reaches past what was granted, so that tens of thousands of such segments, each let pass, would lead out
/// of it.
template <Reading R>
typename R::Bool possible_numbers(R& r, const ConntrackEntry<R>& e) {
    return all_of(
        r, [&] { return reachable_numbers(r, e); },
        [&] { return possible_window(r, e.peers[original].td_maxwin); },
        [&] { return possible_window(r, e.peers[reply].td_maxwin); });
}

}  // namespace halfopen
