#include "solver/recovery/timer_zone.hpp"

#include <algorithm>

namespace halfopen {

void TimerZone::start(std::size_t slot, std::uint32_t least, std::uint32_t most) {
    running_[slot] = true;
    forgotten_[slot] = false;
    ++starts_[slot];
    const std::int64_t upper = reached(most), lower = reached(-std::int64_t{least});
    each_row([&](std::size_t other) {
        if (other == slot) return;
        bounds_[slot][other] = other == zero ? upper : sum(upper, bounds_[zero][other]);
        bounds_[other][slot] = other == zero ? lower : sum(bounds_[other][zero], lower);
    });
    bounds_[slot][slot] = reached(0);
}

void TimerZone::forget_least(std::size_t slot) {
    forgotten_[slot] = forgotten_[slot] || exact(slot);
    each_row([&](std::size_t other) {
        if (other != slot) bounds_[other][slot] = other == zero ? reached(0) : bounds_[other][zero];
    });
}

bool TimerZone::within(std::size_t a, std::size_t b, std::int64_t bound) {
    if (bounds_[a][b] <= bound) return true;
    if (sum(bounds_[b][a], bound) < reached(0)) return false;
    // One edge is shorter, so that a shortest way goes over it once or not at all.
    each_row([&](std::size_t from) {
        each_row([&](std::size_t to) {
            bounds_[from][to] =
                std::min(bounds_[from][to], sum(sum(bounds_[from][a], bound), bounds_[b][to]));
        });
    });
    return true;
}

bool TimerZone::is_first(std::size_t slot, Ties ties) {
    std::array<std::int64_t, slots> bounds{};
    each_row([&](std::size_t other) {
        if (other == zero) return;
        bounds[other] = may_tie(slot, other, ties) ? reached(0) : below(0);
    });
    bool possible = true;
    each_row([&](std::size_t other) {
        if (other != slot && other != zero) possible = possible && within(slot, other, bounds[other]);
    });
    return possible;
}

bool TimerZone::is_due(std::size_t slot) { return within(slot, zero, reached(0)); }

void TimerZone::expire(std::size_t slot) {
    each_row([&](std::size_t other) {
        if (other == zero) return;
        bounds_[other][zero] = bounds_[other][slot];
        bounds_[zero][other] = bounds_[slot][other];
    });
    start(slot, 0);
}

std::vector<std::int64_t> TimerZone::bounds() const {
    std::vector<std::int64_t> all;
    each_row([&](std::size_t a) {
        each_row([&](std::size_t b) {
            if (a != b) all.push_back(bounds_[a][b]);
        });
    });
    return all;
}

bool operator==(const TimerZone& a, const TimerZone& b) {
    return a.running_ == b.running_ && a.forgotten_ == b.forgotten_ && a.bounds() == b.bounds();
}

}  // namespace halfopen
