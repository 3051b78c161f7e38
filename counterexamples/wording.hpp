/// Short words and directions that drawn charts share.
#pragma once

#include <string>

#include "counterexamples/story.hpp"

namespace halfopen {

/// "SYN 1200000000", "ACK 1700000000 ack 1000000000": a segment beside an arrow that shows its way.
std::string short_form(const ConcreteSegment& segment);
/// "SYN", "SYN-ACK", "RST", "ACK", "data", "FIN".
std::string_view kind_of(const ConcreteSegment& segment);
/// "181 s", "189.008 s".
std::string clock(std::uint64_t ms);
/// The node next to the sender in whose direction a packet leaves that nobody owns: where it would have to
/// go.
std::size_t lane_towards(const Story& story, const Flight& flight);

}  // namespace halfopen
