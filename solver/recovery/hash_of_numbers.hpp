/// Tables by lists of numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace halfopen {

struct HashOfNumbers {
    template <class Number>
    std::size_t operator()(const std::vector<Number>& numbers) const {
        std::uint64_t hash = numbers.size();
        for (const std::uint64_t number : numbers) {
            hash = (hash ^ number) * 0x9E37'79B9'7F4A'7C15;  // 2^64 over the golden ratio
            hash ^= hash >> 32U;
        }
        return hash;
    }
};

}  // namespace halfopen
