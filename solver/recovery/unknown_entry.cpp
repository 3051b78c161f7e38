#include "solver/recovery/unknown_entry.hpp"

#include <string>

#include "solver/flag_sets.hpp"
#include "solver/path_explorer.hpp"
#include "solver/unknown_segment.hpp"
#include "spec/nat/entered_states.hpp"
#include "spec/nat/entry_invariant.hpp"
#include "spec/nat/tracker.hpp"
#include "spec/tcp/segment_fields.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;

template <class T>
z3::expr is(const R& r, const Z3Mark<T>& mark, T value) {
    return mark.term() ? mark.is(value) : r.truth(static_cast<T>(mark) == value);
}

/// What is allowed of two marks, each being one of the first so many, for an entry with all others unset.
template <class A, class B, class Allowed>
z3::expr known_of_pair(const R& r, const Z3Mark<A>& a, std::size_t as, const Z3Mark<B>& b, std::size_t bs,
                       Allowed&& allowed) {
    z3::expr known = r.truth(true);
    for (unsigned i = 0; i < as; ++i)
        for (unsigned j = 0; j < bs; ++j)
            if (!allowed(static_cast<A>(i), static_cast<B>(j)))
                known = known && !(is(r, a, static_cast<A>(i)) && is(r, b, static_cast<B>(j)));
    return known;
}

}  // namespace

std::vector<TrackState> entry_states(const Nat& nat) {
    const std::uint32_t entered = entered_states(nat.policy());
    std::vector<TrackState> states;
    for (std::size_t i = 1; i < track_state_count; ++i)
        if ((entered >> i & 1U) != 0) states.push_back(static_cast<TrackState>(i));
    return states;
}

bool picks_up_in_handshake(z3::context& context, const Nat& nat) {
    bool found = false;
    const Z3Reading names(context);
    for (const std::uint8_t flags : flag_sets_of_stacks) {
        if ((flags & flag::syn) != 0) continue;
        const Segment<R> segment = unknown_segment(names, {}, {}, flags, 0);
        PathExplorer paths(context);
        paths.explore(
            [&](Z3Reading& r) {
                ConntrackEntry<R> entry = new_entry(r, Address{}, Address{}, Address{});
                const bool made = track(r, nat, entry, segment, original).verdict == TrackVerdict::Accept;
                return made && in_handshake(entry.state);
            },
            [&](const z3::expr&, bool in_one) { found |= in_one; });
    }
    return found;
}

ConntrackEntry<R> unknown_entry(const Z3Reading& r, const Nat& nat, const EntryOf& of, TrackState state,
                                const std::string& name) {
    ConntrackEntry<R> e;
    const std::string prefix = name + ".";
    UnknownNumbers unknown(r, prefix);
    fields(unknown, e);
    e.inside = of.inside;
    e.outside = of.outside;
    e.destination = of.destination;
    e.state = state;
    e.timeout = longest_timeout(nat, state);
    const EntryMarks marks = marks_of(nat);
    const auto flag = [&](Z3Mark<bool>& mark, const std::string& member, bool is_ever_set = true) {
        if (is_ever_set) mark = r.unknown_mark<bool>(prefix + member, 2);
    };
    flag(e.seen_reply, "seen_reply", marks.packet_memory);
    flag(e.assured, "assured", marks.packet_memory);
    flag(e.challenge_ack_expected, "challenge_ack_expected", marks.challenge_ack_expected);
    flag(e.simultaneous_open, "simultaneous_open", marks.simultaneous_open);
    for (const std::uint8_t direction : {original, reply}) {
        const std::string side = direction == original ? "original." : "reply.";
        Peer<R>& peer = e.peers[direction];
        flag(peer.maxack_set, side + "maxack_set", marks.maxack);
        flag(peer.be_liberal, side + "be_liberal");
        flag(peer.close_init, side + "close_init");
        flag(peer.unacknowledged, side + "unacknowledged", marks.unacknowledged);
        if (marks.sides) peer.side = r.unknown_mark<SideState>(prefix + side + "side", side_state_count);
    }
    e.last_class = r.unknown_mark<SegmentClass>(prefix + "last_class", segment_class_count);
    e.last_direction = r.unknown_mark<std::uint8_t>(prefix + "last_direction", 2);
    e.retransmissions =
        r.unknown_mark<std::uint8_t>(prefix + "retransmissions", nat.settings().max_retrans + 1U);
    return e;
}

z3::expr known_of_entry(Z3Reading& r, const Nat& nat, const ConntrackEntry<R>& entry) {
    const EntryMarks marks = marks_of(nat);
    // possible_flags() and possible_sides() are conjunctions of facts about few marks each, and of those
    // that no policy's settings decide one is about a pair.
    ConntrackEntry<R> unmarked;
    unmarked.state = entry.state;
    z3::expr known = reachable_numbers(r, entry) &&
                     known_of_pair(r, entry.seen_reply, 2, entry.assured, 2, [&](bool seen, bool assured) {
                         ConntrackEntry<R> one = unmarked;
                         one.seen_reply = seen;
                         one.assured = assured;
                         return possible_flags(marks, one);
                     });
    if (!marks.sides) return known;
    return known && known_of_pair(r, entry.peers[original].side, side_state_count, entry.peers[reply].side,
                                  side_state_count, [&](SideState a, SideState b) {
                                      ConntrackEntry<R> one = unmarked;
                                      one.peers[original].side = a;
                                      one.peers[reply].side = b;
                                      return possible_sides(marks, one);
                                  });
}

}  // namespace halfopen
