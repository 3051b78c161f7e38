/// When a client has its connection back (design §6).
#pragma once

#include <boost/container/static_vector.hpp>
#include <optional>

#include "spec/world/model.hpp"
#include "spec/world/world.hpp"

namespace halfopen {

/// A client's working connection: where each part of it stands.
struct WorkingPath {
    struct Hop {
        std::uint8_t nat = 0;
        std::size_t entry = 0;
    };
    boost::container::static_vector<Hop, 8> hops;
    std::uint8_t server = 0;
    std::size_t connection = 0;  ///< index into the server's connections
};

/// The source address of the client's connection at each hop outwards: its own, then what each NAT makes of
/// it, as far as mappings exist.
boost::container::static_vector<Address, 9> source_addresses(const Model& model, const World& world,
                                                             std::size_t client);

/// The client's address as the server sees it, through the mappings that exist now; nothing where one is
/// missing.
std::optional<Address> outside_address(const Model& model, const World& world, std::size_t client);

/// Nothing unless the client's connection is ESTABLISHED at both ends, with numbers that agree and nothing
/// unanswered (data, keepalive probes), through mappings that are ESTABLISHED.
std::optional<WorkingPath> working_path(const Model& model, const World& world, std::size_t client);

/// Whether the client has its connection back after the faults that have been.
bool has_recovered(const Model& model, const World& world, std::size_t client);

/// Every client has its connection back, and nothing is on its way.
bool all_have_recovered(const Model& model, const World& world);

/// Bit 0: every client has recovered after the last fault and nothing is on its way; bit 1 + i: client i has
/// its connection back, whether or not a fault is to come that takes it again.
std::uint32_t recovery_marks(const Model& model, const World& world);

}  // namespace halfopen
