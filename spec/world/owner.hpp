/// Whose connection is it?
#pragma once

#include <cstddef>
#include <cstdint>

#include "spec/numbers/comparison.hpp"

namespace halfopen {

/// Whose connection something belongs to: a client's index, of_old(client) for the one that a client had when
/// the run began, or nobody.
using Owner = std::uint8_t;
inline constexpr Owner nobody = 0xFF;
constexpr Owner of_old(std::size_t client) { return static_cast<Owner>(0x80U | client); }
constexpr bool is_old(Owner owner) { return owner != nobody && (owner & 0x80U) != 0; }
constexpr std::size_t client_of(Owner owner) { return owner & 0x7FU; }

/// Whose connection a number of that role opened.
Owner opener_of(OriginRole role);

}  // namespace halfopen
