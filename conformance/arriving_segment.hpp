#pragma once

#include "conformance/vectors.hpp"
#include "spec/tcp/segment.hpp"

namespace halfopen::conformance {

/// A recorded segment as an endpoint gets it; without the ACK bit its field means nothing.
ConcreteSegment arriving(const ObservedSegment& observed, const Address& source, const Address& destination);

}  // namespace halfopen::conformance
