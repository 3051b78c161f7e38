/// The application's calls.  Use it through endpoint.hpp.
#pragma once

#include "spec/tcp/endpoint_work.hpp"

namespace halfopen {

namespace detail {

template <Reading R>
void send_fin(EndpointWork<R>& w, TcpState next) {
    w.emit(flag::fin | flag::ack, w.tcb.snd_nxt, w.tcb.rcv_nxt);
    w.tcb.last_ack_sent = w.tcb.rcv_nxt;
    w.tcb.snd_nxt = w.r.plus(w.tcb.snd_nxt, 1);
    const bool waiting = w.tcb.unacked_data > 0 || w.tcb.syn_outstanding;
    w.enter(next);
    if (!waiting) w.begin_retransmissions();
}

/// CLOSE of RFC 9293 §3.10.4.
template <Reading R>
void close(EndpointWork<R>& w) {
    if (w.tcb.orphan) return;
    w.tcb.orphan = true;
    w.tcb.stop(TcpTimer::IdleClose);
    switch (w.tcb.state) {
        case TcpState::Closed:
        case TcpState::Listen:
        case TcpState::SynSent:
            w.remove();
            break;
        case TcpState::SynReceived:
        case TcpState::Established:
            send_fin(w, TcpState::FinWait1);
            break;
        case TcpState::CloseWait:
            send_fin(w, TcpState::LastAck);
            break;
        case TcpState::FinWait2:
            w.await_last_segment();
            break;
        default:
            break;
    }
}

}  // namespace detail

template <Reading R>
EndpointStep<R> connect(R& r, const Endpoint& endpoint, Tcb<R>& tcb, Address local, Address remote,
                        const typename R::Word& isn, const TimestampClock<R>& clock) {
    detail::EndpointWork<R> w{r, endpoint.settings(), tcb};
    w.step.reason = "connect()";
    tcb = w.blank(r);
    tcb.local = local;
    tcb.remote = remote;
    tcb.active_open = true;
    w.set_clock(clock);
    tcb.timestamps.on = tcb.timestamps.able;
    w.set_numbers(isn);
    w.enter(TcpState::SynSent);
    w.send_syn();
    w.begin_retransmissions();
    return w.step;
}

template <Reading R>
EndpointStep<R> send(R& r, const Endpoint& endpoint, Tcb<R>& tcb, std::uint32_t length) {
    detail::EndpointWork<R> w{r, endpoint.settings(), tcb};
    w.step.reason = "write()";
    if (length == 0 || (tcb.state != TcpState::Established && tcb.state != TcpState::CloseWait))
        return w.step;
    w.emit(flag::ack | flag::psh, tcb.snd_nxt, tcb.rcv_nxt, length);
    tcb.last_ack_sent = tcb.rcv_nxt;
    tcb.snd_nxt = r.plus(tcb.snd_nxt, length);
    const bool waiting = tcb.unacked_data > 0 || tcb.syn_outstanding;
    tcb.unacked_data += length;
    if (!waiting) w.begin_retransmissions();
    return w.step;
}

template <Reading R>
EndpointStep<R> close(R& r, const Endpoint& endpoint, Tcb<R>& tcb) {
    detail::EndpointWork<R> w{r, endpoint.settings(), tcb};
    w.step.reason = "close()";
    detail::close(w);
    return w.step;
}

template <Reading R>
EndpointStep<R> abort(R& r, const Endpoint& endpoint, Tcb<R>& tcb) {
    detail::EndpointWork<R> w{r, endpoint.settings(), tcb};
    w.step.reason = "abort()";
    // tcp_need_reset() of Linux; where both FINs have been seen there is nothing left to reset.
    switch (tcb.state) {
        case TcpState::SynReceived:
        case TcpState::Established:
        case TcpState::FinWait1:
        case TcpState::FinWait2:
        case TcpState::CloseWait:
            w.send_reset();
            break;
        default:
            break;
    }
    w.remove();
    return w.step;
}

template <Reading R>
Tcb<R> listening(R& r, const Endpoint& endpoint, Address local, const TimestampClock<R>& clock,
                 const std::optional<typename R::Word>& newest_of_peer) {
    Tcb<R> tcb = detail::EndpointWork<R>::blank(r);
    detail::EndpointWork<R>{r, endpoint.settings(), tcb}.set_clock(clock);
    if (tcb.timestamps.able && newest_of_peer) {
        tcb.timestamps.known = true;
        tcb.timestamps.recent = *newest_of_peer;
    }
    tcb.local = local;
    tcb.state = TcpState::Listen;
    tcb.rcv_wnd = r.size(endpoint.settings().rcv_wnd);
    return tcb;
}

template <Reading R>
Tcb<R> established(R& r, const Endpoint& endpoint, Address local, Address remote,
                   const typename R::Word& snd_nxt, const typename R::Word& rcv_nxt, bool unacknowledged_data,
                   const TimestampClock<R>& clock, const TimestampClock<R>& peer_clock) {
    Tcb<R> tcb = detail::EndpointWork<R>::blank(r);
    detail::EndpointWork<R> w{r, endpoint.settings(), tcb};
    tcb.local = local;
    tcb.remote = remote;
    tcb.iss = r.plus(snd_nxt, 0U - bytes_carried_before);
    tcb.irs = r.plus(rcv_nxt, 0U - bytes_carried_before);
    tcb.snd_nxt = tcb.snd_una = snd_nxt;
    tcb.rcv_nxt = tcb.last_ack_sent = rcv_nxt;
    tcb.rcv_wnd = r.size(w.settings.rcv_wnd);
    tcb.max_snd_wnd = r.size(w.settings.rcv_wnd);
    if (peer_clock) {
        w.set_clock(clock);
        tcb.timestamps.on = tcb.timestamps.known = tcb.timestamps.able;
        if (tcb.timestamps.able) tcb.timestamps.recent = *peer_clock;
    }
    w.keep_window(tcb.max_snd_wnd, rcv_nxt);
    w.enter(TcpState::Established);
    if (unacknowledged_data) {
        tcb.snd_una = r.plus(snd_nxt, 0U - outstanding_bytes);
        tcb.unacked_data = outstanding_bytes;
        w.begin_retransmissions();
    }
    return tcb;
}

template <Reading R>
void put_into_state(R& r, const Endpoint& endpoint, Tcb<R>& tcb, TcpState state) {
    if (state == TcpState::Established) return;
    detail::EndpointWork<R> w{r, endpoint.settings(), tcb};
    for (std::uint32_t& timer : tcb.timers) timer = timer_off;
    tcb.unacked_data = 0;
    tcb.snd_una = tcb.snd_nxt;
    if (state == TcpState::SynReceived) {
        tcb.iss = r.plus(tcb.snd_nxt, 0U - 1U);
        tcb.irs = r.plus(tcb.rcv_nxt, 0U - 1U);
        tcb.snd_una = tcb.iss;
        tcb.syn_outstanding = true;
    }
    w.enter(state);
    if (state == TcpState::SynReceived && w.settings.keeps_syn_timestamps && tcb.timestamps.on)
        tcb.syn_timestamps = {true, tcb.timestamps.clock, tcb.timestamps.clock};
    if (tcb.fin_outstanding()) {
        tcb.orphan = true;
        tcb.snd_una = r.plus(tcb.snd_nxt, 0U - 1U);
    }
    if (w.outstanding()) w.begin_retransmissions();
    if (state == TcpState::FinWait2 || state == TcpState::CloseWait) w.touch();
}

}  // namespace halfopen
