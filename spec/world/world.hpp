/// The state of a whole run: every actor, every segment on its way, every running timer.  Nothing in it is
/// absolute time; equal worlds behave alike for ever.
#pragma once

#include <cstdint>
#include <vector>

#include "spec/nat/nat_table.hpp"
#include "spec/tcp/segment_fields.hpp"
#include "spec/tcp/tcb.hpp"
#include "spec/world/host_clocks.hpp"
#include "spec/world/owner.hpp"

namespace halfopen {

struct InFlight {
    ConcreteSegment segment;
    std::uint32_t delay = 0;  ///< ms until it arrives
    Owner client = nobody;    ///< whose connection it belongs to at the end that sent it

    friend bool operator==(const InFlight&, const InFlight&) = default;
};

struct ClientState {
    ConcreteTcb tcb;
    std::uint32_t reconnect = timer_off;  ///< ms until the next connect()
    std::uint8_t failures = 0;            ///< failed connects in a row, up to where the delay stops growing
    std::uint16_t port = 0;               ///< local port of the current or next connection
    bool connected_before = true;         ///< false once it has begun to reconnect after the fault
    bool has_drawn = false;  ///< it has connected with a fresh number since its connection was lost
    bool clock_running = false;
    Number clock;  ///< the ISN that its clock would give now; where clock_running
    HostClock timestamps;

    friend bool operator==(const ClientState&, const ClientState&) = default;
};

struct NatState {
    NatTable<ConcreteReading> table;
    std::uint32_t down = timer_off;  ///< ms until it comes back; timer_off while it works

    friend bool operator==(const NatState&, const NatState&) = default;
};

struct ServerState {
    std::vector<ConcreteTcb> connections;  ///< sorted by remote address
    HostClock timestamps;
    PeerStamps peers;

    friend bool operator==(const ServerState&, const ServerState&) = default;
};

struct World {
    std::vector<Origin> origins;  ///< what Number::origin indexes; [0] is the literal zero
    std::vector<ClientState> clients;
    std::vector<NatState> nats;
    std::vector<ServerState> servers;
    std::vector<std::vector<InFlight>> links;  ///< by LinkIndex, oldest first
    std::uint8_t losses_left = 0;
    std::uint8_t duplications_left = 0;
    bool fault_pending = false;
    std::uint32_t idle = timer_off;   ///< ms until the fault strikes; timer_off once it has
    std::uint8_t faults_to_come = 0;  ///< that will strike after the scenario's own, at moments not yet known
    OriginSlot corner = 0;  ///< the origin that was drawn from a corner, where only one may be; else 0

    friend bool operator==(const World&, const World&) = default;
};

template <class Archive, class T>
requires requires(T& x) {
    x.segment;
    x.delay;
    x.client;
}
void fields(Archive& ar, T& x) {
    ar("segment", x.segment);
    ar("delay", x.delay);
    ar("client", x.client);
}

template <class Archive, class T>
requires requires(T& x) { x.connected_before; }
void fields(Archive& ar, T& x) {
    ar("tcb", x.tcb);
    ar("reconnect", x.reconnect);
    ar("failures", x.failures);
    ar("port", x.port);
    ar("connected_before", x.connected_before);
    ar("has_drawn", x.has_drawn);
    ar("clock_running", x.clock_running);
    ar("clock", x.clock);
    ar("timestamps", x.timestamps);
}

template <class Archive, class T>
requires requires(T& x) {
    x.table;
    x.down;
}
void fields(Archive& ar, T& x) {
    ar("entries", x.table.entries);
    ar("search_start", x.table.search_start);
    ar("down", x.down);
}

template <class Archive, class T>
requires requires(T& x) { x.connections; }
void fields(Archive& ar, T& x) {
    ar("connections", x.connections);
    ar("timestamps", x.timestamps);
    ar("peers", x.peers);
}

/// Without the origins, which an archive needs first.
template <class Archive, class T>
requires requires(T& x) {
    x.fault_pending;
    x.links;
}
void fields(Archive& ar, T& x) {
    ar("clients", x.clients);
    ar("nats", x.nats);
    ar("servers", x.servers);
    ar("links", x.links);
    ar("losses_left", x.losses_left);
    ar("duplications_left", x.duplications_left);
    ar("fault_pending", x.fault_pending);
    ar("idle", x.idle);
    ar("faults_to_come", x.faults_to_come);
    ar("corner", x.corner);
}

}  // namespace halfopen
