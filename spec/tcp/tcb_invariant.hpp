/// What is true of every TCB that a connection can have, and so may be assumed when a policy's table is
/// judged: a rule that only other TCBs could meet is dead, a hole that only they could fall through is none.
///
/// Kept weak on purpose.  ISS and IRS say nothing of a synchronized connection's numbers, because it may have
/// carried any number of octets.  FIN_WAIT_1 and the states after it do not need an orphan: shutdown() gets
/// there as well.
#pragma once

#include "spec/numbers/reading.hpp"
#include "spec/tcp/segment.hpp"
#include "spec/tcp/tcb.hpp"

namespace halfopen {

/// The largest window is 65535 << 14 (RFC 7323 §2.3); what is outstanding lies within it.
inline constexpr std::uint32_t largest_window = 1U << 30U;

template <Reading R>
typename R::Bool possible_window(const R& r, const typename R::Size& window) {
    return r.negate(r.less(r.size(largest_window), window));
}

template <Reading R>
typename R::Bool possible_segment(R& r, const Segment<R>& segment) {
    return possible_window(r, segment.window);
}

/// Who closed, who opened: known without a look at the numbers.
template <class R>
constexpr bool possible_flags(const Tcb<R>& tcb) {
    using enum TcpState;
    switch (tcb.state) {
        case Closed:
        case Listen:  // a TCB without a peer; close() removes it
            return !tcb.active_open && !tcb.orphan && tcb.retransmits == 0;
        case SynSent:  // only connect() gets here; close() removes it
            return tcb.active_open && !tcb.orphan;
        case SynReceived:
        case Established:
        case CloseWait:  // close() sends a FIN and leaves the state
            return !tcb.orphan;
        default:
            return true;
    }
}

template <Reading R>
typename R::Bool possible_numbers(R& r, const Tcb<R>& tcb) {
    using enum TcpState;
    const auto windows = [&] {
        return r.both(possible_window(r, tcb.rcv_wnd), possible_window(r, tcb.max_snd_wnd));
    };
    const auto is_zero = [&](const typename R::Word& word) { return r.equal(word, r.literal(0)); };
    const auto next_is = [&](const typename R::Word& next, const typename R::Word& word) {
        return r.equal(next, r.plus(word, 1));
    };
    /// SND.UNA <= SND.NXT, with `least` outstanding at the least.
    const auto outstanding = [&](std::uint32_t least) {
        return r.within(tcb.snd_una, r.plus(tcb.snd_nxt, 0U - largest_window),
                        r.size(largest_window + 1 - least));
    };
    /// The newest acknowledgement sent is RCV.NXT or one that it has been.
    const auto acknowledged = [&] {
        return r.within(tcb.last_ack_sent, r.plus(tcb.rcv_nxt, 0U - largest_window),
                        r.size(largest_window + 1));
    };
    const auto nothing_sent = [&] {
        return all_of(
            r, [&] { return is_zero(tcb.iss); }, [&] { return is_zero(tcb.snd_una); },
            [&] { return is_zero(tcb.snd_nxt); });
    };
    const auto nothing_received = [&] {
        return all_of(
            r, [&] { return is_zero(tcb.irs); }, [&] { return is_zero(tcb.rcv_nxt); },
            [&] { return is_zero(tcb.last_ack_sent); });
    };
    // A connection that Linux has handed over has its SYN-ACK acknowledged, and waits for the next segment.
    const auto syn_outstanding = [&] {
        return r.both(r.equal(tcb.snd_una, tcb.handed_over ? tcb.snd_nxt : tcb.iss),
                      next_is(tcb.snd_nxt, tcb.iss));
    };
    switch (tcb.state) {
        case Closed:
        case Listen:
            return all_of(r, windows, nothing_sent, nothing_received);
        case SynSent:
            return all_of(r, windows, syn_outstanding, nothing_received);
        case SynReceived:
            return all_of(
                r, windows, syn_outstanding, [&] { return next_is(tcb.rcv_nxt, tcb.irs); }, acknowledged);
        case FinWait1:
        case Closing:
        case LastAck:  // our FIN is outstanding
            return all_of(
                r, windows, [&] { return outstanding(1); }, acknowledged);
        case FinWait2:
        case TimeWait:  // ... and here it has been acknowledged
            return all_of(
                r, windows, [&] { return r.equal(tcb.snd_una, tcb.snd_nxt); }, acknowledged);
        case Established:
        case CloseWait:
            return all_of(
                r, windows, [&] { return outstanding(0); }, acknowledged);
    }
    return r.truth(false);
}

}  // namespace halfopen
