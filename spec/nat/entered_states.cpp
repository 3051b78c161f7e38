#include "spec/nat/entered_states.hpp"

#include <fmt/format.h>

#include "spec/nat/nat_vocabulary.hpp"
#include "spec/nat/sides.hpp"

namespace halfopen {
namespace {

constexpr std::uint32_t bit(TrackState state) { return 1U << static_cast<unsigned>(state); }

/// What any two sides amount to.
std::uint32_t states_of_sides() {
    std::uint32_t states = 0;
    for (std::size_t a = 0; a < side_state_count; ++a)
        for (std::size_t b = 0; b < side_state_count; ++b)
            states |= bit(state_of_sides(static_cast<SideState>(a), static_cast<SideState>(b)));
    return states;
}

}  // namespace

std::uint32_t entered_states(const Policy& nat) {
    std::uint32_t states = bit(TrackState::None);
    for (const Rule& rule : nat.rules)
        for (const Action& action : rule.actions) {
            const auto verb = static_cast<NatAction>(action.verb);
            if (verb == NatAction::Enter) states |= 1U << action.state;
            if (verb == NatAction::MoveSides || verb == NatAction::MoveSidesLoosely)
                states |= states_of_sides();
        }
    return states;
}

std::optional<std::string> why_never_in(const Policy& nat, TrackState state) {
    const std::uint32_t entered = entered_states(nat);
    if ((entered & bit(state)) != 0) return std::nullopt;
    std::string names;
    for (std::size_t i = 0; i < track_state_names.size(); ++i)
        if ((entered >> i & 1U) != 0)
            names += (names.empty() ? "" : ", ") + std::string(track_state_names[i]);
    return fmt::format("no rule of {} enters {}; its states are {}", nat.name, to_string(state), names);
}

}  // namespace halfopen
