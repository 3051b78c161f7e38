/// What the analyses of decision tables speak of: kinds of segments in states, and concrete instances of
/// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "spec/nat/conntrack_entry.hpp"
#include "spec/policy/policy.hpp"
#include "spec/tcp/segment.hpp"
#include "spec/tcp/tcb.hpp"

namespace halfopen {

/// Whether a connection uses timestamps (RFC 7323), and whether the segment has one then.
enum class TimestampUse : std::uint8_t { Off, Missing, Present };

/// A state, and all of a segment that is not a number.
struct PolicyCase {
    std::size_t state = 0;                        ///< of the vocabulary
    std::uint8_t direction = direction_original;  ///< NATs: or direction_reply
    std::uint8_t flags = 0;
    std::uint32_t length = 0;  ///< of data
    TimestampUse timestamps = TimestampUse::Off;

    SegmentClass segment() const { return segment_class(flags); }
};

/// A segment, and what it meets.
struct PolicyWitness {
    PolicyCase at;
    ConcreteSegment segment;
    std::optional<ConcreteTcb> tcb;                        ///< of an endpoint
    std::optional<ConntrackEntry<ConcreteReading>> entry;  ///< of a NAT
};

}  // namespace halfopen
