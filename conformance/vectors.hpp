/// Recorded behaviour of real kernels: files of one JSON object a line.  The format is described in
/// tests/conformance/README.md; every function throws InputError ("file:line: …") for what is not in it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/policy/policy.hpp"
#include "spec/tcp/segment.hpp"

namespace halfopen::conformance {

/// A segment as it was injected.
struct ObservedSegment {
    std::uint8_t flags = 0;
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t window = 0;
    std::uint32_t length = 0;
    /// Timestamps option (RFC 7323), where it carries one.
    std::optional<std::uint32_t> tsval{}, tsecr{};
    /// What makes it no segment of the model's (URG, ECE, CWR, TCP options); empty where nothing does.
    std::string outside;
};

/// A segment that an endpoint sent.
struct ObservedReply {
    std::uint8_t flags = 0;
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t length = 0;
    std::optional<std::uint32_t> window{};
    std::optional<std::uint32_t>
        at{};  ///< ms since the sequence began; of a probe's: since its segment was sent
    std::optional<std::uint32_t> tsecr{};  ///< where it carries a timestamp
    std::optional<std::uint32_t> tsval{};  ///< the same: the kernel's clock
};

/// Whether they are the same segment, but for its window, its time and its TSval.
inline bool same_segment(const ObservedReply& a, const ObservedReply& b) {
    return a.flags == b.flags && a.seq == b.seq && a.ack == b.ack && a.length == b.length &&
           a.tsecr == b.tsecr;
}

/// Policy parameters that the recording fixed, by their names.
using Config = std::map<std::string, std::string>;

// --- NAT ---------------------------------------------------------------------------------------------

struct ObservedEntry {
    std::string state;          ///< empty where the tracker has a state for each side instead
    std::uint32_t timeout = 0;  ///< s, rounded down
    bool assured = false;
    bool unreplied = false;
    /// Of a tracker with a state for each side: original, reply.  It shows neither ASSURED nor UNREPLIED.
    std::optional<std::array<std::string, 2>> sides{};
    bool picked_up = false;  ///< Open vSwitch: its first segment was no SYN, so that windows are scaled by 14
};

struct NatObservation {
    bool outbound = true;
    std::size_t client = 0;           ///< who sends it, or through whose mapping it comes
    std::optional<std::uint32_t> at;  ///< ms since the sequence began
    ObservedSegment segment;
    bool forwarded = false;
    std::optional<Address> source;  ///< as it came out
    std::optional<std::uint32_t> destination;
    std::optional<std::uint16_t> destination_port;
    bool entry_recorded = true;
    std::optional<ObservedEntry> entry;                ///< the client's, afterwards
    std::optional<std::vector<ObservedReply>> answer;  ///< the NAT host's own; nothing where not recorded
};

/// A client's connection from before the table was lost.
struct OldConnection {
    std::uint16_t outside_port = 0;
    std::uint32_t snd_nxt = 0, rcv_nxt = 0;       ///< the client's
    std::optional<std::uint32_t> server_snd_nxt;  ///< where it is not the client's RCV.NXT
};

struct NatSequence {
    std::uint32_t line = 0;
    std::string name;
    std::string kernel;
    Config config;                       ///< of the NAT
    Config settings;                     ///< of a scenario in which this is a run, but for the NAT's
    std::vector<std::uint32_t> clients;  ///< their addresses
    std::uint16_t client_port = 0;       ///< the same for all
    bool holds_ports = false;            ///< the outside port of an entry that is gone may stay taken
    std::vector<OldConnection> old;      ///< of an end-to-end run: of each client
    bool recovered = true;               ///< of an end-to-end run: all have their connection back at its end
    std::vector<NatObservation> steps;
};

// --- endpoint ----------------------------------------------------------------------------------------

/// A listener put into a state by hand, then one segment.
struct EndpointProbe {
    std::uint32_t line = 0;
    std::string state;  ///< RFC 9293 name that the set-up aimed at
    std::string seq_class;
    std::string ack_class;
    std::string ts_class;
    std::string tsecr_class;
    std::optional<std::uint32_t> rcv_nxt, snd_nxt, snd_una;
    std::optional<std::uint32_t> ts_recent;            ///< where the connection uses timestamps
    std::optional<std::uint32_t> ts_clock;             ///< the endpoint's clock when the segment was sent
    std::optional<std::uint32_t> ts_first, ts_newest;  ///< TSvals of its first and its newest SYN-ACK
    std::uint32_t rcv_wnd = 0;
    ObservedSegment segment;
    std::vector<ObservedReply> replies;
    std::string state_after;
};

/// What happens to the endpoint in one step of a sequence.
enum class EndpointEvent : std::uint8_t { Segment, Connect, Write, Shutdown, Close, Wait };

struct ObservedTimer {
    std::string kind;      ///< as ss(8) names it: "on", "keepalive", "timewait"
    std::uint32_t ms = 0;  ///< left
};

struct EndpointObservation {
    EndpointEvent event = EndpointEvent::Wait;
    std::uint32_t at = 0;      ///< ms since the sequence began: when it happened
    std::uint32_t until = 0;   ///< when the state after it was read
    std::uint32_t length = 0;  ///< of what is written
    ObservedSegment segment;
    std::vector<ObservedReply> replies;
    std::string state_after;
    std::optional<ObservedTimer> timer;
    bool timer_recorded = false;
};

/// A connection from its first segment on.
struct EndpointSequence {
    std::uint32_t line = 0;
    std::string name;
    std::string kernel;
    Config config;
    bool passive = true;
    std::vector<EndpointObservation> steps;
};

// --- files -------------------------------------------------------------------------------------------

struct Vectors {
    std::string file;
    PolicyKind kind = PolicyKind::Endpoint;
    std::vector<NatSequence> nat_sequences;
    std::vector<EndpointProbe> probes;
    std::vector<EndpointSequence> endpoint_sequences;
};

/// file: for messages.  All lines of a file are about the same kind of party.
Vectors parse_vectors(std::string_view text, const std::string& file);
Vectors read_vectors(const std::filesystem::path& file);

/// "F", "S", "R", "P", "A" in any order, U, E and W for URG, ECE and CWR: as tcpdump names the bits.
struct ParsedFlags {
    std::uint8_t flags = 0;
    std::string outside;
};
std::optional<ParsedFlags> parse_flags(std::string_view letters);

}  // namespace halfopen::conformance
