#include "solver/recovery/run_needs.hpp"

#include <algorithm>

#include "solver/recovery/connection_timers.hpp"

namespace halfopen {

using Kind = FairEvent::Kind;

void need_no_others(TimerNeeds& needs, const FairRun& run, const Connection& now,
                    std::span<const FairEvent> events) {
    const bool at_once = in_flight(now);
    const bool with_ties = run.ties() == TimerZone::Ties::Possible;
    for (std::size_t slot = 0; slot < TimerZone::slots; ++slot) {
        const bool takes_place = std::any_of(events.begin(), events.end(), [&](const FairEvent& event) {
            return event.kind != Kind::Deliver && slot_of(event) == slot;
        });
        if (!now.times.runs(slot) || takes_place) continue;
        if (!at_once) needs.need_not_first(now.times, slot, run.ties());
        // Others are left out whether they are due or not: what arrives commutes with them, or they are of
        // unknown age.
        else if ((now.times.exact(slot) || with_ties) &&
                 now.times.bound(TimerZone::zero, slot) <= TimerZone::below(0))
            needs.need_not_due(slot);
    }
}

TimerNeeds needs_before(const TimerNeeds& needs, const FairRun& run, const Connection& now,
                        const FairEvent& event, const TimerZone& after) {
    if (event.kind != Kind::Deliver) {
        const TimerZone::Expiry expiry{slot_of(event), in_flight(now), run.ties()};
        TimerZone then = now.times;
        then.comes_next(expiry);
        then.expire(expiry.slot);
        return needs.before_starts(then, after).before_expiry(now.times, expiry);
    }
    TimerNeeds before = needs.before_starts(now.times, after);
    // A NAT may look at what its mapping has left (nf_tcp_handle_invalid()).
    if ((event.hop == Hop::ToNat || event.hop == Hop::FromServer) && now.times.runs(entry_slot)) {
        if (now.times.exact(entry_slot))
            before.need_exactly(now.times, entry_slot);
        else if (after.runs(entry_slot) && !after.exact(entry_slot))
            before.need(TimerZone::zero, entry_slot, now.times.bound(TimerZone::zero, entry_slot));
    }
    return before;
}

}  // namespace halfopen
