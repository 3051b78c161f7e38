/// A run as a list of steps, ready to be shown.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "spec/world/model.hpp"
#include "spec/world/step.hpp"
#include "spec/world/world.hpp"

namespace halfopen {

struct TraceStep {
    std::uint64_t at = 0;  ///< ms since the beginning, when the step is done
    Step step;
    World after;
};

struct Trace {
    World initial;
    std::vector<TraceStep> steps;
    /// Where the endless part begins: steps[*loop] follows the last step.  Equal to steps.size() where the
    /// run stands still for ever.
    std::optional<std::size_t> loop;
};

}  // namespace halfopen
