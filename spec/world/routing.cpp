/// Which way a segment goes from each node.
#include "spec/world/stepper.hpp"

namespace halfopen {

void Stepper::emit(World& world, Step& step, LinkIndex link, const ConcreteSegment& segment,
                   Owner client) const {
    step.sent.push_back({segment, link});
    if (link != no_link) world.links[link].push_back({segment, model_.links()[link].delay, client});
}

void Stepper::send_from_client(World& world, Step& step, std::size_t client,
                               const ConcreteSegment& segment) const {
    emit(world, step, model_.clients()[client].uplink, segment, static_cast<std::uint8_t>(client));
}

void Stepper::send_from_server(World& world, Step& step, std::size_t server, Owner client,
                               const ConcreteSegment& segment) const {
    const NodeRef self{NodeRef::Kind::Server, static_cast<std::uint8_t>(server)};
    LinkIndex link = no_link;
    bool known = false;
    for (std::size_t i = 0; i < model_.nats().size(); ++i) {
        const NatNode& nat = model_.nats()[i];
        if (nat.uplink != no_link || nat.addresses.outside_ip != segment.destination.ip) continue;
        const bool knows = find_reply(world.nats[i].table, segment.source, segment.destination) != nullptr;
        if (known && !knows) continue;
        known = knows;
        link = model_.link(self, {NodeRef::Kind::Nat, static_cast<std::uint8_t>(i)});
    }
    emit(world, step, link, segment, client);
}

LinkIndex Stepper::towards_server(std::size_t nat, const ConcreteSegment& segment) const {
    if (model_.nats()[nat].uplink != no_link) return model_.nats()[nat].uplink;
    for (std::size_t s = 0; s < model_.servers().size(); ++s) {
        if (model_.servers()[s].address.ip == segment.destination.ip)
            return model_.link({NodeRef::Kind::Nat, static_cast<std::uint8_t>(nat)},
                               {NodeRef::Kind::Server, static_cast<std::uint8_t>(s)});
    }
    return no_link;
}

LinkIndex Stepper::towards_inside(std::size_t nat, const ConcreteSegment& segment) const {
    const NodeRef self{NodeRef::Kind::Nat, static_cast<std::uint8_t>(nat)};
    for (std::size_t i = 0; i < model_.clients().size(); ++i) {
        const NodeRef client{NodeRef::Kind::Client, static_cast<std::uint8_t>(i)};
        if (model_.ip(client) == segment.destination.ip && model_.link(self, client) != no_link)
            return model_.link(self, client);
    }
    for (std::size_t i = 0; i < model_.nats().size(); ++i) {
        const NodeRef inner{NodeRef::Kind::Nat, static_cast<std::uint8_t>(i)};
        if (i != nat && model_.ip(inner) == segment.destination.ip) return model_.link(self, inner);
    }
    return no_link;
}

}  // namespace halfopen
