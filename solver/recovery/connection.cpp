#include "solver/recovery/connection.hpp"

#include <string>

#include "spec/world/connected.hpp"

namespace halfopen {
namespace {

const ClientNode& client_of(const Model& model, std::size_t client) { return model.clients().at(client); }

[[noreturn]] void refuse(const std::string& what) {
    throw InputError("prove: " + what + ": no proof covers that yet");
}

/// One NAT between a client that has lost its connection and its server.
const NatNode& nat_of(const Model& model, const ClientNode& client) {
    const NodeRef nat = model.links()[client.uplink].to;
    if (nat.kind != NodeRef::Kind::Nat) refuse(client.spec.name + " is behind no NAT");
    const NatNode& node = model.nats()[nat.index];
    if (node.uplink != no_link) refuse(node.spec.name + " is behind another NAT");
    return node;
}

}  // namespace

FairRun::FairRun(const Model& model, bool coincidences, std::size_t client)
    : client_(client_of(model, client)),
      nat_(nat_of(model, client_)),
      server_(model.servers()[client_.server_index]),
      coincidences_(coincidences) {
    using Old = ClientSpec::OldConnection;
    if (client_.endpoint.settings().timestamps && server_.endpoint.settings().timestamps)
        refuse("timestamps at both ends");
    if (client_.spec.session > 0) refuse("sessions");
    if (client_.spec.old_connection == Old::Kept) refuse("a client that keeps its old connection");
    if (model.scenario().network.inside_delay + model.scenario().network.outside_delay > 0)
        refuse("links with a delay");
    if (model.scenario().network.duplication > 0) refuse("duplication");
    // A client that the last fault finds in the middle of its SYNs is not among the starts.
    if (model.scenario().fault.again > 0) refuse("faults in the middle of a recovery (fault.again)");
}

bool FairRun::mapping_may_move() const {
    return nat_.addresses.outside_ip != 0 && !nat_.addresses.fixed_ports.contains(client_.spec.ip) &&
           nat_.nat.settings().ports.preservation != PortPreservation::OrFail;
}

bool FairRun::looks_recovered(Z3Reading& r, const Connection& now) const {
    for (const auto& link : now.links)
        if (!link.empty()) return false;
    if (now.client.state != TcpState::Established || !now.server ||
        now.server->state != TcpState::Established || now.table.entries.empty())
        return false;
    const auto& entry = now.table.entries.front();
    return entry.outside == now.server->remote && carries(r, nat_.nat, entry) &&
           nothing_unanswered(now.client) && nothing_unanswered(*now.server);
}

}  // namespace halfopen
