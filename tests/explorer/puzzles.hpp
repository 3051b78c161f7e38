#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "explorer/transition_system.hpp"

/// Small systems whose state spaces are in the textbooks.
namespace halfopen::explorer::test {

struct NamedStep {
    std::string name;
    std::uint32_t ms = 0;

    [[nodiscard]] std::uint32_t duration() const { return ms; }
    [[nodiscard]] std::uint8_t tags() const { return 0; }
};

/// What the systems below have in common: a state is a short array of small numbers.
template <std::size_t N>
struct ArraySystem {
    using State = std::array<std::uint8_t, N>;
    using Label = NamedStep;

    void pack(const State& state, PackedState& out) const {
        for (const std::uint8_t x : state) {
            out.push_back(std::byte{x});
        }
    }
    [[nodiscard]] State unpack(std::span<const std::byte> bytes) const {
        State state{};
        std::ranges::transform(bytes, state.begin(),
                               [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
        return state;
    }
};

/// Farmer, wolf, goat, cabbage; 0: this bank, 1: the other.
struct RiverCrossing : ArraySystem<4> {
    static bool safe(const State& s) {
        return !(s[1] == s[2] && s[0] != s[1]) && !(s[2] == s[3] && s[0] != s[2]);
    }
    void initial(auto&& sink) const { sink(State{}); }
    void successors(const State& state, auto&& sink) const {
        static const std::array<std::string, 4> names{"alone", "wolf", "goat", "cabbage"};
        for (std::size_t load = 0; load < 4; ++load) {
            if (state[load] == state[0]) {
                State next = state;
                next[0] ^= 1U;
                next[load] = next[0];
                if (safe(next)) {
                    sink(NamedStep{names[load], 10}, next);
                }
            }
        }
    }
    [[nodiscard]] std::uint32_t marks(const State& state) const {
        return std::ranges::count(state, 1) == 4 ? 1U : 0U;
    }
};

/// Jugs of 3 and 5 litres; the goal is 4 litres in the larger.
struct WaterJugs : ArraySystem<2> {
    void initial(auto&& sink) const { sink(State{}); }
    void successors(const State& state, auto&& sink) const {
        const std::uint8_t small = state[0];
        const std::uint8_t large = state[1];
        const std::uint8_t both = static_cast<std::uint8_t>(small + large);
        const auto rest = [both](std::uint8_t size) {
            return static_cast<std::uint8_t>(both > size ? both - size : 0);
        };
        sink(NamedStep{"fill 3"}, State{3, large});
        sink(NamedStep{"fill 5"}, State{small, 5});
        sink(NamedStep{"empty 3"}, State{0, large});
        sink(NamedStep{"empty 5"}, State{small, 0});
        sink(NamedStep{"3 into 5"}, State{rest(5), std::min<std::uint8_t>(both, 5)});
        sink(NamedStep{"5 into 3"}, State{std::min<std::uint8_t>(both, 3), rest(3)});
    }
    [[nodiscard]] std::uint32_t marks(const State& state) const { return state[1] == 4 ? 1U : 0U; }
};

/// Philosophers who take the left fork, then the right one, eat once and leave (Dijkstra, EWD 310).
/// Each is 0: thinking, 1: holding the left fork, 2: eating, 3: gone.  The goal: all are gone.
template <std::size_t N>
struct Philosophers : ArraySystem<N> {
    using State = typename ArraySystem<N>::State;

    /// Fork i lies between philosophers i - 1 (for whom it is the right one) and i.
    static bool fork_free(const State& s, std::size_t i) {
        const std::uint8_t left_user = s[i];
        const std::uint8_t right_user = s[(i + N - 1) % N];
        return left_user != 1 && left_user != 2 && right_user != 2;
    }
    void initial(auto&& sink) const { sink(State{}); }
    void successors(const State& state, auto&& sink) const {
        for (std::size_t i = 0; i < N; ++i) {
            const bool may = state[i] == 0   ? fork_free(state, i)
                             : state[i] == 1 ? fork_free(state, (i + 1) % N)
                                             : state[i] == 2;
            if (may) {
                State next = state;
                ++next[i];
                sink(NamedStep{"philosopher " + std::to_string(i), 1}, next);
            }
        }
    }
    [[nodiscard]] std::uint32_t marks(const State& s) const {
        return std::ranges::count(s, 3) == N ? 1U : 0U;
    }
};

}  // namespace halfopen::explorer::test
