/// Forms of states, written down shortly.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "solver/recovery/state_form.hpp"

namespace halfopen::testing {

inline constexpr std::uint64_t minute = 60'000, day = 24 * 60 * minute;

inline StateForm form(std::vector<std::int64_t> times, std::vector<unsigned> facts = {}) {
    return {{1, 2}, {std::move(times), std::move(facts)}};
}

}  // namespace halfopen::testing
