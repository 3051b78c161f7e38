/// What a client does of itself: it connects, from a port and with a number, until it is connected.
#include <algorithm>

#include "spec/world/recovery.hpp"
#include "spec/world/stepper.hpp"

namespace halfopen {

namespace {

/// RPC_DEF_MIN_RESVPORT to RPC_DEF_MAX_RESVPORT of the Linux NFS client (net/sunrpc/xprtsock.c).
constexpr std::uint16_t lowest_client_port = 665, highest_client_port = 1023;

bool has_failed(const ConcreteTcb& tcb) { return tcb.state == TcpState::Closed; }

}  // namespace

std::optional<Number> Stepper::client_isn(World& world, Step& step, Choices& choices,
                                          std::size_t client) const {
    ClientState& state = world.clients[client];
    const EndpointSettings& settings = model_.clients()[client].endpoint.settings();
    if (state.clock_running) return state.clock;
    const auto isn = draw_isn(world, step, choices, client_isn_role(client), state.has_drawn);
    // The clock matters only to those who will ask it again.
    if (isn && settings.isn_source == IsnSource::Clock && !settings.syn_never_gives_up) {
        state.clock_running = true;
        state.clock = *isn;
    }
    return isn;
}

std::optional<std::uint16_t> Stepper::client_port(const World& world, Step& step, Choices& choices,
                                                  std::size_t client) const {
    const ClientState& state = world.clients[client];
    switch (model_.clients()[client].endpoint.settings().port_choice) {
        case LocalPort::Same:
            return state.port;
        case LocalPort::Next:
            // xs_next_srcport(): counts down and wraps.
            return state.port <= lowest_client_port ? highest_client_port
                                                    : static_cast<std::uint16_t>(state.port - 1);
        case LocalPort::Random:
            break;
    }
    // xs_get_random_port(): worth telling apart are the ports that somebody else holds, here or at the
    // server.
    std::vector<std::uint16_t> held;
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        if (i != client) held.push_back(world.clients[i].port);
    }
    for (const ServerState& server : world.servers) {
        for (const ConcreteTcb& tcb : server.connections) held.push_back(tcb.remote.port);
    }
    for (const NatState& nat : world.nats) {
        for (const auto& entry : nat.table.entries) {
            held.push_back(entry.outside.port);
            held.push_back(entry.inside.port);
        }
    }
    std::sort(held.begin(), held.end());
    held.erase(std::unique(held.begin(), held.end()), held.end());
    std::erase_if(held, [](std::uint16_t p) { return p < lowest_client_port || p > highest_client_port; });
    constexpr std::uint32_t all = highest_client_port - lowest_client_port + 1;
    std::vector<PortChoice> ports;
    for (const std::uint16_t port : held) ports.push_back({port, 1, all});
    for (std::uint16_t port = highest_client_port; port >= lowest_client_port; --port) {
        if (std::binary_search(held.begin(), held.end(), port)) continue;
        ports.push_back({port, all - static_cast<std::uint32_t>(held.size()), all});
        break;
    }
    const auto draw = choices.take({Draw::Kind::LocalPort, 0, std::move(ports), false});
    if (!draw) return std::nullopt;
    step.draws.push_back(*draw);
    return static_cast<std::uint16_t>(draw->value);
}

void Stepper::connect(World& world, Step& step, Choices& choices) const {
    step.kind = Step::Kind::Connect;
    const std::size_t index = step.node.index;
    const ClientNode& node = model_.clients()[index];
    ClientState& client = world.clients[index];
    ConcreteReading r = reading(world);
    if (client.connected_before && client.tcb.state != TcpState::Closed &&
        node.spec.old_connection == ClientSpec::OldConnection::Reset) {
        for (const auto& segment : abort(r, node.endpoint, client.tcb).sent)
            send_from_client(world, step, index, segment);
    }
    const auto port = client_port(world, step, choices, index);
    if (!port) return;
    if (*port != client.port) client.clock_running = false;  // another 4-tuple, another place on the clock
    client.port = *port;
    const auto isn = client_isn(world, step, choices, index);
    if (!isn) return;
    if (!step.draws.empty()) step.tag_bits |= tag::attempt;
    client.connected_before = false;
    client.has_drawn = true;
    client.reconnect = timer_off;
    r = reading(world);
    const auto result = halfopen::connect(r, node.endpoint, client.tcb, Address{node.spec.ip, *port},
                                          node.server, *isn, clock_of(client.timestamps));
    after_client(world, step, index, result);
}

