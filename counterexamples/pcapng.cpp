#include "counterexamples/pcapng.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "counterexamples/packet_bytes.hpp"
#include "counterexamples/wording.hpp"

namespace halfopen {

namespace {

// draft-ietf-opsawg-pcapng §4; everything in the byte order of the section header, here little-endian.
constexpr std::uint32_t section_header = 0x0A0D0D0A, interface_description = 1, enhanced_packet = 6;
constexpr std::uint16_t option_end = 0, option_comment = 1, option_name = 2, option_description = 3,
                        option_application = 4, option_resolution = 9;
constexpr std::uint16_t link_type_raw_ipv4 = 228;  // LINKTYPE_IPV4: no link layer, as nothing here has one

void put16_little(std::string& bytes, std::uint32_t value) {
    bytes += static_cast<char>(value & 0xFFU);
    bytes += static_cast<char>(value >> 8U & 0xFFU);
}
void put32_little(std::string& bytes, std::uint32_t value) {
    put16_little(bytes, value & 0xFFFFU);
    put16_little(bytes, value >> 16U);
}
void pad(std::string& bytes) {
    while (bytes.size() % 4 != 0) bytes += '\0';
}
void option(std::string& bytes, std::uint16_t code, std::string_view value) {
    // The length field has 16 bits; no text of ours comes near, one of a foreign file may.
    value = value.substr(0, 60'000);
    put16_little(bytes, code);
    put16_little(bytes, static_cast<std::uint32_t>(value.size()));
    bytes += value;
    pad(bytes);
}
std::string block(std::uint32_t type, const std::string& body) {
    const auto length = static_cast<std::uint32_t>(body.size() + 12);
    std::string bytes;
    put32_little(bytes, type);
    put32_little(bytes, length);
    bytes += body;
    put32_little(bytes, length);
    return bytes;
}

/// Where one could capture.
struct VantagePoint {
    std::size_t node;
    bool outside;  ///< of a NAT
};

class Capture {
   public:
    explicit Capture(const Story& story) : story_(story) {
        for (std::size_t i = 0; i < story.nodes.size(); ++i) {
            points_.push_back({i, false});
            if (story.nodes[i].kind == StoryNode::Kind::Nat) points_.push_back({i, true});
        }
    }

    std::string write() {
        header();
        const auto all = flights(story_);
        struct Sighting {
            std::size_t step;
            bool arrival;  ///< after what the step before sent, before what its own step sends
            const Flight* flight;
        };
        std::vector<Sighting> sightings;
        for (const Flight& flight : all) {
            if (flight.sent_by < story_.steps.size()) sightings.push_back({flight.sent_by, false, &flight});
            if (flight.ended_by && flight.fate == Flight::Fate::Delivered)
                sightings.push_back({*flight.ended_by, true, &flight});
        }
        std::stable_sort(sightings.begin(), sightings.end(), [](const Sighting& a, const Sighting& b) {
            return a.step != b.step ? a.step < b.step : a.arrival > b.arrival;
        });
        for (const Sighting& seen : sightings) {
            const Flight& flight = *seen.flight;
            const std::size_t node = seen.arrival ? *flight.to : flight.from;
            const std::size_t other = seen.arrival ? flight.from
                                      : flight.to  ? *flight.to
                                                   : lane_towards(story_, flight);
            packet(point(node, other), flight, seen.step, seen.arrival);
        }
        return std::move(bytes_);
    }

   private:
    void header() {
        std::string body;
        put32_little(body, 0x1A2B3C4D);
        put16_little(body, 1);
        put16_little(body, 0);
        put32_little(body, 0xFFFFFFFF);  // length of the section: not given
        put32_little(body, 0xFFFFFFFF);
        option(body, option_comment,
               fmt::format("{}: {}. Verdict: {}. Each packet is there at each place that it passes.",
                           story_.scenario, story_.title, story_.verdict));
        option(body, option_application, "halfopen");
        option(body, option_end, {});
        bytes_ += block(section_header, body);
        for (const VantagePoint& at : points_) {
            const StoryNode& node = story_.nodes[at.node];
            std::string description;
            put16_little(description, link_type_raw_ipv4);
            put16_little(description, 0);
            put32_little(description, 0);  // no limit to a packet's length
            option(description, option_name, name(at));
            option(description, option_description,
                   fmt::format("{}, {}", ip_to_string(node.ip), node.policy));
            option(description, option_resolution, std::string(1, '\6'));  // microseconds
            option(description, option_end, {});
            bytes_ += block(interface_description, description);
        }
    }
    std::string name(const VantagePoint& at) const {
        const StoryNode& node = story_.nodes[at.node];
        if (node.kind != StoryNode::Kind::Nat) return node.name;
        return node.name + (at.outside ? " outside" : " inside");
    }
    /// The place at `node` that faces `other`.
    std::uint32_t point(std::size_t node, std::size_t other) const {
        const StoryNode& at = story_.nodes[node];
        const bool inwards = story_.nodes[other].behind == at.name ||
                             (other < node && story_.nodes[other].kind == StoryNode::Kind::Client);
        const bool outside = at.kind == StoryNode::Kind::Nat && !inwards;
        const auto found = std::find_if(points_.begin(), points_.end(), [&](const VantagePoint& p) {
            return p.node == node && p.outside == outside;
        });
        return static_cast<std::uint32_t>(found - points_.begin());
    }
    std::string comment(const Flight& flight, std::size_t index, bool arrival) const {
        const StoryStep& step = story_.steps[index];
        std::string text = fmt::format("step {}: ", index);
        const std::string& actor = story_.nodes[*step.actor].name;
        if (step.kind == Step::Kind::Duplicate) return text + "duplicated on the way";
        const StoryRule* rule = step.host_rule ? &*step.host_rule : step.rule ? &*step.rule : nullptr;
        text += arrival ? actor + " receives it" : actor + " sends it";
        if (step.outcome && arrival)
            text += fmt::format(": {}", outcome_names[static_cast<std::size_t>(*step.outcome)]);
        if (!step.text.empty()) text += "; " + step.text;
        if (rule != nullptr) text += fmt::format(" [{}; {}:{}]", rule->id, rule->file, rule->line);
        if (!arrival && flight.fate == Flight::Fate::NoOwner)
            text += "; seen here last: nobody on the way owns its destination";
        if (!arrival && flight.fate == Flight::Fate::Lost)
            text += fmt::format("; seen here last: lost on the way to {} (step {})",
                                story_.nodes[*flight.to].name, *flight.ended_by);
        if (arrival && step.sent.empty() && step.outcome && *step.outcome != NatOutcome::Forwarded)
            text += "; seen here last";
        return text;
    }
    void packet(std::uint32_t interface, const Flight& flight, std::size_t index, bool arrival) {
        // Steps of one instant follow each other by a microsecond, so that every reader keeps their order.
        const std::uint64_t at = story_.steps[index].at * 1000;
        last_ = std::max(last_ + 1, at);
        const std::string packet =
            packet_bytes(flight.segment, static_cast<std::uint16_t>(flight.sent_by + 1));
        std::string body;
        put32_little(body, interface);
        put32_little(body, static_cast<std::uint32_t>(last_ >> 32U));
        put32_little(body, static_cast<std::uint32_t>(last_ & 0xFFFFFFFFU));
        put32_little(body, static_cast<std::uint32_t>(packet.size()));
        put32_little(body, static_cast<std::uint32_t>(packet.size()));
        body += packet;
        pad(body);
        option(body, option_comment, comment(flight, index, arrival));
        option(body, option_end, {});
        bytes_ += block(enhanced_packet, body);
    }

    const Story& story_;
    std::vector<VantagePoint> points_;
    std::string bytes_;
    std::uint64_t last_ = 0;
};

}  // namespace

std::string pcapng(const Story& story) { return Capture(story).write(); }

}  // namespace halfopen
