/// The Timestamps option (RFC 7323 §3): what a segment carries of it, and what a connection remembers.
///
/// No absolute time is kept.  A clock is a number that stands still, and a time stamp is its clock's number
/// less the stamp's age in ms: as time passes every stamp on its way or remembered grows older instead.
/// Clocks run at the same rate, so the difference of any two stamps is what it would be otherwise.
#pragma once

#include <cstdint>
#include <optional>

#include "spec/numbers/concrete_reading.hpp"

namespace halfopen {

template <class R>
struct TimestampOption {
    bool present = false;
    typename R::Word value{};  ///< TSval
    typename R::Word echo{};   ///< TSecr; literal 0 where there is nothing to echo

    friend bool operator==(const TimestampOption&, const TimestampOption&) = default;

    bool absent() const { return !present; }
};

template <class R>
struct TimestampMemory {
    bool able = false;          ///< the host has a clock: timestamps are on in its policy
    bool on = false;            ///< offered in our SYN, or agreed upon
    bool known = false;         ///< `recent` has been set
    typename R::Word clock{};   ///< what our TSval would be now
    typename R::Word recent{};  ///< TS.Recent; a listener's: what the host remembers of the sender's address

    friend bool operator==(const TimestampMemory&, const TimestampMemory&) = default;

    bool absent() const { return !able; }
};

/// What our SYNs or SYN-ACKs carried, for a policy that asks whether an answer echoes one of them; before the
/// connection is made only.
template <class R>
struct SynTimestamps {
    bool kept = false;
    typename R::Word
        first{};  ///< TSval of the first: retrans_stamp and snt_tsval_first of Linux, sc_ts of FreeBSD
    typename R::Word newest{};  ///< of the newest SYN-ACK: snt_tsval_last of Linux; a SYN's is not asked for

    friend bool operator==(const SynTimestamps&, const SynTimestamps&) = default;

    bool absent() const { return !kept; }
};

/// A host's clock as its connections are given it.  Of no use to a policy with timestamps off.
template <class R>
using TimestampClock = std::optional<typename R::Word>;

template <class Archive, class T>
requires requires(T& x) {
    x.present;
    x.echo;
}
void fields(Archive& ar, T& x) {
    ar("present", x.present);
    ar("value", x.value);
    ar("echo", x.echo);
}

template <class Archive, class T>
requires requires(T& x) {
    x.first;
    x.newest;
}
void fields(Archive& ar, T& x) {
    ar("kept", x.kept);
    ar("first", x.first);
    ar("newest", x.newest);
}

template <class Archive, class T>
requires requires(T& x) {
    x.able;
    x.recent;
}
void fields(Archive& ar, T& x) {
    ar("able", x.able);
    ar("on", x.on);
    ar("known", x.known);
    ar("clock", x.clock);
    ar("recent", x.recent);
}

}  // namespace halfopen
