#include "conformance/connection_replay.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "conformance/arriving_segment.hpp"
#include "conformance/kernel_states.hpp"

namespace halfopen::conformance {

namespace {

constexpr Address local{0xC0000202, 2049};  // 192.0.2.2
constexpr Address remote{0xC0000201, 903};  // 192.0.2.1

/// A kernel's timers run in ticks of up to 10 ms and on a busy machine fire late; the wheel rounds long ones
/// up by an eighth at most.  A retransmission timer has the measured round-trip time on top.
constexpr std::uint32_t timer_tick_ms = 30;
constexpr std::uint32_t round_trip_ms = 150;
/// The least wait for data, tcp_rto_min() of Linux.
constexpr std::uint64_t least_wait_ms = 200;

std::uint32_t latest_of(std::uint64_t due) {
    return static_cast<std::uint32_t>(due + due / 8 + timer_tick_ms + round_trip_ms);
}
std::uint32_t earliest(std::uint32_t due) { return due - std::min(due, due / 20 + timer_tick_ms); }

ObservedReply reply_of(const ConcreteSegment& s) {
    ObservedReply reply{s.flags, s.seq.value, s.has(flag::ack) ? s.ack.value : 0, s.length};
    if (s.timestamps.present) reply.tsecr = s.timestamps.echo.value;
    return reply;
}

bool measures_round_trips(const ConcreteTcb& tcb) {
    return synchronized(tcb.state) && !tcb.syn_outstanding && !tcb.no_round_trip;
}

/// Whether a retransmission leaves out nothing but what has been acknowledged, and what the peer's window has
/// no room for any more.  The model's stack does not cut segments up, and sends the whole one.
bool rest_of(const ObservedReply& kernel, const ObservedReply& model, const ConcreteTcb& before) {
    ObservedReply rest = model;
    const std::uint32_t acknowledged = before.snd_una.value - model.seq;
    if (acknowledged >= model.length) return false;
    rest.seq += acknowledged;
    rest.length -= acknowledged;
    if (before.send_window.kept && before.send_window.wnd > 0 && before.send_window.wnd < rest.length) {
        rest.length = before.send_window.wnd;
        rest.flags = static_cast<std::uint8_t>(rest.flags & ~(flag::psh | flag::fin));
    }
    return rest.length < model.length && same_segment(kernel, rest);
}

std::string_view call_name(EndpointEvent event) {
    constexpr std::array<std::string_view, 6> names{"",           "connect()", "write()",
                                                    "shutdown()", "close()",   "time passes"};
    return names[static_cast<std::size_t>(event)];
}

/// The first of the timers that ss(8) would show, as it calls it.
std::optional<std::pair<std::string_view, TcpTimer>> shown_timer(const ConcreteTcb& tcb) {
    const auto running = [&](TcpTimer t) { return tcb.timer(t) != timer_off; };
    if (running(TcpTimer::TimeWait))
        return std::pair{tcb.full_orphan ? "keepalive" : "timewait", TcpTimer::TimeWait};
    if (running(TcpTimer::Retransmit)) return std::pair{"on", TcpTimer::Retransmit};
    if (running(TcpTimer::Keepalive)) return std::pair{"keepalive", TcpTimer::Keepalive};
    return std::nullopt;
}

}  // namespace

ConnectionReplay::ConnectionReplay(const Endpoint& endpoint, bool passive, Tally& tally)
    : endpoint_(endpoint), passive_(passive), tally_(tally) {
    forget_if_gone();
}

/// Without a connection there is a listener, or nobody.
void ConnectionReplay::forget_if_gone() {
    if (tcb_.state != TcpState::Closed && tcb_.state != TcpState::Listen) return;
    tcb_ = passive_ ? listening(reading_, endpoint_, local, own_clock()) : ConcreteTcb{};
    tcb_.local = local;
    longest_round_trip_ = 0;
}

/// Where the recording does not tell, no number depends on where it stands.
Number ConnectionReplay::own_clock() const { return {clock_offset_ ? *clock_offset_ + now_ : 1, 0}; }

/// The host's clock goes on.  It has an offset for each connection (torvalds/linux@165573e41f2f, in 6.18.y),
/// which the first TSval tells.
void ConnectionReplay::set_clock() {
    if (tcb_.timestamps.able) tcb_.timestamps.clock = own_clock();
}

/// The tick in which a SYN or SYN-ACK was sent is the kernel's: whether it is a likely one, judge_replies()
/// says.
void ConnectionReplay::take_syn_timestamp(const ObservedReply& reply, bool first) {
    if (!tcb_.syn_timestamps.kept || (reply.flags & flag::syn) == 0 || !reply.tsval) return;
    if (first) tcb_.syn_timestamps.first.value = *reply.tsval;
    if (first || tcb_.state != TcpState::SynSent) tcb_.syn_timestamps.newest.value = *reply.tsval;
}

/// RFC 6298 §2 with the kernel's least wait: no longer than R + max(4R, 200 ms) after round trips of up to R,
/// and doubled from there.
std::uint32_t ConnectionReplay::latest(TcpTimer timer) const {
    if (timer != TcpTimer::Retransmit || !measures_round_trips(tcb_)) return latest_of(tcb_.timer(timer));
    const std::uint64_t longest = longest_round_trip_;
    const std::uint64_t due =
        started_with_ * (longest + std::max(4 * longest, least_wait_ms)) / least_wait_ms;
    const std::uint32_t whole = latest_of(due);
    return whole - std::min(whole, now_ - started_);
}

/// Whether a step has started the retransmission timer.
void ConnectionReplay::note_start(const ConcreteTcb& before) {
    const std::uint32_t wait = tcb_.timer(TcpTimer::Retransmit);
    if (wait == before.timer(TcpTimer::Retransmit)) return;
    started_ = now_;
    started_with_ = wait;
}

/// Before and after a step: since when something has been outstanding, and how long it took to be
/// acknowledged.
void ConnectionReplay::measure_round_trip(const ConcreteTcb& before) {
    const bool idle = before.snd_una == before.snd_nxt;
    if (tcb_.snd_nxt != before.snd_nxt && (idle || tcb_.iss != before.iss)) outstanding_since_ = now_;
    const bool connected = !synchronized(before.state) && synchronized(tcb_.state);
    // Of what was sent twice only a timestamp tells (Karn's algorithm).
    const bool ambiguous = before.retransmits > 0 && !before.timestamps.on;
    if (!idle && !ambiguous && (connected || tcb_.snd_una != before.snd_una) && tcb_.iss == before.iss)
        longest_round_trip_ = std::max(longest_round_trip_, now_ - outstanding_since_);
}

ConnectionReplay::Step ConnectionReplay::receive_segment(const EndpointObservation& observed,
                                                         const ConcreteSegment& segment) {
    // The ISN of a new connection is drawn: it is what the kernel drew.
    Number isn{0, 0};
    for (const ObservedReply& reply : observed.replies)
        if ((reply.flags & flag::syn) != 0) isn.value = reply.seq;
    const auto state = static_cast<std::size_t>(tcb_.state);
    Step step = receive<ConcreteReading>(reading_, endpoint_, tcb_, segment, isn);
    ++tally_.decided[{step.rule != nullptr ? step.rule->id : "", state,
                      static_cast<std::size_t>(segment_class(segment.flags)), direction_original}];
    return step;
}

ConnectionReplay::Step ConnectionReplay::perform(const EndpointObservation& observed,
                                                 const ConcreteSegment& segment) {
    switch (observed.event) {
        case EndpointEvent::Segment:
            return receive_segment(observed, segment);
        case EndpointEvent::Connect: {
            const Number isn{observed.replies.empty() ? 0 : observed.replies.front().seq, 0};
            return connect(reading_, endpoint_, tcb_, local, remote, isn, own_clock());
        }
        case EndpointEvent::Write:
            return send(reading_, endpoint_, tcb_, observed.length);
        case EndpointEvent::Shutdown: {
            // A close() of one who goes on reading: the connection does not become an orphan.
            auto step = close(reading_, endpoint_, tcb_);
            tcb_.orphan = false;
            return step;
        }
        case EndpointEvent::Close:
            return close(reading_, endpoint_, tcb_);
        case EndpointEvent::Wait:
            break;
    }
    return {};
}

std::optional<Disagreement> ConnectionReplay::play(const EndpointObservation& observed) {
    Comparison comparison(tally_);
    advance(observed.at, comparison);
    for (const ObservedReply& reply : observed.replies)
        if (!clock_offset_ && reply.tsval && reply.at) clock_offset_ = *reply.tsval - *reply.at;
    set_clock();
    // The peer's stamps stay as they are: nobody reads its clock.
    ConcreteSegment segment = arriving(observed.segment, remote, local);
    // A recording without TSvals has no TSecr but right ones.
    if (!clock_offset_ && tcb_.syn_timestamps.kept) segment.timestamps.echo = tcb_.syn_timestamps.newest;
    const ConcreteTcb before = tcb_;
    const Step step = perform(observed, segment);
    measure_round_trip(before);
    note_start(before);
    rule_ = step.rule != nullptr ? step.rule->id : std::string(step.reason);
    std::vector<ObservedReply> model;
    for (const ConcreteSegment& s : step.sent) {
        if (model.size() < observed.replies.size())
            take_syn_timestamp(observed.replies[model.size()], !before.syn_timestamps.kept);
        model.push_back(sent_now(s));
    }
    follow_timers(observed, model, comparison);
    judge_replies(comparison, observed.replies, model);
    const std::string_view state = kernel_name(tcb_.state);
    comparison.judge(Aspect::StateAfter, observed.state_after == state, observed.state_after,
                     std::string(state));
    judge_timer(observed, comparison);
    follow_window(observed);
    forget_if_gone();
    if (comparison.agrees()) return std::nullopt;
    Disagreement d;
    d.segment = observed.event == EndpointEvent::Segment ? to_string(segment)
                                                         : std::string(call_name(observed.event));
    d.rule = rule_;
    d.differences = comparison.take();
    return d;
}

/// Time passes up to the next event.  A timer whose time is up for longer than rounding explains should have
/// been seen.
void ConnectionReplay::advance(std::uint32_t to, Comparison& comparison) {
    const std::uint32_t passed = to - std::min(to, now_);
    const std::array<std::pair<TcpTimer, std::uint32_t>, 2> limits{
        {{TcpTimer::Retransmit, latest(TcpTimer::Retransmit)},
         {TcpTimer::Keepalive, latest(TcpTimer::Keepalive)}}};
    now_ = to;
    for (const TcpTimer timer : {TcpTimer::TimeWait, TcpTimer::ChallengeLimit}) {
        if (tcb_.timer(timer) != timer_off && tcb_.timer(timer) <= passed) {
            expire(reading_, endpoint_, tcb_, timer);
            if (tcb_.state == TcpState::Closed) return forget_if_gone();
        }
    }
    for (const auto& [timer, limit] : limits) {
        if (tcb_.timer(timer) == timer_off || limit >= passed) continue;
        comparison.judge(Aspect::Timer, false, "nothing was sent",
                         fmt::format("the {} timer fires after {} ms", to_string(timer), tcb_.timer(timer)));
    }
    pass_time(tcb_, passed);
    set_clock();
}

ObservedReply ConnectionReplay::sent_now(const ConcreteSegment& s) const {
    ObservedReply reply = reply_of(s);
    if (clock_offset_ && s.timestamps.present) {
        reply.tsval = s.timestamps.value.value;
        reply.at = now_;
    }
    return reply;
}

/// One of the timers may send this: it fires now.
bool ConnectionReplay::fire_for(const ObservedReply& reply, std::uint32_t until,
                                std::vector<ObservedReply>& model) {
    const std::uint32_t passed = reply.at.value_or(until) - std::min(reply.at.value_or(until), now_);
    for (const TcpTimer timer : {TcpTimer::Retransmit, TcpTimer::Keepalive}) {
        const std::uint32_t due = tcb_.timer(timer);
        if (due == timer_off || earliest(due) > passed || latest(timer) < passed) continue;
        ConnectionReplay fired = *this;
        fired.now_ += passed;
        pass_time(fired.tcb_, passed);
        fired.set_clock();
        const auto step = expire(reading_, endpoint_, fired.tcb_, timer);
        if (step.sent.size() != 1) continue;
        const ObservedReply sent = fired.sent_now(step.sent.front());
        const bool rest = rest_of(reply, sent, tcb_);
        if (!rest && !same_segment(sent, reply)) continue;
        now_ = fired.now_;
        tcb_ = fired.tcb_;
        started_ = now_;
        started_with_ = tcb_.timer(TcpTimer::Retransmit);
        take_syn_timestamp(reply, false);
        model.push_back(rest ? reply : sent);
        if (rule_.empty()) rule_ = step.reason;
        return true;
    }
    return false;
}

void ConnectionReplay::follow_timers(const EndpointObservation& observed, std::vector<ObservedReply>& model,
                                     Comparison& comparison) {
    for (std::size_t next = model.size(); next < observed.replies.size(); ++next)
        if (!fire_for(observed.replies[next], observed.until, model)) break;
    advance(observed.until, comparison);
    // Retransmissions given up: silent, so that nothing but the state tells.
    if (observed.state_after == "NONE" && tcb_.timer(TcpTimer::Retransmit) == 0) {
        ConcreteTcb fired = tcb_;
        const auto step = expire(reading_, endpoint_, fired, TcpTimer::Retransmit);
        if (step.sent.empty() && fired.state == TcpState::Closed) tcb_ = fired;
    }
}

void ConnectionReplay::judge_timer(const EndpointObservation& observed, Comparison& comparison) const {
    if (!observed.timer_recorded) return;
    const auto model = shown_timer(tcb_);
    const auto text = [](std::string_view kind, std::uint32_t ms) {
        return fmt::format("{}, {} ms", kind, ms);
    };
    bool agree = observed.timer.has_value() == model.has_value();
    if (agree && model) {
        const std::uint32_t kernel_ms = observed.timer->ms;
        // Linux does not restart the keepalive timer at each segment: when it fires it looks how long ago the
        // last one came, and waits for the rest.
        const bool lazy = model->first == "keepalive";
        agree = observed.timer->kind == model->first &&
                (lazy || kernel_ms >= earliest(tcb_.timer(model->second))) &&
                kernel_ms <= latest(model->second);
    }
    comparison.judge(Aspect::Timer, agree,
                     observed.timer ? text(observed.timer->kind, observed.timer->ms) : "no timer",
                     model ? text(model->first, tcb_.timer(model->second)) : "no timer");
}

/// The window is the environment's: how much of its buffer an application leaves free.
void ConnectionReplay::follow_window(const EndpointObservation& observed) {
    for (const ObservedReply& reply : observed.replies) {
        if (!reply.window || (reply.flags & flag::ack) == 0 || (reply.flags & flag::rst) != 0) continue;
        const std::uint32_t edge = reply.ack + *reply.window;
        // The model's window does not shrink by the octet that the peer's FIN takes (linux_6_18_sequence()).
        const bool fin_received = tcb_.state == TcpState::CloseWait || tcb_.state == TcpState::Closing ||
                                  tcb_.state == TcpState::LastAck;
        const auto open = static_cast<std::int32_t>(edge - tcb_.rcv_nxt.value) + (fin_received ? 1 : 0);
        tcb_.rcv_wnd = open > 0 ? static_cast<std::uint32_t>(open) : 0;
    }
}

}  // namespace halfopen::conformance
