/// The timestamp clocks of the hosts, and what hosts remember of those of others.
///
/// A clock is an origin that the scenario names (or the environment draws at the very beginning); it stands
/// still, and time stamps grow older (spec/tcp/timestamps.hpp).
#pragma once

#include <cstdint>
#include <vector>

#include "spec/numbers/number.hpp"
#include "spec/tcp/timestamps.hpp"

namespace halfopen {

struct HostClock {
    bool running = false;  ///< the host's policy has timestamps on
    Number now;

    friend bool operator==(const HostClock&, const HostClock&) = default;

    bool absent() const { return !running; }
};

/// What it shows now, for the host's endpoint; nothing where it does not run.
inline TimestampClock<ConcreteReading> clock_of(const HostClock& clock) {
    return clock.running ? TimestampClock<ConcreteReading>(clock.now) : std::nullopt;
}

/// What a host with tcp_tw_recycle remembers of an address: the newest time stamp that it had seen from there
/// when a connection of its own came to TIME_WAIT.
struct PeerStamp {
    std::uint32_t ip = 0;
    Number newest;
    std::uint32_t left = 0;  ///< ms for which it counts: TCP_PAWS_MSL, 60 s

    friend bool operator==(const PeerStamp&, const PeerStamp&) = default;
};

struct PeerStamps {
    std::vector<PeerStamp> list;  ///< by address

    friend bool operator==(const PeerStamps&, const PeerStamps&) = default;

    bool absent() const { return list.empty(); }
};

template <class Archive, class T>
requires requires(T& x) {
    x.running;
    x.now;
}
void fields(Archive& ar, T& x) {
    ar("running", x.running);
    ar("now", x.now);
}

template <class Archive, class T>
requires requires(T& x) {
    x.newest;
    x.left;
}
void fields(Archive& ar, T& x) {
    ar("ip", x.ip);
    ar("newest", x.newest);
    ar("left", x.left);
}

template <class Archive, class T>
requires requires(T& x) { x.list; }
void fields(Archive& ar, T& x) { ar("list", x.list); }

struct World;

/// Every time stamp of the world, on its way or remembered, grows older by ms; what a host remembers of
/// addresses is forgotten in time.
void age_timestamps(World& world, std::uint32_t ms);

/// Stamps older than `oldest` are taken to be that old; where some of them are of SYNs that still wait for an
/// answer, or TSvals on their way, so much older that their order to these is what it was.  Exact for stamps
/// of one clock while none is on its way for so long; of two clocks while they differ by more than any
/// stamp's age (docs/theory.md).
void limit_timestamp_ages(World& world, std::uint32_t oldest);

}  // namespace halfopen
