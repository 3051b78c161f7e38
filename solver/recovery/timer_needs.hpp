/// What the runs that come after a state need of its timers in order to be the ones that they are, so that
/// from any other times that meet this the same events come in the same orders.
///
/// Most orders of two timers that know nothing of each other differ in nothing but the distance that they
/// leave behind.  A zone that was followed stands for all that meet the needs of its runs: as with
/// interpolants, what a run needs is carried back over its steps (Herbreteau, Srivathsan, Walukiewicz, "Lazy
/// abstractions for timed automata", CAV 2013, for the bounds of clocks).  The same numbers and flags and, of
/// each two timers, whether their distance is known are taken for granted (StateForm::shape).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "solver/recovery/timer_zone.hpp"

namespace halfopen {

class TimerNeeds {
   public:
    /// That the one has no more left than the other and so much, as a bound of a TimerZone.
    void need(std::size_t longer, std::size_t shorter, std::int64_t bound);
    /// That a timer has just what it has.
    void need_exactly(const TimerZone& now, std::size_t slot);
    /// That the timer, which cannot be one of the first to expire, still cannot.
    void need_not_first(const TimerZone& now, std::size_t slot, TimerZone::Ties ties);
    /// That the timer, which is not due, still is not.
    void need_not_due(std::size_t slot) { need(TimerZone::zero, slot, TimerZone::below(0)); }
    /// A run ends so long after that timer would expire, ms; TimerZone::zero: from now.
    void end_after(std::size_t slot, std::uint64_t ms);

    /// All that either needs.
    void join(const TimerNeeds& other);
    bool are_met_by(const TimerZone& now) const;
    /// The most that the runs from there can take, ms.  May be more than any does.
    std::uint64_t longest_ms(const TimerZone& now) const;

    /// What was needed before timers were started and stopped: `before` became `after`, and these are the
    /// needs then.  Those that are needed of a timer that was started hold whatever was before, as its times
    /// say.
    TimerNeeds before_starts(const TimerZone& before, const TimerZone& after) const;
    /// What was needed before the timer expired.
    TimerNeeds before_expiry(const TimerZone& before, const TimerZone::Expiry& expiry) const;

   private:
    struct Bound {
        std::size_t longer, shorter;
        std::int64_t bound;
    };
    struct End {
        std::size_t slot;
        std::uint64_t ms;
    };
    void need_where_it_expires(const TimerZone& now, const TimerZone::Expiry& expiry, const Bound& wanted);

    std::vector<Bound> bounds_;  ///< of each two timers one
    std::vector<End> ends_;      ///< the last ones, of each timer one
};

}  // namespace halfopen
