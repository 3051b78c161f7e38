#include "conformance/arriving_segment.hpp"

namespace halfopen::conformance {

ConcreteSegment arriving(const ObservedSegment& observed, const Address& source, const Address& destination) {
    const bool acks = (observed.flags & flag::ack) != 0;
    ConcreteSegment segment{
        source,          destination,    observed.flags, {observed.seq, 0}, {acks ? observed.ack : 0, 0},
        observed.window, observed.length};
    if (observed.tsval) segment.timestamps = {true, Number{*observed.tsval, 0}, Number{*observed.tsecr, 0}};
    return segment;
}

}  // namespace halfopen::conformance
