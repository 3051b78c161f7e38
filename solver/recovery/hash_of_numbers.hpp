/// Tables by lists of numbers.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace halfopen {

struct HashOfNumbers {
    template <class Number>
    std::size_t operator()(const std::vector<Number>& numbers) const {
        const std::string_view bytes(reinterpret_cast<const char*>(numbers.data()),
                                     numbers.size() * sizeof(Number));
        return std::hash<std::string_view>{}(bytes);
    }
};

}  // namespace halfopen
