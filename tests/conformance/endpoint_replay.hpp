/// Replays what a real kernel did to single segments (see /tests/conformance/vectors) on an endpoint policy.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spec/tcp/endpoint.hpp"

namespace halfopen::conformance {

struct EndpointReply {
    std::uint8_t flags = 0;
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t length = 0;
    std::optional<std::uint32_t> tsecr{};  ///< where it carries a timestamp; TSval is the kernel's clock

    friend bool operator==(const EndpointReply&, const EndpointReply&) = default;
};

/// One line of an endpoint-*.jsonl file.
struct EndpointProbe {
    std::size_t line = 0;
    std::string state;  ///< RFC 9293 name that the set-up aimed at
    std::string seq_class;
    std::string ack_class;
    std::optional<std::uint32_t> rcv_nxt, snd_nxt, snd_una;
    std::uint32_t rcv_wnd = 0;
    std::uint8_t flags = 0;
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t length = 0;
    std::optional<std::uint32_t> ts_recent;  ///< where the connection uses timestamps
    std::optional<std::uint32_t> tsval, tsecr;
    std::string ts_class;
    std::vector<EndpointReply> replies;
    std::string kernel_state_after;
};

/// Throws InputError with file and line where one is not a probe.
std::vector<EndpointProbe> read_probes(const std::filesystem::path& file);

/// What the policy makes of a probe.
struct EndpointPrediction {
    std::vector<EndpointReply> replies;
    std::string kernel_state_after;
    std::string rule;
};

EndpointPrediction predict(const Endpoint& endpoint, const EndpointProbe& probe);

/// True where the kernel did what the policy says.  A SYN-ACK's own sequence number is the kernel's choice
/// where a fresh ISN was drawn, and retransmissions of the endpoint's own segments are left out.
bool agrees(const EndpointProbe& probe, const EndpointPrediction& prediction);

/// "line 17: SYN_RCVD  S. 1001 ack 5 …": the probe, the kernel's answer and the policy's, relative to RCV.NXT
/// and SND.NXT.
std::string describe(const EndpointProbe& probe, const EndpointPrediction& prediction);

}  // namespace halfopen::conformance
