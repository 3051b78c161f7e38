/// What goes wrong, and how it comes right again.
#include "spec/world/stepper.hpp"

namespace halfopen {

/// The scenario's fault: the mappings of all clients behind the NAT, whatever has become of them since.
std::vector<Stepper::SavedMapping> Stepper::saved_of_scenario(std::size_t index) const {
    std::vector<SavedMapping> saved;
    const auto& nat = model_.nats()[index];
    for (const ClientNode& client : model_.clients()) {
        if (client.spec.behind != nat.spec.name) continue;
        saved.push_back({Address{client.spec.ip, client.spec.port},
                         Address{nat.addresses.outside_ip, client.spec.outside_port}, client.server});
    }
    return saved;
}

std::vector<Stepper::SavedMapping> Stepper::saved_now(const World& world, std::size_t index) const {
    std::vector<SavedMapping> saved;
    for (const auto& entry : world.nats[index].table.entries)
        saved.push_back({entry.inside, entry.outside, entry.destination});
    return saved;
}

/// Rebooted, or its table flushed.  What is saved waits in the table, without a state, until it is restored.
void Stepper::fail_nat(World& world, std::size_t index, const std::vector<SavedMapping>& saved) const {
    const FaultSpec& fault = model_.scenario().fault;
    NatState& nat = world.nats[index];
    if (fault.table != FaultSpec::Table::Kept) nat.table = {};
    if (fault.table == FaultSpec::Table::Restored) {
        ConcreteReading r = reading(world);
        for (const SavedMapping& mapping : saved) {
            auto entry = new_entry(r, mapping.inside, mapping.outside, mapping.destination);
            entry.timeout = never;
            insert(nat.table, std::move(entry));
        }
    }
    if (fault.down > 0) {
        nat.down = static_cast<std::uint32_t>(fault.down);
    } else if (fault.table == FaultSpec::Table::Restored) {
        restore_table(world, index);
    }
}

/// conntrack -R before the first packet: mappings come back, window data does not (nats.md section 6).
void Stepper::restore_table(World& world, std::size_t index) const {
    ConcreteReading r = reading(world);
    const std::vector<SavedMapping> saved = saved_now(world, index);
    world.nats[index].table = {};
    for (const SavedMapping& mapping : saved)
        restore(r, model_.nats()[index].nat, world.nats[index].table, mapping.inside, mapping.outside,
                mapping.destination, IdleSide<ConcreteReading>{}, IdleSide<ConcreteReading>{},
                Restored::Saved);
}

/// The host knows of no connection, and of nobody whom it had to do with (tcp_tw_recycle).
void Stepper::restart_server(World& world, std::size_t index) const {
    world.servers[index].connections.clear();
    world.servers[index].peers = {};
}

void Stepper::lose_connection(World& world, std::size_t client) const {
    const Address local = world.clients[client].tcb.local;
    world.clients[client].tcb = {};
    world.clients[client].tcb.local = local;
}

void Stepper::strike_fault(World& world, Step& step) const {
    step.kind = Step::Kind::Fault;
    world.fault_pending = false;
    world.idle = timer_off;
    if (model_.faulty_nat() >= 0) {
        const auto index = static_cast<std::size_t>(model_.faulty_nat());
        step.node = {NodeRef::Kind::Nat, static_cast<std::uint8_t>(index)};
        fail_nat(world, index, saved_of_scenario(index));
    }
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        if (model_.clients()[i].spec.old_connection == ClientSpec::OldConnection::Kept)
            world.clients[i].connected_before = false;  // its connection counts from now on, if it is of use
        if (model_.clients()[i].spec.old_connection == ClientSpec::OldConnection::Lost)
            lose_connection(world, i);
    }
}

// What the scenario says of the old connection is what its client does with each that a fault takes.  One
// that had none at the beginning loses the one it has made, silently.
void Stepper::lose_connection_again(World& world, const Strike& strike, std::size_t index) const {
    using Old = ClientSpec::OldConnection;
    ClientState& client = world.clients[index];
    const ClientSpec& spec = model_.clients()[index].spec;
    const bool restarted = strike.failure.kind == Failure::Kind::Client;
    const Old old = restarted ? Old::Lost : spec.old_connection;
    if (strike.back[index] != timer_off || old != Old::Kept) client.reconnect = strike.back[index];
    if (old == Old::Kept) return;
    client.connected_before = true;
    client.has_drawn = false;
    client.failures = 0;
    client.clock_running = false;
    client.clock = {};
    // Where the SYN-ACK is on its way the connection will be made, and found to be of no use.
    const bool answered = client.tcb.state == TcpState::SynSent && !restarted;
    if (old != Old::Reset && !answered) lose_connection(world, index);
    if (restarted) client.port = spec.port;
}

void Stepper::strike_again(World& world, Step& step, const Strike& strike) const {
    step.kind = Step::Kind::Fault;
    step.node = strike.failure.node;
    --world.faults_to_come;
    switch (strike.failure.kind) {
        case Failure::Kind::Scenario:
            if (model_.faulty_nat() < 0) break;
            [[fallthrough]];
        case Failure::Kind::Nat:
            fail_nat(world, step.node.index, saved_now(world, step.node.index));
            break;
        case Failure::Kind::Mapping: {
            step.kind = Step::Kind::Evict;
            auto& table = world.nats[step.node.index].table;
            erase(table, &table.entries[strike.entry]);
            break;
        }
        case Failure::Kind::Server:
            restart_server(world, step.node.index);
            break;
        case Failure::Kind::Client:
            break;
    }
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        if (strike.losing[i]) lose_connection_again(world, strike, i);
    }
}

void Stepper::bring_nat_up(World& world, Step& step) const {
    step.kind = Step::Kind::NatUp;
    NatState& nat = world.nats[step.node.index];
    nat.down = timer_off;
    if (model_.scenario().fault.table == FaultSpec::Table::Restored) restore_table(world, step.node.index);
}

}  // namespace halfopen
