/// Finds stretches of a sequence that repeat themselves.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace halfopen {

/// [first, first + length) of the sequence, which occurs `repeats` times in a row (1: once).
struct Stretch {
    std::size_t first = 0;
    std::size_t length = 1;
    std::size_t repeats = 1;

    friend bool operator==(const Stretch&, const Stretch&) = default;
};

/// Covers the sequence from left to right; at each place takes the shortest period that covers most by
/// repetition.
std::vector<Stretch> fold(std::span<const std::string> shapes);

}  // namespace halfopen
