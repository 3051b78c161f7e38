/// What receive(), expire() and the application's calls have in common: one event at work on one TCB.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "spec/numbers/reading.hpp"
#include "spec/tcp/endpoint_step.hpp"
#include "spec/tcp/tcb.hpp"

namespace halfopen::detail {

template <Reading R>
struct EndpointWork {
    R& r;
    const EndpointSettings& settings;
    Tcb<R>& tcb;
    EndpointStep<R> step{};

    void emit(std::uint8_t flags, const typename R::Word& seq, const typename R::Word& ack,
              std::uint32_t length = 0) {
        step.sent.push_back(
            {tcb.local, tcb.remote, flags, seq, ack, r.size(settings.rcv_wnd), length, timestamp()});
    }
    TimestampOption<R> timestamp() const {
        if (!tcb.timestamps.on) return {};
        return {true, tcb.timestamps.clock, tcb.timestamps.recent};
    }
    /// SND.NXT; the edge of the peer's window where that has shrunk: tcp_acceptable_seq() of Linux.
    typename R::Word acceptable_seq() {
        const bool full_socket = synchronized(tcb.state) || tcb.active_open;
        if (!tcb.send_window.kept || !full_socket || !outstanding()) return tcb.snd_nxt;
        const typename R::Word edge = r.advance(tcb.snd_una, tcb.send_window.wnd);
        return r.decide(r.before(edge, tcb.snd_nxt)) ? edge : tcb.snd_nxt;
    }
    /// <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>
    void send_ack() {
        emit(flag::ack, acceptable_seq(), tcb.rcv_nxt);
        tcb.last_ack_sent = tcb.rcv_nxt;
    }
    /// <SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>: tcp_drop() of FreeBSD, tcp_send_active_reset() of Linux.
    void send_reset() { emit(flag::rst | flag::ack, acceptable_seq(), tcb.rcv_nxt); }
    void send_syn() {
        emit(flag::syn, tcb.iss, r.literal(0));
        keep_syn_timestamp();
    }
    void send_syn_ack() {
        emit(flag::syn | flag::ack, tcb.iss, tcb.rcv_nxt);
        // tcp_syn_options() of Linux: our own SYN still offers what the SYN that crossed it does not have.
        if (tcb.active_open && tcb.timestamps.able)
            step.sent.back().timestamps = {true, tcb.timestamps.clock, tcb.timestamps.recent};
        if (!tcb.active_open) keep_syn_timestamp();
        tcb.last_ack_sent = tcb.rcv_nxt;
    }

    /// The SYN or SYN-ACK just emitted: tcp_connect() and tcp_synack_options() of Linux, syncache_respond()
    /// of FreeBSD.
    void keep_syn_timestamp() {
        if (!settings.keeps_syn_timestamps || !tcb.timestamps.on) return;
        auto& kept = tcb.syn_timestamps;
        typename R::Word& sent = step.sent.back().timestamps.value;
        if (kept.kept && settings.syn_ack_repeats_timestamp && tcb.state != TcpState::SynSent)
            sent = kept.first;
        if (!kept.kept) kept = {true, sent, sent};
        if (tcb.state != TcpState::SynSent) kept.newest = sent;
    }

    /// The application hears of it, if there still is one.
    void report(ConnectionEvent event) {
        if (!tcb.orphan) step.event = event;
    }

    /// True where one more limited ACK may go out; counts it.  tcp_oow_rate_limited() of Linux and
    /// tcp_challenge_ack_check() of FreeBSD 14 both open a new period at the first ACK after the old one.
    bool may_challenge() {
        if (settings.challenge_window == 0) return true;
        if (tcb.timer(TcpTimer::ChallengeLimit) == timer_off) {
            tcb.timer(TcpTimer::ChallengeLimit) = settings.challenge_window;
            tcb.challenge_acks = 0;
        }
        if (tcb.challenge_acks >= settings.challenge_count) return false;
        ++tcb.challenge_acks;
        return true;
    }

    const std::vector<std::uint32_t>& schedule() const {
        if (tcb.state == TcpState::SynSent) return settings.syn_retransmit;
        if (tcb.state == TcpState::SynReceived)
            return tcb.active_open ? settings.crossed_syn_retransmit : settings.synack_retransmit;
        if (tcb.syn_outstanding) return settings.late_syn_retransmit;
        if (tcb.no_round_trip) return settings.unmeasured_retransmit;
        return tcb.orphan ? settings.orphan_retransmit : settings.data_retransmit;
    }
    /// Waits for the gap that follows the transmission just made.
    void await_acknowledgment() {
        const auto& gaps = schedule();
        const auto doubled =
            static_cast<std::size_t>(tcb.kept_backoff + tcb.retransmits - tcb.linear_retransmits);
        tcb.timer(TcpTimer::Retransmit) = gaps.empty() ? timer_off : gaps[std::min(doubled, gaps.size() - 1)];
    }
    /// Our SYN has crossed another: the wait that runs is doubled from here on, however many SYNs it took to
    /// get there.  tcp_retransmit_timer() of Linux doubles in every state but SYN_SENT, where
    /// tcp_syn_linear_timeouts leaves the first ones alone; how many are sent is counted all the same
    /// (ColinIanKing/linux-next@37e15967 net/ipv4/tcp_timer.c: icsk_rto << 1, and icsk_retransmits for
    /// tcp_write_timeout()).
    void lengthen_from_here() {
        const auto& sent = settings.syn_retransmit;
        const auto& gaps = settings.crossed_syn_retransmit;
        if (tcb.retransmits >= sent.size()) return;
        const auto same = std::find(gaps.begin(), gaps.end(), sent[tcb.retransmits]);
        if (same == gaps.end() || same - gaps.begin() > tcb.retransmits) return;
        tcb.linear_retransmits = static_cast<std::uint8_t>(tcb.retransmits - (same - gaps.begin()));
    }
    void begin_retransmissions() {
        tcb.retransmits = tcb.linear_retransmits = 0;
        await_acknowledgment();
    }
    /// An answer to a SYN that was sent twice does not tell to which (RFC 6298 §3); a timestamp would.
    void syn_sent_again() { tcb.no_round_trip = !settings.unmeasured_retransmit.empty(); }
    bool outstanding() const {
        return tcb.unacked_data > 0 || tcb.fin_outstanding() || tcb.syn_outstanding ||
               tcb.state == TcpState::SynSent || tcb.state == TcpState::SynReceived;
    }

