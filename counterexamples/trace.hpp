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

/// From a world's time stamps, whose clocks stand still, to those that the wire shows `elapsed` ms after the
/// trace began.
inline void set_clocks(ConcreteSegment& segment, std::uint64_t elapsed) {
    TimestampOption<ConcreteReading>& option = segment.timestamps;
    if (!option.present) return;
    option.value.value += static_cast<std::uint32_t>(elapsed);
    if (option.echo.origin != 0) option.echo.value += static_cast<std::uint32_t>(elapsed);
}

}  // namespace halfopen
