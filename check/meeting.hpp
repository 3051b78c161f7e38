/// The old connection that an attempt runs into.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "spec/world/model.hpp"
#include "spec/world/world.hpp"

namespace halfopen {

/// An old connection at the server that a client's SYN meets.
struct Meeting {
    std::size_t met_client = 0;
    std::uint32_t rcv_nxt = 0;
    auto operator<=>(const Meeting&) const = default;
};

/// Through the mappings that exist now; nothing where they lead to no old connection.
std::optional<Meeting> meeting_of(const Model& model, const World& world, std::size_t client);

}  // namespace halfopen