    /// The peer has been heard: its idle time begins anew.
    void touch() {
        tcb.keepalive_probes = 0;
        if (synchronized(tcb.state) && tcb.state != TcpState::TimeWait && settings.keepalive)
            tcb.timer(TcpTimer::Keepalive) = settings.keepalive_idle;
    }
    void restart_idle_close() {
        if (settings.idle_close > 0 && tcb.state == TcpState::Established)
            tcb.timer(TcpTimer::IdleClose) = settings.idle_close;
    }

    void enter(TcpState state) {
        tcb.linear_retransmits = 0;
        if (tcb.state == TcpState::SynSent && state == TcpState::SynReceived) lengthen_from_here();
        tcb.state = state;
        tcb.full_orphan = tcb.handed_over = false;
        tcb.syn_timestamps = {};
        if (tcb.timestamps.on || state == TcpState::FinWait2 || state == TcpState::TimeWait)
            tcb.no_round_trip = false;
        if (state == TcpState::Established) {
            if (!outstanding()) {
                tcb.retransmits = 0;
                tcb.stop(TcpTimer::Retransmit);
            }
            touch();
            restart_idle_close();
        } else {
            tcb.stop(TcpTimer::IdleClose);
        }
        if (state == TcpState::FinWait2) await_last_segment();
        if (state == TcpState::TimeWait) {
            // A connection in TIME_WAIT sends nothing of its own: what it remembers of that is of no use.
            for (const TcpTimer t : {TcpTimer::Retransmit, TcpTimer::Keepalive}) tcb.stop(t);
            tcb.retransmits = tcb.kept_backoff = tcb.keepalive_probes = 0;
            tcb.unacked_data = 0;
            tcb.syn_outstanding = false;
            tcb.timer(TcpTimer::TimeWait) =
                remember_peer() ? settings.tw_recycle_timeout : settings.time_wait;
        }
    }
    /// An orphan does not wait for the peer's FIN for ever (RFC 9293 §3.10.4 leaves that out; all stacks do
    /// it).
    void await_last_segment() {
        if (tcb.orphan && settings.fin_wait_2 > 0) tcb.timer(TcpTimer::TimeWait) = settings.fin_wait_2;
        if (tcb.orphan) remember_peer();
    }
    /// tcp_time_wait() of Linux before 4.12, for TIME_WAIT and an orphan's FIN_WAIT_2.
    bool remember_peer() {
        step.remembers_peer = settings.tcp_tw_recycle && tcb.timestamps.on && tcb.timestamps.known;
        return step.remembers_peer;
    }

    /// The TCB is gone; only whose it was is left.
    void remove() {
        Tcb<R> gone = blank(r);
        gone.local = tcb.local;
        gone.remote = tcb.remote;
        tcb = gone;
    }

    static Tcb<R> blank(R& r) {
        Tcb<R> tcb{};
        tcb.iss = tcb.irs = tcb.snd_una = tcb.snd_nxt = tcb.rcv_nxt = tcb.last_ack_sent = r.literal(0);
        tcb.rcv_wnd = tcb.max_snd_wnd = tcb.send_window.wnd = r.size(0);
        tcb.send_window.wl1 = r.literal(0);
        tcb.timestamps.clock = tcb.timestamps.recent = r.literal(0);
        return tcb;
    }

    /// The host's clock, for a connection that may use it.
    void set_clock(const TimestampClock<R>& clock) {
        if (!settings.timestamps || !clock) return;
        tcb.timestamps.able = true;
        tcb.timestamps.clock = *clock;
    }

    void set_numbers(const typename R::Word& iss) {
        tcb.iss = tcb.snd_una = iss;
        tcb.snd_nxt = r.plus(iss, 1);
        tcb.syn_outstanding = true;
        tcb.rcv_wnd = r.size(settings.rcv_wnd);
    }
    /// SND.WND and SND.WL1, for a policy that keeps them.
    void keep_window(const typename R::Size& window, const typename R::Word& seq) {
        if (settings.header_prediction) tcb.send_window = {true, window, seq};
    }
};

}  // namespace halfopen::detail
