#include "counterexamples/wording.hpp"

#include <fmt/format.h>

namespace halfopen {

std::string_view kind_of(const ConcreteSegment& segment) {
    switch (segment_class(segment.flags)) {
        case SegmentClass::Syn:
            return "SYN";
        case SegmentClass::SynAck:
            return "SYN-ACK";
        case SegmentClass::Fin:
            return "FIN";
        case SegmentClass::Rst:
            return segment.has(flag::ack) ? "RST-ACK" : "RST";
        case SegmentClass::Ack:
            return segment.length > 0 ? "data" : "ACK";
        case SegmentClass::None:
            break;
    }
    return "no flags";
}

std::string short_form(const ConcreteSegment& segment) {
    std::string text = fmt::format("{} {}", kind_of(segment), segment.seq.value);
    if (segment.length > 0) text += fmt::format(":{}", segment.seq.value + segment.length);
    if (segment.has(flag::ack)) text += fmt::format(" ack {}", segment.ack.value);
    return text;
}

std::string clock(std::uint64_t ms) {
    return ms % 1000 == 0 ? fmt::format("{} s", ms / 1000) : fmt::format("{}.{:03} s", ms / 1000, ms % 1000);
}

std::size_t lane_towards(const Story& story, const Flight& flight) {
    const std::uint32_t ip = flight.segment.destination.ip;
    // Its owner, if there is one somewhere; otherwise outwards from a client, inwards from a server.
    std::optional<std::size_t> owner;
    for (std::size_t i = 0; i < story.nodes.size(); ++i) {
        if (story.nodes[i].ip == ip) owner = i;
    }
    if (!owner) owner = story.nodes[flight.from].kind == StoryNode::Kind::Server ? 0 : story.nodes.size() - 1;
    if (*owner == flight.from) return flight.from;
    // A NAT's leak towards a client or server goes to the lane itself, however many lanes lie between.
    return *owner;
}

}  // namespace halfopen
