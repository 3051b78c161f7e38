/// What a run of one connection needs of its timers, step by step (timer_needs.hpp).
#pragma once

#include <span>

#include "solver/recovery/connection.hpp"
#include "solver/recovery/timer_needs.hpp"

namespace halfopen {

/// More is needed of `now` so that no other events than these are possible.
void need_no_others(TimerNeeds& needs, const FairRun& run, const Connection& now,
                    std::span<const FairEvent> events);

/// What is needed before the event, which has left the timers as they are in `after`.
TimerNeeds needs_before(const TimerNeeds& needs, const FairRun& run, const Connection& now,
                        const FairEvent& event, const TimerZone& after);

}  // namespace halfopen