void Stepper::write(World& world, Step& step) const {
    step.kind = Step::Kind::Write;
    const std::size_t index = step.node.index;
    ClientState& client = world.clients[index];
    client.reconnect = timer_off;
    ConcreteReading r = reading(world);
    after_client(world, step, index,
                 send(r, model_.clients()[index].endpoint, client.tcb, outstanding_bytes));
}

void Stepper::schedule_reconnect(World& world, std::size_t index) const {
    ClientState& client = world.clients[index];
    const ClientSpec& spec = model_.clients()[index].spec;
    const Address local = client.tcb.local;
    client.tcb = {};
    client.tcb.local = local;
    // The first reconnect is on its way already.
    if (client.connected_before && client.reconnect != timer_off) return;
    const std::int64_t delay = std::min(spec.reconnect_delay << client.failures, spec.reconnect_delay_max);
    client.reconnect = static_cast<std::uint32_t>(std::max<std::int64_t>(delay, 1));
    if (delay < spec.reconnect_delay_max && spec.reconnect_delay > 0) ++client.failures;
}

void Stepper::after_client(World& world, Step& step, std::size_t index,
                           const EndpointStep<ConcreteReading>& result) const {
    ClientState& client = world.clients[index];
    step.rule = result.rule;
    step.reason = result.reason;
    step.event = result.event;
    for (const auto& segment : result.sent) send_from_client(world, step, index, segment);
    if (result.event == ConnectionEvent::Established) {
        client.failures = 0;
        client.clock_running = false;
        const std::int64_t session = model_.clients()[index].spec.session;
        if (session > 0 && !client.connected_before) client.reconnect = static_cast<std::uint32_t>(session);
    }
    if (result.event == ConnectionEvent::Closed && client.tcb.state == TcpState::CloseWait) {
        ConcreteReading r = reading(world);
        for (const auto& segment : close(r, model_.clients()[index].endpoint, client.tcb).sent)
            send_from_client(world, step, index, segment);
    }
    // Until a session is over the next connect() is not thought of.
    if (has_failed(client.tcb) && !client.connected_before) client.reconnect = timer_off;
    if (has_failed(client.tcb) && client.reconnect == timer_off) schedule_reconnect(world, index);
    if (has_failed(client.tcb)) {
        const Address local = client.tcb.local;
        client.tcb = {};
        client.tcb.local = local;
    }
}

void Stepper::end_session(World& world, Step& step) const {
    step.kind = Step::Kind::Timer;
    const std::size_t index = step.node.index;
    const auto path = working_path(model_, world, index);
    world.clients[index].reconnect = timer_off;
    ConcreteReading r = reading(world);
    if (!path) {
        auto result = close(r, model_.clients()[index].endpoint, world.clients[index].tcb);
        result.reason = "the client closes: no answer";
        return after_client(world, step, index, result);
    }
    step.node = {NodeRef::Kind::Server, path->server};
    auto& connections = world.servers[path->server].connections;
    ConcreteTcb tcb = connections[path->connection];
    connections.erase(connections.begin() + static_cast<std::ptrdiff_t>(path->connection));
    auto result = close(r, model_.servers()[path->server].endpoint, tcb);
    result.reason = "the server closes: the request is answered";
    after_server(world, step, path->server, tcb, result);
}

}  // namespace halfopen
