/// The actions of endpoint policies.  Use it through endpoint.hpp.
#pragma once

#include <optional>
#include <utility>

#include "spec/tcp/endpoint_vocabulary.hpp"
#include "spec/tcp/endpoint_work.hpp"

namespace halfopen::detail {

template <Reading R>
struct EndpointActions : EndpointWork<R> {
    using Base = EndpointWork<R>;
    using Base::r;
    using Base::settings;
    using Base::step;
    using Base::tcb;

    const Segment<R>& segment;
    const std::optional<typename R::Word>& fresh_isn;

    EndpointActions(Base base, const Segment<R>& s, const std::optional<typename R::Word>& isn)
        : Base(std::move(base)), segment(s), fresh_isn(isn) {}

    void perform(const Action& action);

    /// RFC 9293 §3.10.7.1: what a host answers that knows of no connection.  Never in reply to a reset.
    void send_reset_for_segment() {
        if (segment.has(flag::ack))
            answer(flag::rst, segment.ack, r.literal(0));
        else
            answer(flag::rst | flag::ack, r.literal(0), r.plus(segment.seq, segment.span()));
    }
    /// To the segment's sender, who need not be this TCB's peer: a listener has none.
    void answer(std::uint8_t flags, const typename R::Word& seq, const typename R::Word& ack) {
        step.sent.push_back({segment.destination, segment.source, flags, seq, ack, r.size(0), 0});
    }

