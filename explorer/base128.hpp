#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace halfopen::explorer {

/// Appends the number in base 128: least digit first, each in a byte, 128 added to all but the last.
inline void append_base128(std::uint64_t number, std::vector<std::byte>& out) {
    for (; number >= 0x80U; number >>= 7U) out.push_back(static_cast<std::byte>((number & 0x7FU) | 0x80U));
    out.push_back(static_cast<std::byte>(number));
}

}  // namespace halfopen::explorer
