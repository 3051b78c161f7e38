#include "solver/recovery/timer_zone.hpp"

#include <algorithm>

namespace halfopen {

void TimerZone::start(std::size_t slot, std::uint32_t least, std::uint32_t most) {
    running_[slot] = true;
    each_row([&](std::size_t other) {
        if (other == slot) return;
        bounds_[slot][other] = most + (other == zero ? 0 : bounds_[zero][other]);
        bounds_[other][slot] = (other == zero ? 0 : bounds_[other][zero]) - std::int64_t{least};
    });
    bounds_[slot][slot] = 0;
}

bool TimerZone::at_most(std::size_t a, std::size_t b, std::int64_t most) {
    if (bounds_[a][b] <= most) return true;
    if (bounds_[b][a] + most < 0) return false;
    // One edge is shorter, so that a shortest way goes over it once or not at all.
    each_row([&](std::size_t from) {
        each_row([&](std::size_t to) {
            bounds_[from][to] = std::min(bounds_[from][to], bounds_[from][a] + most + bounds_[b][to]);
        });
    });
    return true;
}

bool TimerZone::is_first(std::size_t slot) {
    bool possible = true;
    each_row([&](std::size_t other) {
        if (other != slot && other != zero) possible = possible && at_most(slot, other, 0);
    });
    return possible;
}

bool TimerZone::is_due(std::size_t slot) { return at_most(slot, zero, 0); }

void TimerZone::expire(std::size_t slot) {
    each_row([&](std::size_t other) {
        if (other == zero) return;
        bounds_[other][zero] = bounds_[other][slot];
        bounds_[zero][other] = bounds_[slot][other];
    });
    start(slot, 0);
}

std::vector<std::int32_t> TimerZone::bounds() const {
    std::vector<std::int32_t> all;
    each_row([&](std::size_t a) {
        each_row([&](std::size_t b) {
            if (a != b) all.push_back(static_cast<std::int32_t>(bounds_[a][b]));
        });
    });
    return all;
}

bool operator==(const TimerZone& a, const TimerZone& b) {
    return a.running_ == b.running_ && a.bounds() == b.bounds();
}

}  // namespace halfopen
