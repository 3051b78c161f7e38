/// Every named predicate of an endpoint policy, once, for whatever reading.  Their order in the enum and the
/// sentences that describe them are in endpoint_vocabulary.hpp and .cpp.
///
/// RN, W, SN and UNA are RCV.NXT, RCV.WND, SND.NXT and SND.UNA of the endpoint; SEG.END = SEG.SEQ + SEG.LEN.
#pragma once

#include "spec/numbers/reading.hpp"
#include "spec/tcp/endpoint_vocabulary.hpp"
#include "spec/tcp/segment.hpp"
#include "spec/tcp/tcb.hpp"

namespace halfopen {

template <Reading R>
class EndpointPredicates {
   public:
    using Bool = typename R::Bool;
    using Word = typename R::Word;

    EndpointPredicates(R& r, const Tcb<R>& tcb, const Segment<R>& segment)
        : r_(r), tcb_(tcb), segment_(segment) {}

    Bool holds(EndpointPredicate predicate);

    /// The four cases of RFC 9293 §3.10.7.4, first check.
    Bool segment_acceptable() { return acceptable(segment_.span()); }
    /// header.Acceptable() of gVisor: the edge itself counts, as on Linux, and SYN and FIN take no place.
    Bool gvisor_acceptable();
    /// tcp_sequence() of Linux before 6.17: not wholly before what has been acknowledged, and its first octet
    /// not beyond the edge.  The edge itself is still accepted.
    Bool linux_sequence();
    /// tcp_sequence() since then: text may reach beyond the edge only while nothing waits to be read.
    Bool linux_6_18_sequence();
    /// tcp_in_window() of tcp_minisocks.c, for request sockets and TIME_WAIT.
    Bool linux_in_window();
    /// RFC 5961 §5.2: ACK before UNA - MAX.SND.WND.
    Bool ack_too_old();
    /// Text or a FIN that begins at or left of RN and ends right of it.
    Bool text_in_order();
    /// (s32)(TS.Recent - TSval) > 1: tcp_paws_check() of Linux with TCP_PAWS_WINDOW, and
    /// tcp_v4_conn_request() of 2.6.24 about a peer's address.
    Bool ts_more_than_one_before_recent() {
        return r_.within(tcb_.timestamps.recent, r_.plus(segment_.timestamps.value, 2), r_.size(0x7FFF'FFFE));
    }

    /// TSecr, unless it is 0, is outside of [the TSval of our first SYN or SYN-ACK, newest].
    Bool tsecr_outside(const Word& newest) {
        const Word& echo = segment_.timestamps.echo;
        if (!has_echo()) return r_.truth(false);
        // In this order: a right echo is not compared with 0, which would cut the clocks' cells in two.
        return all_of(
            r_,
            [&] { return r_.either(r_.before(echo, tcb_.syn_timestamps.first), after(r_, echo, newest)); },
            [&] { return r_.negate(r_.equal(echo, r_.literal(0))); });
    }

   private:
    Bool acceptable(std::uint32_t length);
    Bool in_window(const Word& w) { return r_.within(w, tcb_.rcv_nxt, tcb_.rcv_wnd); }
    /// What tp->pred_flags asks for, but the number: with timestamps also one that does not fail PAWS.
    Bool predicted() {
        if (!tcb_.kept_text.absent() || tcb_.timestamps.on != segment_.timestamps.present)
            return r_.truth(false);
        const Bool newer = has_timestamp() ? not_before(r_, segment_.timestamps.value, tcb_.timestamps.recent)
                                           : r_.truth(true);
        return tcb_.send_window.kept ? r_.both(newer, same_size(tcb_.send_window.wnd, segment_.window))
                                     : newer;
    }
    Bool may_update(bool zero_counts) {
        if (!tcb_.send_window.kept) return r_.truth(false);
        return may_update_window(r_, tcb_.send_window, tcb_.snd_una, segment_, zero_counts);
    }
    Bool same_size(const typename R::Size& a, const typename R::Size& b) {
        return r_.both(r_.negate(r_.less(a, b)), r_.negate(r_.less(b, a)));
    }
    bool has_timestamp() const { return segment_.timestamps.present && tcb_.timestamps.known; }
    /// It echoes something, and what our SYNs carried is still known.
    bool has_echo() const { return segment_.timestamps.present && tcb_.syn_timestamps.kept; }
    Word edge() { return r_.advance(tcb_.rcv_nxt, tcb_.rcv_wnd); }
    Word end() { return r_.plus(segment_.seq, segment_.span()); }
    /// base - 1, base or base + 1.
    Bool within_one_of(const Word& base) {
        return r_.within(segment_.seq, r_.plus(base, 0U - 1U), r_.size(3));
    }

    R& r_;
    const Tcb<R>& tcb_;
    const Segment<R>& segment_;
};

template <Reading R>
typename R::Bool EndpointPredicates<R>::acceptable(std::uint32_t length) {
    const Bool closed = r_.negate(r_.less(r_.size(0), tcb_.rcv_wnd));
    if (length == 0) {
        return r_.either(in_window(segment_.seq), r_.both(closed, r_.equal(segment_.seq, tcb_.rcv_nxt)));
    }
    const Word last = r_.plus(segment_.seq, length - 1);
    return r_.either(in_window(segment_.seq), in_window(last));
}

template <Reading R>
typename R::Bool EndpointPredicates<R>::gvisor_acceptable() {
    const Bool at_or_before_edge = not_after(r_, segment_.seq, edge());
    if (segment_.length == 0) return r_.both(not_before(r_, segment_.seq, tcb_.rcv_nxt), at_or_before_edge);
    return r_.both(after(r_, r_.plus(segment_.seq, segment_.length), tcb_.rcv_nxt), at_or_before_edge);
}

template <Reading R>
typename R::Bool EndpointPredicates<R>::linux_sequence() {
    return r_.both(not_before(r_, end(), tcb_.last_ack_sent), not_after(r_, segment_.seq, edge()));
}

template <Reading R>
typename R::Bool EndpointPredicates<R>::linux_6_18_sequence() {
    // Measured: the peer's FIN, which nobody reads, takes its octet out of the window and fills the queue.
    const bool fin_received = tcb_.state == TcpState::CloseWait || tcb_.state == TcpState::Closing ||
                              tcb_.state == TcpState::LastAck;
    const bool unread = tcb_.unread_text && !tcb_.orphan;  // close() empties the queue
    if (!fin_received && !unread) return linux_sequence();
    const Word limit = fin_received ? r_.plus(edge(), 0U - 1U) : edge();
    // close() empties the queue: then, measured, only the first octet is looked at again.
    if (tcb_.state == TcpState::LastAck && tcb_.orphan)
        return r_.both(not_before(r_, end(), tcb_.last_ack_sent), not_after(r_, segment_.seq, limit));
    const Word text_end = r_.plus(end(), segment_.has(flag::fin) ? 0U - 1U : 0U);
    return r_.both(not_before(r_, end(), tcb_.last_ack_sent), not_after(r_, text_end, limit));
}

template <Reading R>
typename R::Bool EndpointPredicates<R>::linux_in_window() {
    // The window's size is bounded below 2^31, so "s before the edge and after RN" is the kernel's test.
    const Bool starts = r_.equal(segment_.seq, tcb_.rcv_nxt);
    const Bool overlaps = r_.both(after(r_, end(), tcb_.rcv_nxt), r_.before(segment_.seq, edge()));
    const Bool at_edge = r_.both(r_.equal(segment_.seq, edge()), r_.truth(segment_.span() == 0));
    return r_.either(starts, r_.either(overlaps, at_edge));
}

template <Reading R>
typename R::Bool EndpointPredicates<R>::ack_too_old() {
    return r_.before(segment_.ack, r_.retreat(tcb_.snd_una, tcb_.max_snd_wnd));
}

template <Reading R>
typename R::Bool EndpointPredicates<R>::text_in_order() {
    return r_.both(not_after(r_, segment_.seq, tcb_.rcv_nxt), after(r_, end(), tcb_.rcv_nxt));
}

template <Reading R>
typename R::Bool EndpointPredicates<R>::holds(EndpointPredicate predicate) {
    const Word& seq = segment_.seq;
    const Word& ack = segment_.ack;
    const bool acks = segment_.has(flag::ack);
    using enum EndpointPredicate;
    switch (predicate) {
        case HasAck:
            return r_.truth(acks);
        case HasData:
            return r_.truth(segment_.length > 0);
        case SegmentAcceptable:
            return segment_acceptable();
        case DataAcceptable:
            return acceptable(segment_.length);
        case GvisorAcceptable:
            return gvisor_acceptable();
        case LinuxSequence:
            return linux_sequence();
        case Linux618Sequence:
            return linux_6_18_sequence();
        case LinuxInWindow:
            return linux_in_window();
        case SeqInWindow:
            return in_window(seq);
        case SeqInWindowOrAtItsEdge:
            return r_.either(in_window(seq), r_.equal(seq, edge()));
        case SeqLeftOfWindow:
            return r_.before(seq, tcb_.rcv_nxt);
        case SeqRightOfWindow:
            return r_.both(not_before(r_, seq, tcb_.rcv_nxt), r_.negate(in_window(seq)));
        case SeqAfterRcvNxt:
            return after(r_, seq, tcb_.rcv_nxt);
        case SeqIsRcvNxt:
            return r_.equal(seq, tcb_.rcv_nxt);
        case SeqIsRcvNxtMinusOne:
            return r_.equal(seq, r_.plus(tcb_.rcv_nxt, 0U - 1U));
        case SeqIsRcvNxtPlusOne:
            return r_.equal(seq, r_.plus(tcb_.rcv_nxt, 1));
        case SeqIsIrs:
            return r_.equal(seq, tcb_.irs);
        case SeqIsLastAckSent:
            return r_.equal(seq, tcb_.last_ack_sent);
        case SeqInWindowFromLastAckSent:
            return r_.within(seq, tcb_.last_ack_sent, tcb_.rcv_wnd);
        case SeqWithinOneOfRcvNxt:
            return within_one_of(tcb_.rcv_nxt);
        case SeqWithinOneOfLastAckSent:
            return within_one_of(tcb_.last_ack_sent);
        case SeqInBsdResetWindow:
            return r_.both(not_before(r_, seq, r_.plus(tcb_.last_ack_sent, 0U - 1U)),
                           not_after(r_, seq, r_.advance(tcb_.last_ack_sent, tcb_.rcv_wnd)));
        case TextInOrder:
            return text_in_order();
        case TextAfterRcvNxt:
            return r_.both(r_.truth(segment_.span() > 0), after(r_, seq, tcb_.rcv_nxt));
        case DataEndsAfterRcvNxt:
            return r_.both(
                r_.truth(segment_.span() > 0),
                after(r_, r_.plus(seq, segment_.span() - (segment_.has(flag::fin) ? 1U : 0U)), tcb_.rcv_nxt));
        case AckAcceptable:
            return r_.both(r_.truth(acks),
                           r_.both(after(r_, ack, tcb_.snd_una), not_after(r_, ack, tcb_.snd_nxt)));
        case AckAboveSndNxt:
            return r_.both(r_.truth(acks), after(r_, ack, tcb_.snd_nxt));
        case AckAtOrBelowUna:
            return r_.both(r_.truth(acks), not_after(r_, ack, tcb_.snd_una));
        case AckBelowUna:
            return r_.both(r_.truth(acks), r_.before(ack, tcb_.snd_una));
        case AckTooOld:
            return r_.both(r_.truth(acks), ack_too_old());
        case AckBeforeFirstOctet:
            return r_.both(r_.truth(acks), r_.before(ack, r_.plus(tcb_.iss, 1)));
        case AckBeforeIss:
            return r_.both(r_.truth(acks), r_.before(ack, tcb_.iss));
        case AckInSynSentAcceptable:
            return r_.both(r_.truth(acks),
                           r_.both(after(r_, ack, tcb_.iss), not_after(r_, ack, tcb_.snd_nxt)));
        case AckIsSndNxt:
            return r_.both(r_.truth(acks), r_.equal(ack, tcb_.snd_nxt));
        case OpenedActively:
            return r_.truth(tcb_.active_open);
        case FirstTransmission:
            return r_.truth(tcb_.retransmits == 0);
        case Orphan:
            return r_.truth(tcb_.orphan);
        case HasTimestamp:
            return r_.truth(has_timestamp());
        case TimestampMissing:
            return r_.truth(tcb_.timestamps.on && tcb_.timestamps.known && !segment_.timestamps.present);
        case TsBeforeRecent:
            return has_timestamp() ? r_.before(segment_.timestamps.value, tcb_.timestamps.recent)
                                   : r_.truth(false);
        case TsMoreThanOneBeforeRecent:
            return has_timestamp() ? ts_more_than_one_before_recent() : r_.truth(false);
        case TsAfterRecent:
            return has_timestamp() ? after(r_, segment_.timestamps.value, tcb_.timestamps.recent)
                                   : r_.truth(false);
        case TsWithinReplayWindow:
            return has_timestamp()
                       ? r_.within(tcb_.timestamps.recent, segment_.timestamps.value, r_.size(241))
                       : r_.truth(false);
        case RequestSocket:
            return r_.truth(!tcb_.active_open && !tcb_.handed_over);
        case HeaderPrediction:
            return r_.both(
                r_.both(r_.both(r_.truth(segment_.length > 0), r_.equal(seq, tcb_.rcv_nxt)), predicted()),
                r_.either(r_.truth(tcb_.unread_text), r_.negate(r_.equal(tcb_.snd_una, tcb_.snd_nxt))));
        case PredictedAck:
            return r_.both(r_.both(r_.truth(acks && segment_.length == 0), r_.equal(seq, tcb_.rcv_nxt)),
                           predicted());
        case MayUpdateWindow:
            return may_update(true);
        case MayUpdateWindowBefore66:
            return may_update(false);
        case MiniSocket:
            return r_.truth(tcb_.orphan && !tcb_.full_orphan);
        case TsecrOfNoSyn:
            return tsecr_outside(tcb_.timestamps.clock);
        case TsecrOfNoSynAck:
            return tsecr_outside(tcb_.syn_timestamps.newest);
        case TsecrOfOtherSynAck:
            return has_echo() ? r_.negate(r_.equal(segment_.timestamps.echo, tcb_.syn_timestamps.first))
                              : r_.truth(false);
        case AckIsSndUna:
            return r_.both(r_.truth(acks), r_.equal(ack, tcb_.snd_una));
        case Count:
            break;
    }
    return r_.truth(false);
}

}  // namespace halfopen
