#include "solver/recovery/timer_needs.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace halfopen {

using Zone = TimerZone;

void TimerNeeds::need(std::size_t longer, std::size_t shorter, std::int64_t bound) {
    // No timer has less than nothing left.
    if (longer == shorter || (longer == Zone::zero && bound >= Zone::reached(0))) return;
    for (Bound& known : bounds_)
        if (known.longer == longer && known.shorter == shorter) {
            known.bound = std::min(known.bound, bound);
            return;
        }
    bounds_.push_back({longer, shorter, bound});
}

void TimerNeeds::need_exactly(const Zone& now, std::size_t slot) {
    need(slot, Zone::zero, now.bound(slot, Zone::zero));
    need(Zone::zero, slot, now.bound(Zone::zero, slot));
}

/// The one that is first in any case is one that is needed already or, else, the one that is so by most.
void TimerNeeds::need_not_first(const Zone& now, std::size_t slot, Zone::Ties ties) {
    std::optional<Bound> found;
    for (std::size_t other = 0; other < Zone::slots; ++other) {
        if (other == slot || !now.runs(other)) continue;
        const std::int64_t enough = now.may_tie(slot, other, ties) ? Zone::below(0) : Zone::reached(0);
        const std::int64_t bound = now.bound(other, slot);
        if (bound > enough) continue;
        for (const Bound& known : bounds_)
            if (known.longer == other && known.shorter == slot && known.bound <= enough) return;
        if (!found || bound < now.bound(found->longer, slot)) found = Bound{other, slot, enough};
    }
    if (!found) throw std::logic_error("a timer that may expire first is one that does not");
    need(found->longer, found->shorter, found->bound);
}

void TimerNeeds::end_after(std::size_t slot, std::uint64_t ms) {
    for (End& known : ends_)
        if (known.slot == slot) {
            known.ms = std::max(known.ms, ms);
            return;
        }
    ends_.push_back({slot, ms});
}

void TimerNeeds::join(const TimerNeeds& other) {
    for (const Bound& one : other.bounds_) need(one.longer, one.shorter, one.bound);
    for (const End& one : other.ends_) end_after(one.slot, one.ms);
}

bool TimerNeeds::are_met_by(const Zone& now) const {
    return std::all_of(bounds_.begin(), bounds_.end(), [&](const Bound& needed) {
        return now.bound(needed.longer, needed.shorter) <= needed.bound;
    });
}

std::uint64_t TimerNeeds::longest_ms(const Zone& now) const {
    std::uint64_t longest = 0;
    for (const End& end : ends_)
        longest = std::max(longest, end.ms + (end.slot == Zone::zero ? 0 : now.most(end.slot)));
    return longest;
}

TimerNeeds TimerNeeds::before_starts(const Zone& before, const Zone& after) const {
    const auto is_new = [&](std::size_t slot) {
        return slot != Zone::zero && before.starts(slot) != after.starts(slot);
    };
    TimerNeeds needs;
    for (const Bound& one : bounds_) {
        std::int64_t bound = one.bound;
        std::size_t longer = one.longer, shorter = one.shorter;
        if (is_new(longer)) {
            bound -= 2 * std::int64_t{after.most(longer)};
            longer = Zone::zero;
        }
        if (is_new(shorter)) {
            bound += 2 * std::int64_t{after.least(shorter)};
            shorter = Zone::zero;
        }
        needs.need(longer, shorter, bound);
    }
    for (const End& one : ends_)
        if (is_new(one.slot))
            needs.end_after(Zone::zero, one.ms + after.most(one.slot));
        else
            needs.end_after(one.slot, one.ms);
    return needs;
}

/// What is known where the timer expires adds to the zone that it has no more left than any other and, at
/// once, nothing.  So a bound holds then just if the zone has it or the shortest way over one of these does.
void TimerNeeds::need_where_it_expires(const Zone& now, const Zone::Expiry& expiry, const Bound& wanted) {
    const auto in_order = [&](std::size_t other) {
        return expiry.at_once || now.may_tie(expiry.slot, other, expiry.ties) ? Zone::reached(0)
                                                                              : Zone::below(0);
    };
    const auto [longer, shorter, bound] = wanted;
    const bool from_first = longer == expiry.slot;
    if (from_first && bound >= in_order(shorter)) return;
    if (now.bound(longer, shorter) <= bound) return need(longer, shorter, bound);
    const std::int64_t to_first = from_first ? Zone::reached(0) : now.bound(longer, expiry.slot);
    if (!from_first && Zone::sum(to_first, in_order(shorter)) <= bound)
        return need(longer, expiry.slot, Zone::rest_of(bound, in_order(shorter)));
    need(longer, expiry.slot, to_first);
    const std::int64_t from_there = Zone::rest_of(bound, to_first);
    for (std::size_t other = 0; other <= Zone::slots; ++other) {
        if (other == expiry.slot || (other == Zone::zero ? !expiry.at_once : !now.runs(other))) continue;
        const std::int64_t enough = Zone::rest_of(from_there, in_order(other));
        if (now.bound(other, shorter) <= enough) return need(other, shorter, enough);
    }
    throw std::logic_error("a timer's expiry does not lead to what is needed of it");
}

TimerNeeds TimerNeeds::before_expiry(const Zone& before, const Zone::Expiry& expiry) const {
    const auto as_before = [&](std::size_t other) { return other == Zone::zero ? expiry.slot : other; };
    TimerNeeds needs;
    for (const End& one : ends_) needs.end_after(as_before(one.slot), one.ms);
    for (const Bound& one : bounds_)
        if (as_before(one.longer) != as_before(one.shorter))
            needs.need_where_it_expires(before, expiry,
                                        {as_before(one.longer), as_before(one.shorter), one.bound});
    return needs;
}

}  // namespace halfopen
