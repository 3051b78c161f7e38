/// The transmission control block: everything that one end remembers about one connection.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "spec/tcp/linux_memory.hpp"
#include "spec/tcp/segment.hpp"
#include "spec/tcp/send_window.hpp"

namespace halfopen {

/// RFC 9293 §3.3.2, in the order of its diagram.
enum class TcpState : std::uint8_t {
    Closed,
    Listen,
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    Closing,
    LastAck,
    TimeWait
};
inline constexpr std::size_t tcp_state_count = 11;
inline constexpr std::array<std::string_view, tcp_state_count> tcp_state_names{
    "CLOSED",     "LISTEN",     "SYN_SENT", "SYN_RCVD", "ESTABLISHED", "FIN_WAIT_1",
    "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING",  "LAST_ACK", "TIME_WAIT"};
constexpr std::string_view to_string(TcpState state) {
    return tcp_state_names[static_cast<std::size_t>(state)];
}

/// Both ends know the other's numbers, as one of them sees it (RFC 9293 §3.4: a synchronized state).
constexpr bool synchronized(TcpState state) { return state >= TcpState::Established; }

/// TimeWait also times an orphan's FIN_WAIT_2, as TT_2MSL of FreeBSD and tcp_time_wait() of Linux do.
/// ChallengeLimit is the time until challenge ACKs may be sent again without counting the earlier ones.
enum class TcpTimer : std::uint8_t { Retransmit, Keepalive, IdleClose, TimeWait, ChallengeLimit };
inline constexpr std::size_t tcp_timer_count = 5;
inline constexpr std::array<std::string_view, tcp_timer_count> tcp_timer_names{
    "retransmit", "keepalive", "idle close", "time-wait", "challenge limit"};
constexpr std::string_view to_string(TcpTimer timer) {
    return tcp_timer_names[static_cast<std::size_t>(timer)];
}
inline constexpr std::uint32_t timer_off = UINT32_MAX;

/// All that takes no memory beside its own, so that it can be copied as it lies there: a search does that for
/// every successor of every world.
template <class R>
struct TcbVariables {
    Address local;
    Address remote;
    TcpState state = TcpState::Closed;
    bool active_open = false;  ///< connect() made it, not a listener
    bool orphan = false;       ///< the application has closed it and will not read any more
    /// Nothing has acknowledged our SYN.  So in SYN_SENT and SYN_RCVD; Linux takes it further (accept_ack()).
    bool syn_outstanding = false;
    /// SYN_RCVD of a listener: its request has become a connection of its own (`hand over`).
    bool handed_over = false;
    bool unread_text = false;  ///< text that the application has not read yet lies in the receive queue
    /// FIN_WAIT_2 of an orphan that has not shrunk to a mini-socket (`stay full socket`).
    bool full_orphan = false;
    /// Our SYN was sent again, so that nothing has told how long a round trip takes (RFC 6298 §5.7).
    bool no_round_trip = false;
    typename R::Word iss{};
    typename R::Word irs{};
    typename R::Word snd_una{};
    typename R::Word snd_nxt{};
    typename R::Word rcv_nxt{};
    /// The newest acknowledgement number sent: last_ack_sent of FreeBSD, rcv_wup of Linux.
    typename R::Word last_ack_sent{};
    typename R::Size rcv_wnd{};
    typename R::Size max_snd_wnd{};  ///< MAX.SND.WND of RFC 5961 §5.2
    std::uint32_t unacked_data = 0;  ///< bytes of data sent and not yet acknowledged
    std::uint8_t retransmits = 0;    ///< of the SYN, SYN-ACK, data or FIN that is outstanding
    /// SYN_RCVD after crossing SYNs: how many of these had not lengthened the wait (lengthen_from_here()).
    std::uint8_t linear_retransmits = 0;
    /// Doublings of the wait for data that are kept, because what ended the retransmissions did not tell how
    /// long a round trip takes (Karn's algorithm, RFC 6298 §5.7).
    std::uint8_t kept_backoff = 0;
    std::uint8_t keepalive_probes = 0;  ///< sent and not answered
    std::uint8_t challenge_acks = 0;    ///< sent since ChallengeLimit was started
    SendWindow<R> send_window{};
    TimestampMemory<R> timestamps{};
    SynTimestamps<R> syn_timestamps{};
    std::array<std::uint32_t, tcp_timer_count> timers{timer_off, timer_off, timer_off, timer_off, timer_off};

    friend bool operator==(const TcbVariables&, const TcbVariables&) = default;

    std::uint32_t& timer(TcpTimer t) { return timers[static_cast<std::size_t>(t)]; }
    std::uint32_t timer(TcpTimer t) const { return timers[static_cast<std::size_t>(t)]; }
    void stop(TcpTimer t) { timer(t) = timer_off; }
    /// Our FIN is outstanding: the last octet before SND.NXT.
    bool fin_outstanding() const {
        return state == TcpState::FinWait1 || state == TcpState::Closing || state == TcpState::LastAck;
    }
};

template <class R>
struct Tcb : TcbVariables<R> {
    KeptText<R> kept_text{};

    friend bool operator==(const Tcb&, const Tcb&) = default;
};

using ConcreteTcb = Tcb<ConcreteReading>;
static_assert(std::is_trivially_copyable_v<TcbVariables<ConcreteReading>>);

/// Calls ar(name, member) for every member: the one list that packing, display and the search for numbers go
/// by. T is Tcb<R> or const Tcb<R>.
template <class Archive, class T>
requires requires(T& tcb) { tcb.last_ack_sent; }
void fields(Archive& ar, T& tcb) {
    ar("local", tcb.local);
    ar("remote", tcb.remote);
    ar("state", tcb.state);
    ar("active_open", tcb.active_open);
    ar("orphan", tcb.orphan);
    ar("syn_outstanding", tcb.syn_outstanding);
    ar("handed_over", tcb.handed_over);
    ar("unread_text", tcb.unread_text);
    ar("full_orphan", tcb.full_orphan);
    ar("no_round_trip", tcb.no_round_trip);
    ar("iss", tcb.iss);
    ar("irs", tcb.irs);
    ar("snd_una", tcb.snd_una);
    ar("snd_nxt", tcb.snd_nxt);
    ar("rcv_nxt", tcb.rcv_nxt);
    ar("last_ack_sent", tcb.last_ack_sent);
    ar("rcv_wnd", tcb.rcv_wnd);
    ar("max_snd_wnd", tcb.max_snd_wnd);
    ar("unacked_data", tcb.unacked_data);
    ar("retransmits", tcb.retransmits);
    ar("linear_retransmits", tcb.linear_retransmits);
    ar("kept_backoff", tcb.kept_backoff);
    ar("keepalive_probes", tcb.keepalive_probes);
    ar("challenge_acks", tcb.challenge_acks);
    ar("send_window", tcb.send_window);
    ar("kept_text", tcb.kept_text);
    ar("timestamps", tcb.timestamps);
    ar("syn_timestamps", tcb.syn_timestamps);
    ar("timers", tcb.timers);
}

/// Lets ms go by.  The caller sees to it that no running timer has less than that left.
template <class R>
void pass_time(Tcb<R>& tcb, std::uint32_t ms) {
    for (std::uint32_t& left : tcb.timers) {
        if (left != timer_off) left -= ms < left ? ms : left;
    }
}

/// What the timer that expires first has left; timer_off if none is running.
template <class R>
std::uint32_t next_expiry(const Tcb<R>& tcb) {
    std::uint32_t least = timer_off;
    for (const std::uint32_t left : tcb.timers) {
        if (left < least) least = left;
    }
    return least;
}

}  // namespace halfopen
