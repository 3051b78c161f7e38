/// Timers of which only bounds are known: each shows the most that it can have left, and Connection::slack
/// says by how much it may have less.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "solver/recovery/connection.hpp"

namespace halfopen {

/// Above anything that a running timer shows: marks the ones that an actor leaves alone.
inline constexpr std::uint32_t untouched = 1U << 31U;

/// Every running timer of a connection, with its slack.
template <class C, class Visit>
void each_timer(C& now, Visit&& visit) {
    for (std::size_t t = 0; t < tcp_timer_count; ++t) {
        visit(FairEvent{FairEvent::Kind::ClientTimer, static_cast<TcpTimer>(t)}, now.client.timers[t],
              now.slack.client[t]);
        if (now.server)
            visit(FairEvent{FairEvent::Kind::ServerTimer, static_cast<TcpTimer>(t)}, now.server->timers[t],
                  now.slack.server[t]);
    }
    visit(FairEvent{FairEvent::Kind::Connect}, now.reconnect, now.slack.reconnect);
    for (auto& entry : now.table.entries)
        visit(FairEvent{FairEvent::Kind::EntryExpires}, entry.timeout, now.slack.entry);
}

/// What has been at least `least` and at most `most` ms.
inline void pass_time(Connection& now, std::uint32_t least, std::uint32_t most) {
    each_timer(now, [&](const FairEvent&, std::uint32_t& left, std::uint32_t& slack) {
        if (left == timer_off) return;
        const std::uint32_t surely = left - slack;
        left -= std::min(left, least);
        slack = left - std::min(left, surely - std::min(surely, most));
    });
}

/// Runs an event on a TCB.  Timers that it starts anew run from now, whatever was known of them before.
template <class Event>
auto with_timers(Tcb<Z3Reading>& tcb, std::array<std::uint32_t, tcp_timer_count>& slack, Event&& event) {
    std::array<std::uint32_t, tcp_timer_count> before = tcb.timers;
    for (std::size_t t = 0; t < tcp_timer_count; ++t)
        if (slack[t] > 0 && tcb.timers[t] != timer_off) tcb.timers[t] |= untouched;
    auto result = event();
    for (std::size_t t = 0; t < tcp_timer_count; ++t) {
        if (slack[t] > 0 && tcb.timers[t] == (before[t] | untouched) && before[t] != timer_off)
            tcb.timers[t] = before[t];
        else
            slack[t] = 0;
    }
    return result;
}

/// The same for the time-out of the entry that lookup() finds, before and after the step.
template <class Lookup, class Judge>
auto with_timeout(Connection& now, const Lookup& lookup, const Judge& judge) {
    auto* entry = lookup();
    const std::uint32_t timeout = entry != nullptr ? entry->timeout : 0;
    const std::uint32_t slack = std::exchange(now.slack.entry, 0);
    if (entry != nullptr && slack > 0) entry->timeout |= untouched;
    auto result = judge();
    entry = lookup();
    if (entry != nullptr && slack > 0 && entry->timeout == (timeout | untouched)) {
        entry->timeout = timeout;
        now.slack.entry = slack;
    }
    return result;
}

}  // namespace halfopen
