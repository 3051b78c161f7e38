#include "spec/world/host_clocks.hpp"

#include <algorithm>

#include "spec/world/world.hpp"

namespace halfopen {

namespace {

template <class Visit>
void for_each_stamp(ConcreteTcb& tcb, const Visit& visit) {
    if (tcb.timestamps.known) visit(tcb.timestamps.recent);
}

template <class Visit>
void for_each_stamp(World& world, const Visit& visit) {
    for (ClientState& client : world.clients) for_each_stamp(client.tcb, visit);
    for (ServerState& server : world.servers) {
        for (ConcreteTcb& tcb : server.connections) for_each_stamp(tcb, visit);
        for (PeerStamp& peer : server.peers.list) visit(peer.newest);
    }
    for (auto& link : world.links) {
        for (InFlight& flying : link) {
            TimestampOption<ConcreteReading>& option = flying.segment.timestamps;
            if (!option.present) continue;
            visit(option.value);
            // A SYN echoes nothing, and 0 is nobody's clock.
            if (option.echo.origin != 0) visit(option.echo);
        }
    }
}

}  // namespace

void age_timestamps(World& world, std::uint32_t ms) {
    for_each_stamp(world, [ms](Number& stamp) { stamp.value -= ms; });
    for (ServerState& server : world.servers) {
        for (PeerStamp& peer : server.peers.list) peer.left -= std::min(peer.left, ms);
        std::erase_if(server.peers.list, [](const PeerStamp& peer) { return peer.left == 0; });
    }
}

void limit_timestamp_ages(World& world, std::uint32_t oldest) {
    for_each_stamp(world, [&](Number& stamp) {
        const std::uint32_t clock = world.origins[stamp.origin].value;
        if (clock - stamp.value > oldest) stamp.value = clock - oldest;
    });
}

}  // namespace halfopen
