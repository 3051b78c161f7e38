/// expire().  Use it through endpoint.hpp.
#pragma once

#include "spec/tcp/endpoint_calls.hpp"
#include "spec/tcp/endpoint_work.hpp"

namespace halfopen {

namespace detail {

/// Sends again what is outstanding.
template <Reading R>
void retransmit(EndpointWork<R>& w) {
    Tcb<R>& tcb = w.tcb;
    if (tcb.syn_outstanding) w.syn_sent_again();
    if (tcb.state == TcpState::SynSent) {
        w.step.reason = "SYN retransmission timeout";
        w.send_syn();
    } else if (tcb.state == TcpState::SynReceived || tcb.syn_outstanding) {
        w.step.reason = "SYN-ACK retransmission timeout";
        w.send_syn_ack();
    } else {
        const std::uint32_t fin = tcb.fin_outstanding() ? 1 : 0;
        const auto flags = static_cast<std::uint8_t>(flag::ack | (tcb.unacked_data > 0 ? flag::psh : 0) |
                                                     (fin != 0 ? flag::fin : 0));
        w.step.reason = tcb.unacked_data > 0 ? "data retransmission timeout" : "FIN retransmission timeout";
        w.emit(flags, w.r.plus(tcb.snd_nxt, 0U - (tcb.unacked_data + fin)), tcb.rcv_nxt, tcb.unacked_data);
        tcb.last_ack_sent = tcb.rcv_nxt;
    }
}

template <Reading R>
void retransmission_timeout(EndpointWork<R>& w) {
    const std::size_t transmissions = w.schedule().size();
    // retransmits_timed_out() of Linux goes by the time, not by the number.
    const bool last = w.tcb.kept_backoff + w.tcb.retransmits + 1U >= transmissions;
    const bool for_ever =
        w.tcb.state == TcpState::SynSent ? w.settings.syn_never_gives_up : w.settings.retransmits_for_ever;
    if (!last || for_ever) {
        if (!last) ++w.tcb.retransmits;
        retransmit(w);
        w.await_acknowledgment();
        return;
    }
    if (w.tcb.state == TcpState::SynSent) {
        w.step.reason = "connect() timed out";
    } else if (w.tcb.state == TcpState::SynReceived) {
        w.step.reason = "SYN-ACK never acknowledged";
    } else {
        w.step.reason = "retransmissions exhausted";
        if (w.settings.data_timeout_reset) w.send_reset();
    }
    // The application has not yet been told of a connection that a listener was still making.
    if (w.tcb.state != TcpState::SynReceived || w.tcb.active_open) w.report(ConnectionEvent::TimedOut);
    w.remove();
}

template <Reading R>
void keepalive_timeout(EndpointWork<R>& w) {
    if (w.outstanding()) {
        // Retransmissions find a dead peer sooner: tcp_keepalive_timer() of Linux, "it is alive without
        // keepalive".
        w.step.reason = "keepalive put off: data is outstanding";
        w.tcb.timer(TcpTimer::Keepalive) = w.settings.keepalive_idle;
    } else if (w.tcb.keepalive_probes >= w.settings.keepalive_count) {
        w.step.reason = "keepalive failed";
        if (w.settings.keepalive_reset) w.send_reset();
        w.report(ConnectionEvent::TimedOut);
        w.remove();
    } else {
        // An octet left of the peer's window, so that it has to answer (RFC 9293 §3.8.4).
        w.step.reason = "keepalive probe";
        w.emit(flag::ack, w.r.plus(w.tcb.snd_una, 0U - 1U), w.tcb.rcv_nxt);
        ++w.tcb.keepalive_probes;
        w.tcb.timer(TcpTimer::Keepalive) = w.settings.keepalive_interval;
    }
}

}  // namespace detail

template <Reading R>
EndpointStep<R> expire(R& r, const Endpoint& endpoint, Tcb<R>& tcb, TcpTimer timer) {
    detail::EndpointWork<R> w{r, endpoint.settings(), tcb};
    tcb.stop(timer);
    switch (timer) {
        case TcpTimer::Retransmit:
            detail::retransmission_timeout(w);
            break;
        case TcpTimer::Keepalive:
            detail::keepalive_timeout(w);
            break;
        case TcpTimer::IdleClose:
            detail::close(w);
            w.step.reason = "idle close";
            w.step.event = ConnectionEvent::Closed;
            break;
        case TcpTimer::TimeWait:
            w.step.reason = tcb.state == TcpState::TimeWait ? "TIME_WAIT is over" : "FIN_WAIT_2 timeout";
            if (tcb.full_orphan) w.send_reset();  // tcp_keepalive_timer() of Linux
            w.remove();
            break;
        case TcpTimer::ChallengeLimit:
            w.step.reason = "challenge ACKs allowed again";
            tcb.challenge_acks = 0;
            break;
    }
    return w.step;
}

}  // namespace halfopen
