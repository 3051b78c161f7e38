/// Recorded behaviour of a kernel's NAT (one JSON object a line, vectors/conntrack-*.jsonl), and its
/// comparison with the model.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spec/nat/nat.hpp"

namespace halfopen::conformance {

struct ObservedEntry {
    std::string state;
    std::uint32_t timeout = 0;  ///< s, rounded down
    bool assured = false;
    bool unreplied = false;
};

struct ObservedStep {
    std::uint8_t direction = original;
    std::uint8_t flags = 0;
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t window = 0;
    std::uint32_t length = 0;
    bool forwarded = false;
    std::optional<Address> source;             ///< as it came out; ports are not recorded inbound
    std::optional<std::uint32_t> destination;  ///< as it came out
    std::optional<ObservedEntry> entry;        ///< afterwards
};

struct ObservedSequence {
    std::string name;  ///< "script 17, seed 1001"
    bool be_liberal = false;
    bool ignore_invalid_rst = false;
    bool loose = true;
    std::uint16_t client_port = 0;
    std::vector<ObservedStep> steps;
};

std::vector<ObservedSequence> read_conntrack_vectors(const std::filesystem::path& file);

/// What the model does otherwise than the kernel did, one line each; stops at a sequence's first segment that
/// differs, because everything behind it follows.
std::vector<std::string> replay(const Policy& policy, const ObservedSequence& sequence);

}  // namespace halfopen::conformance
