/// A scenario made ready to run: policies bound, nodes numbered, links laid out.  Immutable while a world
/// runs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "spec/nat/nat.hpp"
#include "spec/policy/policy_library.hpp"
#include "spec/tcp/endpoint.hpp"
#include "spec/world/scenario.hpp"

namespace halfopen {

/// Clients come first, then NATs, then servers; index counts within the kind.
struct NodeRef {
    enum class Kind : std::uint8_t { Client, Nat, Server };
    Kind kind = Kind::Client;
    std::uint8_t index = 0;

    friend constexpr auto operator<=>(const NodeRef&, const NodeRef&) = default;
};

/// Something that may go wrong after the scenario's fault has struck.
struct Failure {
    enum class Kind : std::uint8_t {
        Scenario,  ///< the scenario's fault, once more: every client loses its connection
        Nat,       ///< NAT `node` reboots as the fault has one reboot; those behind it lose theirs
        Mapping,   ///< NAT `node` forgets one mapping; the client that it was of loses its connection
        Server,    ///< server `node` restarts and knows of no connection; its clients lose theirs
        Client     ///< client `node` restarts
    };
    Kind kind = Kind::Scenario;
    NodeRef node;  ///< of Scenario: the NAT that fails, where there is one
};

/// One direction between two neighbours: first in, first out.
struct Link {
    NodeRef from;
    NodeRef to;
    std::uint32_t delay = 0;  ///< ms
};

using LinkIndex = std::uint8_t;
inline constexpr LinkIndex no_link = 0xFF;

struct ClientNode {
    ClientSpec spec;
    Endpoint endpoint;
    Address server;  ///< whom it connects to
    std::uint8_t server_index = 0;
    LinkIndex uplink = no_link;
};

struct NatNode {
    NatSpec spec;
    Nat nat;
    NatAddresses addresses;
    Endpoint host;               ///< its own TCP
    LinkIndex uplink = no_link;  ///< towards the outer NAT; no_link where it faces the servers
};

struct ServerNode {
    ServerSpec spec;
    Endpoint endpoint;
    Address address;
};

/// Roles of the numbers that a world draws or begins with (comparison.hpp; 0 is the literal).
OriginRole client_isn_role(std::size_t client);
OriginRole old_client_role(std::size_t client);
OriginRole old_server_role(std::size_t client);
OriginRole server_isn_role(std::size_t server);
OriginRole client_clock_role(std::size_t client);
OriginRole server_clock_role(std::size_t server);
bool is_clock(OriginRole role);
/// The client whose connection a number of that role opened; -1 for others.
int owner_of(OriginRole role);
/// Whether the scenario gives the number (an old connection's, a clock's, or the literal), so that it keeps
/// its value.  All others are drawn in the course of a run, and may be renamed.
bool is_given(OriginRole role);

class Model {
   public:
    /// Throws InputError for whatever the scenario or its policies have wrong.
    Model(Scenario scenario, const PolicyLibrary& library);

    const Scenario& scenario() const { return scenario_; }
    const std::vector<ClientNode>& clients() const { return clients_; }
    const std::vector<NatNode>& nats() const { return nats_; }
    const std::vector<ServerNode>& servers() const { return servers_; }
    const std::vector<Link>& links() const { return links_; }
    /// The link from one neighbour to another; no_link where they are none.
    LinkIndex link(NodeRef from, NodeRef to) const;
    const std::string& name(NodeRef node) const;
    /// The first address of a node, for display.
    std::uint32_t ip(NodeRef node) const;
    /// The NAT that the fault strikes, or none.
    int faulty_nat() const { return faulty_nat_; }
    /// What each fault after the first may be; empty where there is none.
    const std::vector<Failure>& later_faults() const { return later_faults_; }
    /// An age in ms that no time stamp reaches on its way: older ones need not be told apart.  0 where nobody
    /// uses timestamps.
    std::uint32_t oldest_timestamp() const { return oldest_timestamp_; }

   private:
    void add_nats(const PolicyLibrary& library);
    void add_links();
    void limit_timestamps();
    void add_later_faults();

    Scenario scenario_;
    std::vector<ClientNode> clients_;
    std::vector<NatNode> nats_;
    std::vector<ServerNode> servers_;
    std::vector<Link> links_;
    int faulty_nat_ = -1;
    std::vector<Failure> later_faults_;
    std::uint32_t oldest_timestamp_ = 0;
};

}  // namespace halfopen
