/// What may happen next around one connection.
#include <algorithm>

#include "solver/recovery/connection.hpp"
#include "solver/recovery/connection_timers.hpp"

namespace halfopen {

using Kind = FairEvent::Kind;

std::vector<FairEvent> FairRun::events(const Connection& now) const {
    std::vector<FairEvent> all;
    const auto queue = [&](Hop hop) -> const std::vector<Segment<Z3Reading>>& {
        return now.links[static_cast<std::size_t>(hop)];
    };
    const bool at_once = in_flight(now);
    std::uint32_t most = at_once ? 0 : timer_off;
    bool client_due = false, server_due = false;
    each_timer(now, [&](const FairEvent& event, std::uint32_t left) {
        if (left == timer_off) return;
        most = std::min(most, left);
        const std::size_t slot = slot_of(event);
        if ((coincidences_ ? now.times.least(slot) : now.times.most(slot)) > 0) return;
        client_due |= event.kind == Kind::ClientTimer || event.kind == Kind::Connect;
        server_due |= event.kind == Kind::ServerTimer;
    });
    // As WorldSystem::add_commuting_delivery(): what arrives at an end none of whose timers can be due
    // commutes with everything else.
    for (const Hop hop : {Hop::ToClient, Hop::ToServer}) {
        if (queue(hop).empty() || (hop == Hop::ToClient ? client_due : server_due)) continue;
        return {{Kind::Deliver, TcpTimer::Retransmit, hop}};
    }
    for (std::size_t hop = 0; hop < hop_count; ++hop)
        if (!now.links[hop].empty())
            all.push_back({Kind::Deliver, TcpTimer::Retransmit, static_cast<Hop>(hop)});
    each_timer(now, [&](FairEvent event, std::uint32_t left) {
        const std::size_t slot = slot_of(event);
        if (left == timer_off || now.times.least(slot) > most) return;
        if (!now.times.exact(slot) && !now.times.is_forgotten(slot) && most == 0 && !coincidences_) return;
        TimerZone then = now.times;
        if (!then.comes_next({slot, at_once, ties()})) return;
        event.after_least = then.least(slot);
        event.after_most = then.most(slot);
        const bool counted = event.kind == Kind::ServerTimer;
        std::size_t counts = 0;
        if (event.kind == Kind::ClientTimer && event.timer == TcpTimer::Retransmit &&
            now.client.retransmits == any_count)
            counts = client_.endpoint.settings().syn_retransmit.size();
        if (counted && event.timer == TcpTimer::Keepalive && now.server->keepalive_probes == any_count)
            counts = server_.endpoint.settings().keepalive_count + 1U;
        if (counted && event.timer == TcpTimer::Retransmit && now.server->retransmits == any_count) {
            const EndpointSettings& settings = server_.endpoint.settings();
            const auto& gaps = now.server->state == TcpState::SynReceived ? settings.synack_retransmit
                               : now.server->orphan                       ? settings.orphan_retransmit
                                                                          : settings.data_retransmit;
            counts = std::max<std::size_t>(gaps.size(), 1);
        }
        if (counts == 0) return all.push_back(event);
        // The last one gives up: a state with fewer left to come is no better.
        for (std::size_t count = 0; count < counts; ++count) {
            event.count = static_cast<std::uint8_t>(count);
            all.push_back(event);
        }
    });
    return all;
}

}  // namespace halfopen
