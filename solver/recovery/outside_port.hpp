/// What a client leaves at the server when its mapping goes, or comes back at another outside port, and who
/// may meet that.
#pragma once

#include <cstddef>

#include "solver/recovery/connection.hpp"
#include "solver/recovery/connection_timers.hpp"

namespace halfopen {

/// Whether the server has a connection at an outside port that is nobody's, so that anybody may be given it,
/// and nothing is on its way that might end it yet.
inline bool up_for_grabs(const FairRun& run, const Connection& now) {
    if (!run.mapping_may_move() || !now.mapped || !now.server || !now.table.entries.empty()) return false;
    return !in_flight(now);
}

/// What somebody meets at an outside port: nothing, half a handshake or an old connection.  Each time that
/// the next one who is given it meets less, it comes to an end, however many clients there are.
inline int rank(const Connection& c) {
    if (!c.server) return 0;
    return c.server->state == TcpState::SynReceived ? 1 : 2;
}

/// What the server has of the connection is out of reach.
inline void leave_server_behind(Connection& now) {
    now.server.reset();
    now.keepalive_overlooked = false;
    for (std::size_t t = 0; t < tcp_timer_count; ++t)
        now.times.stop(slot_of({FairEvent::Kind::ServerTimer, static_cast<TcpTimer>(t)}));
}

/// At a port where nothing is.  What is on its way to or from the old one is not for it.
inline Connection at_an_unused_port(Connection moved) {
    leave_server_behind(moved);
    moved.links[static_cast<std::size_t>(Hop::FromServer)].clear();
    auto& to_server = moved.links[static_cast<std::size_t>(Hop::ToServer)];
    if (!to_server.empty())  // its last is the SYN that has got the new port
        to_server.erase(to_server.begin(), to_server.end() - 1);
    return moved;
}

}  // namespace halfopen
