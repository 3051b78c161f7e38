/// A 32-bit serial number that remembers where it came from.
///
/// Every sequence number in a run is some freshly drawn number (an *origin*: an ISN, or a literal of the
/// protocol such as the 0 in a reset's acknowledgement field) plus what has been added to it since.  The
/// explorer computes with the real 32-bit value; the origin tells the solver which draw a comparison depends
/// on.
#pragma once

#include <cstdint>

namespace halfopen {

/// Index into a world's table of origins.  Slot 0 is the literal zero and is always there.
using OriginSlot = std::uint8_t;

struct Number {
    std::uint32_t value = 0;  ///< as on the wire
    OriginSlot origin = 0;

    friend constexpr bool operator==(const Number&, const Number&) = default;
};

}  // namespace halfopen
