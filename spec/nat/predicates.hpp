/// Every predicate of the NAT vocabulary, once.
#pragma once

#include <optional>
#include <vector>

#include "spec/nat/nat_vocabulary.hpp"
#include "spec/nat/pf_window.hpp"
#include "spec/nat/window.hpp"

namespace halfopen {

/// A segment against an entry.
template <class R>
struct TrackContext {
    const NatSettings& settings;
    ConntrackEntry<R>& entry;
    const Segment<R>& segment;
    std::uint8_t direction;
    /// The window test, made when first asked for.
    std::optional<WindowTest<R>> window{};
    std::vector<Segment<R>> sent{};  ///< what the NAT itself answers the sender
};

/// tcp_valid_flags: PSH is ignored; URG, ECE and CWR do not occur in the model.
constexpr bool valid_flags(std::uint8_t flags) {
    switch (flags & ~flag::psh) {
        case flag::syn:
        case flag::syn | flag::ack:
        case flag::rst:
        case flag::rst | flag::ack:
        case flag::fin | flag::ack:
        case flag::ack:
            return true;
        default:
            return false;
    }
}

template <Reading R>
const WindowTest<R>& window_of(R& r, TrackContext<R>& c) {
    if (!c.window)
        c.window = c.settings.window_model == WindowModel::Pf
                       ? test_pf_window(r, c.settings, c.entry, c.direction, c.segment)
                       : test_window(r, c.settings, c.entry, c.direction, c.segment);
    return *c.window;
}

template <Reading R>
typename R::Bool holds(R& r, NatPredicate predicate, TrackContext<R>& c) {
    const ConntrackEntry<R>& e = c.entry;
    const Segment<R>& s = c.segment;
    const Peer<R>& sender = e.peers[c.direction];
    const Peer<R>& peer = e.peers[1 - c.direction];
    switch (predicate) {
        case NatPredicate::FlagsValid:
            return r.truth(valid_flags(s.flags));
        case NatPredicate::SeenReply:
            return r.truth(e.seen_reply);
        case NatPredicate::Assured:
            return r.truth(e.assured);
        case NatPredicate::WindowAccepts:
            return window_of(r, c).accepts;
        case NatPredicate::WindowIgnores:
            return window_of(r, c).ignores;
        case NatPredicate::CloseInitiated:
            return r.truth(sender.close_init || peer.close_init);
        case NatPredicate::CloseInitiatedBySender:
            return r.truth(sender.close_init);
        case NatPredicate::LastWasSyn:
            return r.truth(e.last_class == SegmentClass::Syn);
        case NatPredicate::LastWasAck:
            return r.truth(e.last_class == SegmentClass::Ack);
        case NatPredicate::LastWasRst:
            return r.truth(e.last_class == SegmentClass::Rst);
        case NatPredicate::LastFromSameSide:
            return r.truth(e.last_direction == c.direction);
        case NatPredicate::LastFromOtherSide:
            return r.truth(e.last_direction != c.direction);
        case NatPredicate::AckIsLastEnd:
            return r.equal(s.ack, e.last_end);
        case NatPredicate::SeqIsLastAck:
            return r.equal(s.seq, e.last_ack);
        case NatPredicate::SeqIsLastEnd:
            return r.equal(s.seq, e.last_end);
        case NatPredicate::SeqIsZero:
            return r.equal(s.seq, r.literal(0));
        case NatPredicate::SeqAfterSenderEnd:
            return after(r, s.seq, sender.td_end);
        case NatPredicate::PeerHasMaxack:
            return r.truth(peer.maxack_set);
        case NatPredicate::SeqBeforePeerMaxack:
            return r.before(s.seq, peer.td_maxack);
        case NatPredicate::SeqIsPeerMaxack:
            return r.equal(s.seq, peer.td_maxack);
        case NatPredicate::SimultaneousOpen:
            return r.truth(e.simultaneous_open);
        case NatPredicate::ChallengeAckExpected:
            return r.truth(e.challenge_ack_expected);
        case NatPredicate::BothSidesSynSent: {
            // After the segment has introduced its sender, where it is that side's first.
            const WindowTest<R>& w = window_of(r, c);
            return r.truth(w.sender.side == SideState::SynSent && w.receiver.side == SideState::SynSent);
        }
        case NatPredicate::SenderUnmarked:
            return r.truth(sender.side == SideState::Closed);
        case NatPredicate::SenderMarkedSyn:
            return r.truth(sender.side == SideState::SynSent);
        case NatPredicate::SenderMarkedAck:
            return r.truth(sender.side == SideState::Acked);
        case NatPredicate::SenderOpen:
            return r.truth(sender.side == SideState::Established);
        case NatPredicate::PeerOpen:
            return r.truth(peer.side == SideState::Established);
        case NatPredicate::CarriesAck:
            return r.truth(s.has(flag::ack));
    }
    return r.truth(false);
}

}  // namespace halfopen
