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
    TimerZone then = now.times;
    const bool at_once = in_flight(now);
    if (event.kind != Kind::Deliver) {
        const std::size_t slot = slot_of(event);
        if (at_once)
            then.is_due(slot);
        else
            then.is_first(slot, run.ties());
        then.expire(slot);
    }
    TimerNeeds before = needs.before_starts(then, after);
    // A NAT may look at what its mapping has left (nf_tcp_handle_invalid()).
    if (event.kind == Kind::Deliver && (event.hop == Hop::ToNat || event.hop == Hop::FromServer) &&
        then.runs(entry_slot)) {
        if (then.exact(entry_slot))
            before.need_exactly(then, entry_slot);
        else if (after.runs(entry_slot) && !after.exact(entry_slot))
            before.need(TimerZone::zero, entry_slot, then.bound(TimerZone::zero, entry_slot));
    }
    if (event.kind == Kind::Deliver) return before;
    return before.before_expiry(now.times, {slot_of(event), at_once, run.ties()});
}

}  // namespace halfopen
