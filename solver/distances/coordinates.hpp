/// Sums of numbers as distances between places on the circle.
///
/// A number is a place, as far from 0 as it says; or what is to be added to another number to come to a
/// place, as an ISS that is told by its distance from RCV.NXT.  Once it is known which is which, a sum that a
/// predicate compares is nearly always the distance from one place up to another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace halfopen {

/// Numbers by their indices, in that order, each times what it is with, which is not 0.
using NumberSum = std::vector<std::pair<std::size_t, std::int64_t>>;

/// What a number is: the distance from the place of another one, or from 0, up to its own; or down.
struct Coordinate {
    std::optional<std::size_t> from{};
    bool down = false;
};
using Coordinates = std::vector<Coordinate>;  ///< by number

/// Places: 0 of zero, else that of the number of one less.
struct Ends {
    std::size_t from = 0, to = 0;
};
inline std::size_t place_of(std::optional<std::size_t> number) { return number ? *number + 1 : 0; }

/// Between which places the sum is the distance.
std::optional<Ends> ends(const NumberSum& sum, const Coordinates& coordinates);

/// Changes coordinates so that each sum has ends().  False, and nothing is changed, where no way to is found.
bool fit(Coordinates& coordinates, const std::vector<NumberSum>& sums);

}  // namespace halfopen
