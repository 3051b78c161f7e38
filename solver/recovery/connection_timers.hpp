/// The timers of a connection and what is known of them: each shows the most that it can have left, and
/// Connection::times holds all that is known.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "solver/recovery/connection.hpp"

namespace halfopen {

/// Above anything that a running timer shows: marks the ones that an actor leaves alone.
inline constexpr std::uint32_t untouched = 1U << 31U;

/// Where Connection::times has the timer whose expiry the event is.
constexpr std::size_t slot_of(const FairEvent& event) {
    switch (event.kind) {
        case FairEvent::Kind::ClientTimer:
            return static_cast<std::size_t>(event.timer);
        case FairEvent::Kind::ServerTimer:
            return tcp_timer_count + static_cast<std::size_t>(event.timer);
        case FairEvent::Kind::Connect:
            return 2 * tcp_timer_count;
        default:
            return 2 * tcp_timer_count + 1;
    }
}
static_assert(2 * tcp_timer_count + 2 == TimerZone::slots);

inline constexpr std::size_t entry_slot = slot_of({FairEvent::Kind::EntryExpires});
inline constexpr std::size_t keepalive_slot = slot_of({FairEvent::Kind::ServerTimer, TcpTimer::Keepalive});

/// The most that a keepalive timer can have left, whether a probe is the next one or the first, ms.
inline std::uint32_t longest_keepalive(const EndpointSettings& settings) {
    return std::max(settings.keepalive_idle, settings.keepalive_interval);
}

/// visit(event, left) for each timer that there is, running or not.
template <class C, class Visit>
void each_timer(C& now, Visit&& visit) {
    for (std::size_t t = 0; t < tcp_timer_count; ++t) {
        const auto timer = static_cast<TcpTimer>(t);
        visit(FairEvent{FairEvent::Kind::ClientTimer, timer}, now.client.timers[t]);
        if (now.server) visit(FairEvent{FairEvent::Kind::ServerTimer, timer}, now.server->timers[t]);
    }
    visit(FairEvent{FairEvent::Kind::Connect}, now.reconnect);
    for (auto& entry : now.table.entries) visit(FairEvent{FairEvent::Kind::EntryExpires}, entry.timeout);
}

/// What each timer shows, by slot; timer_off where there is none.
inline std::array<std::uint32_t, TimerZone::slots> shown_times(const Connection& now) {
    std::array<std::uint32_t, TimerZone::slots> shown;
    shown.fill(timer_off);
    each_timer(now, [&](const FairEvent& event, std::uint32_t left) { shown[slot_of(event)] = left; });
    return shown;
}

/// Whether the server does nothing but answer: it has no connection, or one none of whose timers runs.
inline bool server_only_answers(const Connection& now) {
    bool waits = !now.keepalive_overlooked;
    each_timer(now, [&](const FairEvent& event, std::uint32_t left) {
        if (event.kind == FairEvent::Kind::ServerTimer) waits &= left == timer_off;
    });
    return waits;
}

/// Lets the timer of this event expire, whatever time that takes; at_once: it takes none.
inline void pass_time(Connection& now, const FairEvent& event, bool at_once, TimerZone::Ties ties) {
    const std::size_t expiring = slot_of(event);
    now.times.comes_next({expiring, at_once, ties});
    now.times.expire(expiring);
    each_timer(now, [&](const FairEvent& timer, std::uint32_t& left) {
        if (left != timer_off) left = now.times.most(slot_of(timer));
    });
}

/// Runs a step of the actors.  Timers that it starts anew run from now, whatever was known of them before.
template <class Step>
void keeping_times(Connection& now, Step&& step) {
    each_timer(now, [&](const FairEvent& timer, std::uint32_t& left) {
        const std::size_t slot = slot_of(timer);
        // A NAT may look at what is left, and does so where that is known.
        if (left != timer_off && (slot != entry_slot || !now.times.exact(slot))) left |= untouched;
    });
    const auto before = shown_times(now);
    step();
    auto stopped = before;
    each_timer(now, [&](const FairEvent& timer, std::uint32_t& left) {
        const std::size_t slot = slot_of(timer);
        stopped[slot] = timer_off;
        if (left == timer_off)
            now.times.stop(slot);
        else if (left == before[slot])
            left &= ~untouched;
        else
            now.times.start(slot, left);
    });
    for (std::size_t slot = 0; slot < stopped.size(); ++slot)
        if (stopped[slot] != timer_off) now.times.stop(slot);
}

}  // namespace halfopen
