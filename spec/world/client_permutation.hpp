/// Which of the clients stands where.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace halfopen {

inline constexpr std::size_t most_clients = 8;

/// Where each client goes: [i] is the place that client i takes.
struct ClientPermutation {
    std::array<std::uint8_t, most_clients> place{0, 1, 2, 3, 4, 5, 6, 7};

    bool is_identity() const { return *this == ClientPermutation{}; }
    /// This one first, then the next.
    ClientPermutation then(const ClientPermutation& next) const {
        ClientPermutation both;
        for (std::size_t i = 0; i < most_clients; ++i) both.place[i] = next.place[place[i]];
        return both;
    }

    friend bool operator==(const ClientPermutation&, const ClientPermutation&) = default;
};

}  // namespace halfopen
