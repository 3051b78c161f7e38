#include "conformance/probe_replay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/arriving_segment.hpp"
#include "conformance/comparison_notes.hpp"
#include "conformance/kernel_states.hpp"

namespace halfopen::conformance {

namespace {

constexpr Address probed_server{0xC0000202, 2049};
constexpr Address peer{0x0A000001, 903};

/// Any, where the recording does not say.
constexpr std::uint32_t unknown_clock = 1;

/// The endpoint as the set-up left it.  What cannot be seen from outside is as a handshake by hand makes it:
/// nothing sent or received but SYN and FIN, the application's end still open for reading.
ConcreteTcb set_up(ConcreteReading& r, const Endpoint& endpoint, const EndpointProbe& probe) {
    const TcpState state = state_named(probe.state).value_or(TcpState::Closed);
    if (state == TcpState::Listen) return listening(r, endpoint, probed_server);
    if (state == TcpState::Closed) {
        ConcreteTcb closed;
        closed.local = probed_server;
        closed.remote = peer;
        return closed;
    }
    const Number rcv_nxt{probe.rcv_nxt.value_or(0), 0};
    const Number snd_nxt{probe.snd_nxt.value_or(0), 0};
    const auto own_clock =
        probe.ts_recent ? std::optional(Number{probe.ts_clock.value_or(unknown_clock), 0}) : std::nullopt;
    const auto peer_clock = probe.ts_recent ? std::optional(Number{*probe.ts_recent, 0}) : std::nullopt;
    ConcreteTcb tcb =
        established(r, endpoint, probed_server, peer, snd_nxt, rcv_nxt, false, own_clock, peer_clock);
    tcb.state = state;
    if (state == TcpState::SynReceived && probe.ts_first)
        tcb.syn_timestamps = {true, {*probe.ts_first, 0}, {*probe.ts_newest, 0}};
    tcb.active_open = state == TcpState::SynSent;
    tcb.syn_outstanding = state == TcpState::SynReceived || state == TcpState::SynSent;
    tcb.rcv_wnd = probe.rcv_wnd;
    tcb.max_snd_wnd = probe.rcv_wnd;
    tcb.irs = {rcv_nxt.value - 1, 0};
    const bool fin_sent = state != TcpState::SynReceived && state != TcpState::SynSent &&
                          state != TcpState::Established && state != TcpState::CloseWait;
    if (state == TcpState::CloseWait || state == TcpState::Closing || state == TcpState::LastAck ||
        state == TcpState::TimeWait)
        tcb.irs.value -= 1;
    tcb.iss = {snd_nxt.value - (fin_sent ? 2 : 1), 0};
    // SND.WL1 is the peer's SYN's or FIN's until something comes at RCV.NXT: after a handshake, its ACK has.
    const bool fin_last =
        state == TcpState::CloseWait || state == TcpState::Closing || state == TcpState::LastAck;
    tcb.send_window.wnd = probe.segment.window;  // the recorder's are all alike
    if (fin_last || state == TcpState::SynReceived) tcb.send_window.wl1.value -= 1;
    // The recording's snd_una stands before our FIN also where the peer has acknowledged it.
    if (tcb.fin_outstanding() || state == TcpState::SynReceived || state == TcpState::SynSent)
        tcb.snd_una = {snd_nxt.value - 1, 0};
    return tcb;
}

/// Our own SYN-ACK or FIN sent again because its timer happened to fire.
bool retransmission(const EndpointProbe& probe, const ObservedReply& reply) {
    const bool own = (reply.flags & (flag::syn | flag::fin)) != 0;
    return own && probe.snd_nxt && reply.seq == *probe.snd_nxt - 1 && probe.state != "LISTEN";
}

}  // namespace

std::optional<Disagreement> judge_probe(const Endpoint& endpoint, const EndpointProbe& probe, Tally& tally) {
    ConcreteReading r;
    ConcreteTcb tcb = set_up(r, endpoint, probe);
    const ConcreteSegment segment = arriving(probe.segment, peer, probed_server);
    // The ISN of a new connection is drawn: it is what the kernel drew.
    Number isn{0, 0};
    for (const ObservedReply& reply : probe.replies)
        if ((reply.flags & flag::syn) != 0) isn.value = reply.seq;
    const auto state = static_cast<std::size_t>(tcb.state);
    const auto step = receive<ConcreteReading>(r, endpoint, tcb, segment, isn);
    ++tally.decided[{step.rule != nullptr ? step.rule->id : "", state,
                     static_cast<std::size_t>(segment_class(segment.flags)), direction_original}];
    std::vector<ObservedReply> model;
    for (const ConcreteSegment& s : step.sent) {
        model.push_back({s.flags, s.seq.value, s.has(flag::ack) ? s.ack.value : 0, s.length});
        if (!s.timestamps.present) continue;
        model.back().tsecr = s.timestamps.echo.value;
        if (!probe.ts_clock) continue;
        model.back().tsval = s.timestamps.value.value;
        model.back().at = 0;
    }
    std::vector<ObservedReply> kernel;
    for (const ObservedReply& reply : probe.replies) {
        const bool expected =
            std::any_of(model.begin(), model.end(), [&](const auto& m) { return same_segment(m, reply); });
        if (expected || !retransmission(probe, reply)) kernel.push_back(reply);
    }
    Comparison comparison(tally);
    judge_replies(comparison, kernel, model);
    comparison.judge(Aspect::StateAfter, probe.state_after == kernel_name(tcb.state), probe.state_after,
                     std::string(kernel_name(tcb.state)));
    if (comparison.agrees()) return std::nullopt;
    Disagreement d;
    d.line = probe.line;
    d.name = fmt::format("{}, seq {}, ack {}{}{}", probe.state,
                         probe.seq_class.empty() ? "as given" : one_line(probe.seq_class),
                         probe.ack_class.empty() ? "as given" : one_line(probe.ack_class),
                         probe.ts_class.empty() ? "" : ", ts " + one_line(probe.ts_class),
                         probe.tsecr_class.empty() ? "" : ", tsecr " + one_line(probe.tsecr_class));
    d.step = 1;
    d.segment = to_string(segment);
    d.rule = step.rule != nullptr ? step.rule->id : std::string(step.reason);
    d.differences = comparison.take();
    return d;
}

}  // namespace halfopen::conformance
