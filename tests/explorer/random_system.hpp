#pragma once

#include <algorithm>
#include <random>

#include "explicit_system.hpp"

namespace halfopen::explorer::test {

/// Up to nine states with few edges, so that every verdict is common.
inline ExplicitSystem random_system(std::mt19937& random) {
    const std::uint32_t nodes = 1 + static_cast<std::uint32_t>(random() % 9);
    const std::uint32_t edges = static_cast<std::uint32_t>(random() % (2 * nodes + 1));
    const bool forward = random() % 2 == 0;  // half of the graphs have no cycles, or "bounded" would be rare
    ExplicitSystem system(nodes);
    system.starts = {static_cast<std::uint32_t>(random() % (forward ? 1 : nodes)), 0};
    for (std::uint32_t i = 0; i < edges; ++i) {
        auto from = static_cast<std::uint32_t>(random() % nodes);
        auto to = static_cast<std::uint32_t>(random() % nodes);
        if (forward && from >= to) {
            std::swap(from, to);
        }
        if (!forward || from != to) {
            const auto ms = static_cast<std::uint32_t>(random() % 3);
            const std::uint8_t tags = random() % 4 == 0 ? 1 : 0;
            system.edge(from, to, ms, tags);
        }
    }
    for (std::uint32_t node = 0; node < nodes; ++node) {
        if (random() % 4 == 0 || (forward && system.steps[node].empty() && random() % 8 != 0)) {
            system.goal(node);
        }
    }
    return system;
}

}  // namespace halfopen::explorer::test
