/// How a scenario begins: every client connected, idle, and the fault about to strike.
#include "spec/world/world_system.hpp"

namespace halfopen {

namespace {

Number old_number(World& world, OriginRole role, std::uint32_t value) {
    world.origins.push_back({role, value});
    return {value, static_cast<OriginSlot>(world.origins.size() - 1)};
}

/// Puts the mapping of an old connection into every NAT on its way; the address that the server sees it
/// under.
Address map_old_connection(const Model& model, World& world, std::size_t client, Number client_next,
                           Number server_next) {
    const ClientNode& node = model.clients()[client];
    Address source{node.spec.ip, node.spec.port};
    ConcreteReading r(world.origins);
    const std::uint32_t server_window = model.servers()[node.server_index].endpoint.settings().rcv_wnd;
    for (LinkIndex link = node.uplink; link != no_link;) {
        const std::uint8_t nat = model.links()[link].to.index;
        link = model.nats()[nat].uplink;
        const Address outside{model.nats()[nat].addresses.outside_ip,
                              link == no_link ? node.spec.outside_port : source.port};
        restore(r, model.nats()[nat].nat, world.nats[nat].table, source, outside, node.server,
                IdleSide<ConcreteReading>{client_next, node.endpoint.settings().rcv_wnd},
                IdleSide<ConcreteReading>{server_next, server_window});
        source = outside;
    }
    return source;
}

World connected_world(const Model& model) {
    World world;
    world.origins.push_back({});
    world.clients.resize(model.clients().size());
    world.nats.resize(model.nats().size());
    world.servers.resize(model.servers().size());
    world.links.resize(model.links().size());
    world.losses_left = static_cast<std::uint8_t>(model.scenario().network.loss);
    world.duplications_left = static_cast<std::uint8_t>(model.scenario().network.duplication);
    world.fault_pending = true;
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        const ClientNode& node = model.clients()[i];
        const Number client_next = old_number(world, old_client_role(i), node.spec.snd_nxt);
        const Number server_next = old_number(world, old_server_role(i), node.spec.rcv_nxt);
        const Address outside = map_old_connection(model, world, i, client_next, server_next);
        ConcreteReading r(world.origins);
        const ServerNode& server = model.servers()[node.server_index];
        world.clients[i].port = node.spec.port;
        world.clients[i].tcb = established(r, node.endpoint, Address{node.spec.ip, node.spec.port},
                                           node.server, client_next, server_next);
        auto& connections = world.servers[node.server_index].connections;
        ConcreteTcb tcb = established(r, server.endpoint, server.address, outside, server_next, client_next,
                                      server.spec.data == ServerSpec::Data::Unacknowledged);
        const auto at = std::find_if(connections.begin(), connections.end(),
                                     [&](const ConcreteTcb& other) { return tcb.remote < other.remote; });
        connections.insert(at, tcb);
    }
    return world;
}

}  // namespace

std::vector<World> WorldSystem::initial_worlds() {
    std::vector<World> worlds{connected_world(model_)};
    for (std::size_t i = 0; i < model_.clients().size(); ++i) {
        std::vector<World> more;
        for (const World& world : worlds) {
            for (const std::int64_t at : model_.clients()[i].spec.reconnect_at) {
                more.push_back(world);
                more.back().clients[i].reconnect = static_cast<std::uint32_t>(at);
            }
        }
        worlds = std::move(more);
    }
    for (World& world : worlds) canonicalise_(world);
    return worlds;
}

}  // namespace halfopen
