#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "explorer/search.hpp"

/// A transition system given by its graph, for tests: node n of the list is state n.
namespace halfopen::explorer::test {

struct Arrow {
    std::uint32_t to;
    std::uint32_t ms;
    std::uint8_t bits;

    [[nodiscard]] std::uint32_t duration() const { return ms; }
    [[nodiscard]] std::uint8_t tags() const { return bits; }
};

inline void pack_number(std::uint32_t number, PackedState& out) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out.push_back(static_cast<std::byte>((number >> shift) & 0xFFU));
    }
}

inline std::uint32_t unpack_number(std::span<const std::byte> bytes) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        number |= std::to_integer<std::uint32_t>(bytes[i]) << (8 * i);
    }
    return number;
}

struct ExplicitSystem {
    using State = std::uint32_t;
    using Label = Arrow;

    std::vector<std::vector<Arrow>> steps;  // per state
    std::vector<std::uint32_t> node_marks;  // per state
    std::vector<std::uint32_t> starts{0};

    explicit ExplicitSystem(std::size_t states) : steps(states), node_marks(states, 0) {}

    ExplicitSystem& edge(std::uint32_t from, std::uint32_t to, std::uint32_t ms = 0, std::uint8_t tags = 0) {
        steps[from].push_back({to, ms, tags});
        return *this;
    }
    ExplicitSystem& goal(std::uint32_t state) {
        node_marks[state] |= goal_mark;
        return *this;
    }

    void initial(auto&& sink) const {
        for (const std::uint32_t state : starts) {
            sink(state);
        }
    }
    void successors(State state, auto&& sink) const {
        for (const Arrow& step : steps[state]) {
            sink(step, step.to);
        }
    }
    [[nodiscard]] std::uint32_t marks(State state) const { return node_marks[state]; }
    void pack(State state, PackedState& out) const { pack_number(state, out); }
    [[nodiscard]] State unpack(std::span<const std::byte> bytes) const { return unpack_number(bytes); }

    [[nodiscard]] StateGraph graph() { return explore(*this).graph; }
};

}  // namespace halfopen::explorer::test
