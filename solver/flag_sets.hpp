/// The flags of the segments that policies are asked about.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "spec/tcp/segment.hpp"

namespace halfopen {

/// One of each class, and what a segment's class does not tell.
inline constexpr std::array<std::uint8_t, 9> flag_sets{flag::syn,
                                                       flag::syn | flag::ack,
                                                       flag::fin | flag::ack,
                                                       flag::fin,
                                                       flag::ack,
                                                       flag::rst,
                                                       flag::rst | flag::ack,
                                                       0,
                                                       flag::syn | flag::fin};

/// Those without SYN and FIN together, which no stack sends.
inline constexpr std::span<const std::uint8_t> flag_sets_of_stacks = std::span(flag_sets).first<8>();

}  // namespace halfopen
