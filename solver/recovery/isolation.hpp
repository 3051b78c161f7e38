/// That other clients cannot touch the three parts of one client's connection: the lemma that takes a proof
/// from one client to any number.
///
/// A step of a NAT looks at other entries only to find whether a port is taken.  So it is enough to look at
/// two: the client's own, and one of another client's, for each way that their ports can stand to each other.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "solver/deadline.hpp"
#include "solver/z3_reading.hpp"
#include "spec/world/model.hpp"

namespace halfopen {

struct Isolation {
    std::size_t cases = 0;  ///< of ports and kinds of segments
    std::size_t paths = 0;
    std::optional<std::string> witness;  ///< two clients that get into each other's way, and how

    bool holds() const { return cases > 0 && !witness; }
};

/// Two clients of one NAT towards one server.
struct TwoClients {
    Address mine, others;
    std::uint16_t others_outside = 0;  ///< of the entry that the other one has
};

/// Whatever mine sends leaves the other's entry alone, gets an outside address of its own and does get one;
/// and what comes in for either changes no other entry.
Isolation cannot_interfere(z3::context& context, const Nat& nat, const NatAddresses& addresses,
                           const Address& server, const TwoClients& two,
                           const std::function<void(const std::string& smt_lib)>& record = {});

/// For the first client's NAT: with each client of the scenario, and with one that has any of the ports by
/// which a port choice can tell two clients apart.
/// Throws OutOfTime.
Isolation other_clients_cannot_interfere(z3::context& context, const Model& model,
                                         const std::function<void(const std::string& smt_lib)>& record = {},
                                         const Deadline& deadline = {});

}  // namespace halfopen
