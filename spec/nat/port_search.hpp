/// How a NAT picks the outside port of a new connection (nf_nat_core.c, get_unique_tuple();
/// nf_nat_l4proto_unique_tuple(), before 4.20 nf_nat_proto_common.c, before that ip_nat_proto_tcp.c).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "spec/tcp/segment.hpp"

namespace halfopen {

/// What is fixed about a NAT's place in the network.
struct NatAddresses {
    std::uint32_t inside_net = 0;
    std::uint32_t inside_mask = 0;
    std::uint32_t outside_ip = 0;  ///< 0: a firewall that tracks, but translates nothing
    /// Outside ports towards the servers that connections outside the model hold.
    std::vector<std::uint16_t> busy_ports;
    /// Client → the one outside port it always gets (a rule with a range of one port for each client).
    std::map<std::uint32_t, std::uint16_t> fixed_ports;
};

/// Where the search for a free port starts.
enum class PortSearch : std::uint8_t {
    Counter,  ///< 2.6.18: a static counter, not advanced past a success
    Rover,    ///< 2.6.31 to 4.20: remembers the last success
    Random,   ///< 5.0 and later
};

/// One port that a search may end at, with its chance: share out of `of`.
struct PortChoice {
    std::uint16_t port = 0;
    std::uint32_t share = 1;
    std::uint32_t of = 1;

    friend bool operator==(const PortChoice&, const PortChoice&) = default;
};

/// first to last, both included.
struct PortRange {
    std::uint16_t first = 0;
    std::uint16_t last = 0;

    std::uint32_t size() const { return std::uint32_t{last} - first + 1U; }
    bool contains(std::uint16_t port) const { return first <= port && port <= last; }
    friend bool operator==(const PortRange&, const PortRange&) = default;
};

/// The class of ports in which the NAT stays: 1..511, 600..1023 for 512..1023, 1024..65535.
PortRange search_range(std::uint16_t original_port);

struct SearchResult {
    /// Deterministic: one.  Random: each interesting free port, and one that stands for all other free ones.
    /// Empty where no port is free: the last candidate is taken and its insertion fails.
    std::vector<PortChoice> choices;
    std::uint16_t search_start = 0;  ///< where the next search starts
};

/// free(port): no entry in any state owns the reply tuple with it.
SearchResult search_port(PortSearch search, PortRange range, std::uint16_t search_start,
                         std::span<const std::uint16_t> interesting,
                         const std::function<bool(std::uint16_t)>& free);

}  // namespace halfopen
