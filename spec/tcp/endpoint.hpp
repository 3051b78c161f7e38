/// One TCP endpoint as a deterministic function of its TCB and an event.  Every choice (which ISN, when a
/// timer expires, which segment comes next) is the caller's.
///
/// The functions are templates over a Reading, and pure: run again on the same arguments they do the same, so
/// a symbolic reading may run them once for each answer of decide().
#pragma once

#include <cstdint>
#include <optional>

#include "spec/numbers/reading.hpp"
#include "spec/tcp/endpoint_step.hpp"
#include "spec/tcp/segment.hpp"
#include "spec/tcp/tcb.hpp"

namespace halfopen {

/// A segment arrives.  For a listening port pass a copy of listening(…): if it leaves LISTEN, keep it as a
/// new connection.  For a port nobody listens on pass a TCB in CLOSED: it answers as a host without TCB does.
/// Afterwards the TCB is in CLOSED if and only if the connection is gone.
template <Reading R>
EndpointStep<R> receive(R& r, const Endpoint& endpoint, Tcb<R>& tcb, const Segment<R>& segment,
                        const std::optional<typename R::Word>& fresh_isn = std::nullopt);

/// A timer that was running has expired.
template <Reading R>
EndpointStep<R> expire(R& r, const Endpoint& endpoint, Tcb<R>& tcb, TcpTimer timer);

/// connect(): makes tcb a connection in SYN_SENT, with its SYN sent and the SYN schedule started.  It offers
/// timestamps if the policy has them on and the host's clock is given.
template <Reading R>
EndpointStep<R> connect(R& r, const Endpoint& endpoint, Tcb<R>& tcb, Address local, Address remote,
                        const typename R::Word& isn, const TimestampClock<R>& clock = std::nullopt);

/// write(): length > 0 bytes of data, sent at once.  Only in ESTABLISHED and CLOSE_WAIT; else nothing
/// happens.
template <Reading R>
EndpointStep<R> send(R& r, const Endpoint& endpoint, Tcb<R>& tcb, std::uint32_t length);

/// close(): the application will neither write nor read any more.
template <Reading R>
EndpointStep<R> close(R& r, const Endpoint& endpoint, Tcb<R>& tcb);

/// ABORT of RFC 9293 §3.10.5: a reset with SEQ = SND.NXT goes out where the peer may know the connection, and
/// the TCB is gone.
template <Reading R>
EndpointStep<R> abort(R& r, const Endpoint& endpoint, Tcb<R>& tcb);

/// newest_of_peer: with tcp_tw_recycle, the newest time stamp that the host remembers of the address that the
/// segment to come is from.
template <Reading R>
Tcb<R> listening(R& r, const Endpoint& endpoint, Address local, const TimestampClock<R>& clock = std::nullopt,
                 const std::optional<typename R::Word>& newest_of_peer = std::nullopt);

/// A connection that was idle when a scenario begins: it has carried more than a window each way, its
/// keepalive and idle-close timers have just been started.  With unacknowledged data, outstanding_bytes just
/// before SND.NXT have been sent and their retransmission timer runs.  It uses timestamps if both ends have a
/// clock; the peer's last segment has just come.
template <Reading R>
Tcb<R> established(R& r, const Endpoint& endpoint, Address local, Address remote,
                   const typename R::Word& snd_nxt, const typename R::Word& rcv_nxt,
                   bool unacknowledged_data = false, const TimestampClock<R>& clock = std::nullopt,
                   const TimestampClock<R>& peer_clock = std::nullopt);

/// What established() made, as if it were in another state: SYN_RCVD of a passive open, or any state after
/// ESTABLISHED.  SND.NXT stays what it is: what the state has outstanding (the SYN-ACK, a FIN) lies just
/// before it and its retransmission timer runs.  FIN_WAIT_2 is that of an application which goes on reading
/// (shutdown()), and waits for ever; FIN_WAIT_1, CLOSING and LAST_ACK are of one that has closed.
template <Reading R>
void put_into_state(R& r, const Endpoint& endpoint, Tcb<R>& tcb, TcpState state);

}  // namespace halfopen

#include "spec/tcp/endpoint_calls.hpp"
#include "spec/tcp/endpoint_receive.hpp"
#include "spec/tcp/endpoint_timers.hpp"
