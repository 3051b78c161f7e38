/// A segment that an off-path attacker sends in the peer's name, and what it makes of an established
/// connection: the endpoint's own step, read on any numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "solver/policy_case.hpp"
#include "spec/tcp/endpoint.hpp"

namespace halfopen {

/// How a spoofed segment ends the connection.
enum class ConnectionEnd : std::uint8_t {
    Deleted,   ///< the TCB is gone, as after a reset
    Replaced,  ///< the TCB has become that of another connection
    Closed     ///< the application is told that the peer has sent its FIN
};
std::string_view to_string(ConnectionEnd end);

/// The length of a spoofed segment with data: an Ethernet's worth.
inline constexpr std::uint32_t spoofed_length = 1460;

/// All of it that is no number.
struct SpoofedKind {
    std::uint8_t flags = 0;
    std::uint32_t length = 0;
    TimestampUse timestamps = TimestampUse::Off;
};

/// Those that are looked into; with timestamps in the policy the connection has them.
std::vector<SpoofedKind> spoofed_kinds(const Endpoint& endpoint);

/// What the attacker does not know, and what he guesses.
template <class R>
struct SpoofNumbers {
    typename R::Word rcv_nxt, snd_nxt, recent, clock, fresh_isn;
    typename R::Word seq, ack, stamp;
};

struct SpoofOutcome {
    std::optional<ConnectionEnd> end;
    const Rule* rule = nullptr;
};

/// On an idle connection that has carried more than a window each way; its receive window is the policy's.
template <Reading R>
SpoofOutcome spoof(R& r, const Endpoint& endpoint, const SpoofedKind& kind, const SpoofNumbers<R>& numbers) {
    constexpr Address here{0xc0000202, 2049}, there{0xc0000201, 903};
    const bool stamps = kind.timestamps != TimestampUse::Off;
    const TimestampClock<R> clock = stamps ? TimestampClock<R>(numbers.clock) : std::nullopt;
    const TimestampClock<R> peer = stamps ? TimestampClock<R>(numbers.recent) : std::nullopt;
    Tcb<R> tcb = established(r, endpoint, here, there, numbers.snd_nxt, numbers.rcv_nxt, false, clock, peer);
    Segment<R> segment;
    segment.source = there;
    segment.destination = here;
    segment.flags = kind.flags;
    segment.seq = numbers.seq;
    segment.ack = segment.has(flag::ack) ? numbers.ack : r.literal(0);
    segment.window = r.size(endpoint.settings().rcv_wnd);
    segment.length = kind.length;
    if (kind.timestamps == TimestampUse::Present) segment.timestamps = {true, numbers.stamp, r.literal(0)};
    const EndpointStep<R> step = receive(r, endpoint, tcb, segment, std::optional(numbers.fresh_isn));
    SpoofOutcome outcome{std::nullopt, step.rule};
    if (tcb.state == TcpState::Closed)
        outcome.end = ConnectionEnd::Deleted;
    else if (!synchronized(tcb.state))
        outcome.end = ConnectionEnd::Replaced;
    else if (step.event == ConnectionEvent::Closed)
        outcome.end = ConnectionEnd::Closed;
    return outcome;
}

}  // namespace halfopen