    /// A SYN makes a new connection, whatever this TCB was before.
    void open(const typename R::Word& iss) {
        const TimestampMemory<R> host = tcb.timestamps;
        tcb = Base::blank(r);
        if (host.able) this->set_clock(host.clock);
        tcb.local = segment.destination;
        tcb.remote = segment.source;
        this->set_numbers(iss);
        accept_syn();
        this->enter(TcpState::SynReceived);
        this->send_syn_ack();
        this->begin_retransmissions();
    }
    void accept_syn() {
        tcb.irs = segment.seq;
        tcb.rcv_nxt = r.plus(segment.seq, 1);
        tcb.last_ack_sent = tcb.rcv_nxt;
        tcb.max_snd_wnd = segment.window;
        // RFC 7323 §3.2: used just if both SYNs carry it.
        const bool agreed = tcb.timestamps.able && segment.timestamps.present;
        tcb.timestamps.on = tcb.timestamps.known = agreed;
        tcb.timestamps.recent = agreed ? segment.timestamps.value : r.literal(0);
        this->keep_window(segment.window, segment.seq);
    }
    /// tcp_rexmit_rto() of lwIP, as tcp_process() calls it in SYN_SENT.
    void resend_syn() {
        if (tcb.retransmits + 1U >= this->schedule().size()) return;
        ++tcb.retransmits;
        this->syn_sent_again();
        this->send_syn();
        this->await_acknowledgment();
    }
    /// tcp_check_req() and tcp_child_process() of Linux: the SYN-ACK counts as acknowledged, its timer stops.
    void hand_over() {
        tcb.handed_over = true;
        tcb.syn_timestamps = {};
        this->keep_window(segment.window, tcb.irs);
        if (tcb.send_window.kept) tcb.max_snd_wnd = segment.window;
        tcb.syn_outstanding = false;
        tcb.snd_una = segment.ack;
        tcb.retransmits = 0;
        tcb.stop(TcpTimer::Retransmit);
    }
    /// RFC 7323 §4.3 (2).
    void remember_timestamp();
    bool timestamp_counts();
    void accept_ack();
    /// A whole segment has been acknowledged: tcp_ack_update_rtt() of Linux sets icsk_rto anew by what it
    /// measures, and leaves it doubled where it measures nothing.  A handshake's end sets it in any case
    /// (tcp_init_metrics()).
    void keep_backoff() {
        if (!settings.keeps_backoff) return;
        const bool by_timestamp = tcb.timestamps.on && segment.timestamps.present;
        if (tcb.retransmits == 0 || by_timestamp || !synchronized(tcb.state)) {
            tcb.kept_backoff = 0;
            return;
        }
        const std::size_t longest = this->schedule().empty() ? 0 : this->schedule().size() - 1;
        tcb.kept_backoff = static_cast<std::uint8_t>(
            std::min<std::size_t>(tcb.kept_backoff + tcb.retransmits - tcb.linear_retransmits, longest));
    }
    /// RFC 9293 §3.10.7.4, fifth check.  Precondition: SND.UNA is still as it was.
    void update_window();
    /// tcp_rcv_state_process() of Linux in SYN_RECV: the handshake's last segment has the newest window,
    /// whatever it acknowledges; a listener's child knows of no other (tcp_create_openreq_child()).
    void take_window_of_handshake() {
        if (!tcb.send_window.kept || tcb.state != TcpState::SynReceived) return;
        this->keep_window(segment.window, segment.seq);
        if (!tcb.active_open && !tcb.handed_over) tcb.max_snd_wnd = segment.window;
    }
    /// RFC 9293 §3.10.7.4, eighth check.
    void accept_fin();
    void fin_received();
    /// tcp_data_queue_ofo() of Linux.
    void keep_text();
    /// tcp_ofo_queue() of Linux: RCV.NXT has moved.
    void join_kept_text();
    /// Our FIN has been acknowledged: fifth check.
    void fin_acknowledged() {
        if (tcb.state == TcpState::FinWait1) return this->enter(TcpState::FinWait2);
        finished = true;
        if (tcb.state == TcpState::Closing) return this->enter(TcpState::TimeWait);
        this->report(ConnectionEvent::Closed);
        this->remove();
    }
    /// What is left of the rule has no meaning any more.
    bool finished = false;
    void accept_data() {
        if (segment.length == 0) return;
        tcb.rcv_nxt = r.plus(segment.seq, segment.length);
        tcb.unread_text = !this->settings.application_reads;
        this->restart_idle_close();
        if (!segment.has(flag::fin)) join_kept_text();
    }
};

template <Reading R>
void EndpointActions<R>::remember_timestamp() {
    const typename R::Word& value = segment.timestamps.value;
    if (!tcb.timestamps.on || !tcb.timestamps.known || !segment.timestamps.present) return;
    if (r.decide(all_of(
            r, [&] { return not_after(r, segment.seq, tcb.last_ack_sent); },
            [&] { return not_before(r, value, tcb.timestamps.recent); })))
        tcb.timestamps.recent = value;
}

/// Whether TS.Recent may be taken from a segment whose acknowledgement is looked at.
template <Reading R>
bool EndpointActions<R>::timestamp_counts() {
    if (settings.old_ack_timestamp || !tcb.timestamps.on || !segment.timestamps.present) return true;
    return r.decide(not_before(r, segment.ack, tcb.snd_una));
}

template <Reading R>
void EndpointActions<R>::accept_ack() {
    this->touch();
    if (timestamp_counts()) remember_timestamp();
    update_window();
    if (!this->outstanding() || !r.decide(after(r, segment.ack, tcb.snd_una))) return;
    tcb.snd_una = segment.ack;
    bool whole = std::exchange(tcb.syn_outstanding, false);
    const bool measured = !whole && tcb.retransmits == 0;
    if (r.decide(r.equal(segment.ack, tcb.snd_nxt))) {
        if (measured) tcb.no_round_trip = false;
        keep_backoff();
        tcb.unacked_data = 0;
        tcb.retransmits = 0;
        tcb.stop(TcpTimer::Retransmit);
        if (tcb.fin_outstanding()) fin_acknowledged();
        return;
    }
    // What is outstanding is one segment of data, a FIN or both.  An ACK inside the data leaves the whole
    // segment to be sent again, as of a stack that does not cut segments up.
    if (tcb.fin_outstanding() && tcb.unacked_data > 0 &&
        r.decide(r.equal(segment.ack, r.plus(tcb.snd_nxt, 0U - 1U)))) {
        tcb.unacked_data = 0;
        if (measured) tcb.no_round_trip = false;
        keep_backoff();
        whole = true;
    }
    if (whole || settings.partial_ack_restarts_timer) this->begin_retransmissions();
}

template <Reading R>
void EndpointActions<R>::accept_fin() {
    tcb.rcv_nxt = r.plus(segment.seq, segment.span());
    fin_received();
}

template <Reading R>
void EndpointActions<R>::fin_received() {
    tcb.kept_text = {};  // tcp_fin() purges it
    // A second FIN, behind the first, tells the application nothing.
    if (tcb.state == TcpState::CloseWait || tcb.state == TcpState::Closing || tcb.state == TcpState::LastAck)
        return;
    this->report(ConnectionEvent::Closed);
    if (tcb.state == TcpState::Established) this->enter(TcpState::CloseWait);
    if (tcb.state == TcpState::FinWait2) this->enter(TcpState::TimeWait);
    if (tcb.state == TcpState::FinWait1) this->enter(TcpState::Closing);
}

template <Reading R>
void EndpointActions<R>::update_window() {
    // An ACK left of SND.UNA brings no window: SND.UNA =< SEG.ACK is asked for; tcp_ack() goes to old_ack.
    if (r.decide(r.before(segment.ack, tcb.snd_una))) return;
    if (tcb.send_window.kept) {
        if (!r.decide(
                may_update_window(r, tcb.send_window, tcb.snd_una, segment, settings.zero_window_updates)))
            return;
        this->keep_window(segment.window, segment.seq);
    }
    tcb.max_snd_wnd = larger_of(r, tcb.max_snd_wnd, segment.window);
}

template <Reading R>
void EndpointActions<R>::keep_text() {
    const auto waits = [&] {
        return r.both(after(r, segment.seq, tcb.rcv_nxt),
                      r.before(segment.seq, r.advance(tcb.rcv_nxt, tcb.rcv_wnd)));
    };
    if (segment.span() == 0 || !r.decide(waits())) return;
    keep(r, tcb.kept_text,
         KeptStretch<R>{segment.has(flag::fin), segment.seq, r.plus(segment.seq, segment.span())});
}

template <Reading R>
void EndpointActions<R>::join_kept_text() {
    auto& all = tcb.kept_text.stretches;
    while (!all.empty() && r.decide(not_after(r, all.front().begin, tcb.rcv_nxt))) {
        const KeptStretch<R> next = all.front();
        all.erase(0);
        if (!r.decide(after(r, next.end, tcb.rcv_nxt))) continue;
        tcb.rcv_nxt = next.end;
        if (next.fin) return fin_received();
    }
}

template <Reading R>
void EndpointActions<R>::perform(const Action& action) {
    using enum EndpointAction;
    switch (static_cast<EndpointAction>(action.verb)) {
        case Drop:
            return;
        case SendAck:
            return this->send_ack();
        case SendChallengeAck:
            if (this->may_challenge()) this->send_ack();
            return;
        case SendReset:
            return this->send_reset();
        case SendResetForSegment:
            return send_reset_for_segment();
        case SendResetAckForSegment:
            return answer(flag::rst | flag::ack, segment.ack, r.plus(segment.seq, segment.span()));
        case SendResetAcknowledgingSyn:
            return this->emit(flag::rst | flag::ack, tcb.snd_nxt, r.plus(segment.seq, segment.span()));
        case SendAckForSegment:
            return answer(flag::ack, r.plus(segment.ack, 0U - 1U), r.literal(0));
        case SendSynAck:
            return this->send_syn_ack();
        case ResendSynAck:
            if (this->may_challenge()) {
                this->syn_sent_again();
                this->send_syn_ack();
                this->await_acknowledgment();
            }
            return;
        case Open:
            return open(*fresh_isn);
        case Reopen:
            // tcp_timewait_state_process(): past anything that a window of the old connection still covers.
            return open(r.plus(tcb.snd_nxt, 65535 + 2));
        case AcceptSyn:
            return accept_syn();
        case AcceptAck:
            return accept_ack();
        case AcceptData:
            return accept_data();
        case AcceptFin:
            return accept_fin();
        case Enter:
            if (static_cast<TcpState>(action.state) == TcpState::Established) take_window_of_handshake();
            return this->enter(static_cast<TcpState>(action.state));
        case Delete:
            return this->remove();
        case ReportEstablished:
            return this->report(ConnectionEvent::Established);
        case ReportRefused:
            return this->report(ConnectionEvent::Refused);
        case ReportReset:
            return this->report(ConnectionEvent::Reset);
        case Touch:
            return this->touch();
        case RetransmitSynSoon:
            if (settings.quick_syn > 0) tcb.timer(TcpTimer::Retransmit) = settings.quick_syn;
            return;
        case ResendSyn:
            return resend_syn();
        case RestartSynSchedule:
            return this->begin_retransmissions();
        case CountRetransmission:
            if (tcb.retransmits + 1U < this->schedule().size()) ++tcb.retransmits;
            return;
        case RestartTimeWait:
            tcb.timer(TcpTimer::TimeWait) = settings.time_wait;
            return;
        case RememberTimestamp:
            return remember_timestamp();
        case HandOver:
            return hand_over();
        case StayFullSocket:
            tcb.full_orphan = tcb.orphan && tcb.state == TcpState::FinWait2;
            return;
        case KeepText:
            return keep_text();
        case Count:
            return;
    }
}

}  // namespace halfopen::detail
