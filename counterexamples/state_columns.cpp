#include "counterexamples/state_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace halfopen {

namespace {

bool is_client(const Model& model, std::uint32_t ip) {
    return std::any_of(model.clients().begin(), model.clients().end(),
                       [&](const ClientNode& client) { return client.spec.ip == ip; });
}

/// The outside ports that `ports_of` finds in any world of the trace.
template <class PortsOf>
std::set<std::uint16_t> ports_in(const Trace& trace, PortsOf&& ports_of) {
    std::set<std::uint16_t> ports;
    ports_of(trace.initial, ports);
    for (const TraceStep& step : trace.steps) ports_of(step.after, ports);
    return ports;
}

}  // namespace

std::string short_name(std::string_view state) {
    return state == "ESTABLISHED" ? "ESTAB" : std::string(state);
}

std::vector<StateColumn> state_columns(const Model& model, const Trace& trace) {
    std::vector<StateColumn> columns;
    const auto node = [](NodeRef::Kind kind, std::size_t index) {
        return NodeRef{kind, static_cast<std::uint8_t>(index)};
    };
    const auto add_ports = [&](NodeRef owner, const std::set<std::uint16_t>& ports) {
        for (const std::uint16_t port : ports)
            columns.push_back({fmt::format("{}/:{}", model.name(owner), port), owner, nobody, port});
    };
    for (std::size_t i = 0; i < model.clients().size(); ++i)
        columns.push_back(
            {model.clients()[i].spec.name, node(NodeRef::Kind::Client, i), static_cast<std::uint8_t>(i), 0});
    for (std::size_t n = 0; n < model.nats().size(); ++n) {
        const NodeRef nat = node(NodeRef::Kind::Nat, n);
        for (std::size_t i = 0; i < model.clients().size(); ++i) {
            const ClientNode& client = model.clients()[i];
            if (client.spec.behind == model.nats()[n].spec.name)
                columns.push_back(
                    {model.name(nat) + "/" + client.spec.name, nat, static_cast<std::uint8_t>(i), 0});
        }
        add_ports(nat, ports_in(trace, [&](const World& world, std::set<std::uint16_t>& ports) {
                      for (const auto& entry : world.nats[n].table.entries) {
                          if (!is_client(model, entry.inside.ip)) ports.insert(entry.outside.port);
                      }
                  }));
    }
    for (std::size_t s = 0; s < model.servers().size(); ++s) {
        add_ports(node(NodeRef::Kind::Server, s),
                  ports_in(trace, [&](const World& world, std::set<std::uint16_t>& ports) {
                      for (const ConcreteTcb& tcb : world.servers[s].connections)
                          ports.insert(tcb.remote.port);
                  }));
    }
    return columns;
}

std::string describe_state(const Model& model, const World& world, const StateColumn& column) {
    switch (column.node.kind) {
        case NodeRef::Kind::Client:
            return short_name(to_string(world.clients[column.node.index].tcb.state));
        case NodeRef::Kind::Nat: {
            const NatState& nat = world.nats[column.node.index];
            if (nat.down != timer_off) return "down";
            const bool by_port = column.client == nobody;
            for (const auto& entry : nat.table.entries) {
                if (by_port ? entry.outside.port == column.outside_port
                            : entry.inside.ip == model.clients()[column.client].spec.ip)
                    return fmt::format("{}{}", by_port ? "" : fmt::format(">{} ", entry.outside.port),
                                       short_name(to_string(entry.state)));
            }
            break;
        }
        case NodeRef::Kind::Server:
            for (const ConcreteTcb& tcb : world.servers[column.node.index].connections) {
                if (tcb.remote.port == column.outside_port) return short_name(to_string(tcb.state));
            }
            break;
    }
    return "-";
}

}  // namespace halfopen
