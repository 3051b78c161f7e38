/// The one list of a segment's members.
#pragma once

#include "spec/tcp/segment.hpp"

namespace halfopen {

/// Calls ar(name, member) for every member.  S is Segment<R> or const Segment<R>.
template <class Archive, class S>
requires requires(S& segment) {
    segment.destination;
    segment.span();
}
void fields(Archive& ar, S& segment) {
    ar("source", segment.source);
    ar("destination", segment.destination);
    ar("flags", segment.flags);
    ar("seq", segment.seq);
    ar("ack", segment.ack);
    ar("window", segment.window);
    ar("length", segment.length);
    ar("timestamps", segment.timestamps);
}

}  // namespace halfopen
