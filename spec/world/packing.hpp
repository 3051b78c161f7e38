/// Worlds as short canonical byte strings: equal worlds give equal bytes.  Everything goes by the fields()
/// lists.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "spec/world/world.hpp"

namespace halfopen {

/// Appends.  About 150 bytes for two clients, a NAT and a server.
void pack_world(const World& world, std::vector<std::byte>& out);
/// Precondition: bytes came from pack_world.
World unpack_world(std::span<const std::byte> bytes);
/// Into a world that has been used before, whose memory serves again.
void unpack_world(std::span<const std::byte> bytes, World& world);

}  // namespace halfopen
