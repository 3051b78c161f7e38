#include "verifier/description.hpp"

#include <fmt/format.h>

namespace halfopen::verifier {

namespace {

std::string running_timers(const ConcreteTcb& tcb) {
    std::string text;
    for (std::size_t t = 0; t < tcp_timer_count; ++t) {
        if (tcb.timers[t] == timer_off) continue;
        text += fmt::format(", {} in {} ms", to_string(static_cast<TcpTimer>(t)), tcb.timers[t]);
    }
    return text;
}

std::string describe(const ConcreteTcb& tcb) {
    if (tcb.state == TcpState::Closed) return "CLOSED";
    return fmt::format("{} > {} {} SND.UNA {} SND.NXT {} RCV.NXT {}{}", to_string(tcb.local),
                       to_string(tcb.remote), to_string(tcb.state), tcb.snd_una.value, tcb.snd_nxt.value,
                       tcb.rcv_nxt.value, running_timers(tcb));
}

std::string describe(const ConntrackEntry<ConcreteReading>& entry) {
    return fmt::format("{} as {} > {} {}, {} ms left", to_string(entry.inside), to_string(entry.outside),
                       to_string(entry.destination), to_string(entry.state), entry.timeout);
}

std::string role_name(const Model& model, OriginRole role) {
    if (role == literal_role) return "0";
    for (std::size_t i = 0; i < model.clients().size(); ++i) {
        const std::string& name = model.clients()[i].spec.name;
        if (role == client_isn_role(i)) return "ISN of " + name;
        if (role == old_client_role(i)) return "SND.NXT of " + name + "'s old connection";
        if (role == old_server_role(i)) return "RCV.NXT of " + name + "'s old connection";
        if (role == client_clock_role(i)) return "timestamp clock of " + name;
    }
    for (std::size_t i = 0; i < model.servers().size(); ++i) {
        const std::string& name = model.servers()[i].spec.name;
        if (role == server_isn_role(i)) return "ISN of " + name;
        if (role == server_clock_role(i)) return "timestamp clock of " + name;
    }
    return fmt::format("number of role {}", role);
}

}  // namespace

std::string describe(const Model& model, const World& world) {
    std::string text;
    const auto line = [&text](const std::string& what) { text += "  " + what + "\n"; };
    if (world.fault_pending) line(fmt::format("the fault strikes in {} ms", world.idle));
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        const ClientState& client = world.clients[i];
        std::string what = fmt::format("{}: {}", model.clients()[i].spec.name, describe(client.tcb));
        if (client.reconnect != timer_off)
            what += fmt::format(", connect() from port {} in {} ms", client.port, client.reconnect);
        line(what);
    }
    for (std::size_t n = 0; n < world.nats.size(); ++n) {
        const std::string& name = model.nats()[n].spec.name;
        if (world.nats[n].down != timer_off)
            line(fmt::format("{}: down for {} ms", name, world.nats[n].down));
        for (const auto& entry : world.nats[n].table.entries) line(name + ": " + describe(entry));
        if (world.nats[n].table.entries.empty()) line(name + ": no entry");
    }
    for (std::size_t s = 0; s < world.servers.size(); ++s) {
        const std::string& name = model.servers()[s].spec.name;
        for (const ConcreteTcb& tcb : world.servers[s].connections) line(name + ": " + describe(tcb));
        if (world.servers[s].connections.empty()) line(name + ": no connection");
    }
    for (std::size_t link = 0; link < world.links.size(); ++link) {
        for (const InFlight& flying : world.links[link])
            line(fmt::format("on its way to {}: {}", model.name(model.links()[link].to),
                             to_string(flying.segment)));
    }
    if (world.faults_to_come > 0) line(fmt::format("faults still to come: {}", world.faults_to_come));
    if (world.losses_left > 0) line(fmt::format("segments that may still be lost: {}", world.losses_left));
    if (world.duplications_left > 0)
        line(fmt::format("segments that may still be duplicated: {}", world.duplications_left));
    return text;
}

std::string describe(const Model& model, const Comparison& c) {
    const std::string difference =
        fmt::format("{} - {} + {}", role_name(model, c.left), role_name(model, c.right),
                    static_cast<std::int32_t>(c.offset));
    switch (c.kind) {
        case Comparison::Kind::Before:
            return difference + " before 0";
        case Comparison::Kind::Equal:
            return difference + " = 0";
        case Comparison::Kind::Within:
            return fmt::format("{} in [0, {})", difference, c.size);
    }
    return difference;
}

}  // namespace halfopen::verifier
