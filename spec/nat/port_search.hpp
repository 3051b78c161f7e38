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
    Random,   ///< 5.0 and later; most others
    Lowest,   ///< always at the range's start
};

/// When a connection keeps its own source port.
enum class PortPreservation : std::uint8_t {
    IfFree,
    IfFreeInRange,  ///< … and if it lies in the range from which ports are taken
    Never,
    OrFail,  ///< always, or else its segments are dropped (static-port of pf)
};

/// Whether a client's port keeps its mapping towards further destinations.
enum class MappingReuse : std::uint8_t {
    ReusedWhereFree,  ///< find_appropriate_src() of nf_nat_core.c
    EndpointIndependent,
    PerConnection,
};

/// Whose segments from outside find a mapping that is there for another destination.
enum class Filtering : std::uint8_t { Connection, Address, EndpointIndependent };

struct PortChoiceSettings {
    PortSearch search = PortSearch::Counter;
    PortPreservation preservation = PortPreservation::IfFree;
    MappingReuse mapping = MappingReuse::ReusedWhereFree;
    Filtering filtering = Filtering::Connection;
    bool overloading = true;  ///< one outside port serves several clients, towards different destinations
    bool parity = false;      ///< an odd port stays odd, an even one even (RFC 4787 section 4.2.2)
    std::uint16_t first = 0;  ///< of the range that is searched; 0: the class of the client's port
    std::uint16_t last = 0;
    std::uint16_t per_client = 0;  ///< size of the block that each inside address has to itself; 0: shared
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

/// The class of ports in which a Linux NAT stays: 1..511, 600..1023 for 512..1023, 1024..65535.
PortRange search_range(std::uint16_t original_port);
/// Where the outside ports of an inside address and port come from.
PortRange port_range(const PortChoiceSettings& settings, const NatAddresses& addresses,
                     const Address& inside);

/// Whether a connection keeps its source port where that is free (always, with OrFail).
bool keeps_port(PortPreservation preservation, PortRange range, std::uint16_t port);

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
