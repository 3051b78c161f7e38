#include "spec/world/host_clocks.hpp"

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "spec/world/world.hpp"

namespace halfopen {

namespace {

template <class Visit>
void for_each_stamp(ConcreteTcb& tcb, const Visit& visit) {
    if (tcb.timestamps.known) visit(tcb.timestamps.recent);
    if (!tcb.syn_timestamps.kept) return;
    visit(tcb.syn_timestamps.first);
    visit(tcb.syn_timestamps.newest);
}

/// Those that others are compared with when they are old already: of SYNs that wait for an answer, and on
/// their way (a SYN-ACK that repeats its TSval).
template <class Visit>
void for_each_old_mark(const World& world, const Visit& visit) {
    const auto both = [&](const ConcreteTcb& tcb) {
        if (!tcb.syn_timestamps.kept) return;
        visit(tcb.syn_timestamps.first);
        visit(tcb.syn_timestamps.newest);
    };
    for (const ClientState& client : world.clients) both(client.tcb);
    for (const ServerState& server : world.servers)
        for (const ConcreteTcb& tcb : server.connections) both(tcb);
    for (const auto& link : world.links)
        for (const InFlight& flying : link)
            if (flying.segment.timestamps.present) visit(flying.segment.timestamps.value);
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
    const auto age = [&](const Number& stamp) { return world.origins[stamp.origin].value - stamp.value; };
    boost::container::small_vector<Number, 8> marks;
    for_each_old_mark(world, [&](const Number& stamp) {
        if (age(stamp) > oldest && std::find(marks.begin(), marks.end(), stamp) == marks.end())
            marks.push_back(stamp);
    });
    for_each_stamp(world, [&](Number& stamp) {
        const std::uint32_t old = age(stamp);
        if (old <= oldest) return;
        std::uint32_t limited = oldest;
        for (const Number& mark : marks) {
            if (mark.origin != stamp.origin) continue;
            limited += old > age(mark) ? 2 : old == age(mark) ? 1 : 0;
        }
        stamp.value = world.origins[stamp.origin].value - limited;
    });
}

}  // namespace halfopen
