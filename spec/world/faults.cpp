/// What goes wrong, and how it comes right again.
#include "spec/world/stepper.hpp"

namespace halfopen {

/// conntrack -R before the first packet: mappings come back, window data does not (nats.md section 6).
void Stepper::restore_table(World& world, std::size_t index) const {
    const auto& restored = model_.nats()[index];
    ConcreteReading r = reading(world);
    for (std::size_t i = 0; i < model_.clients().size(); ++i) {
        const ClientSpec& spec = model_.clients()[i].spec;
        if (spec.behind != restored.spec.name) continue;
        restore(r, restored.nat, world.nats[index].table, Address{spec.ip, spec.port},
                Address{restored.addresses.outside_ip, spec.outside_port}, model_.clients()[i].server,
                IdleSide<ConcreteReading>{}, IdleSide<ConcreteReading>{}, Restored::Saved);
    }
}

void Stepper::strike_fault(World& world, Step& step) const {
    step.kind = Step::Kind::Fault;
    world.fault_pending = false;
    world.idle = timer_off;
    if (model_.faulty_nat() >= 0) {
        const FaultSpec& fault = model_.scenario().fault;
        const auto index = static_cast<std::size_t>(model_.faulty_nat());
        NatState& nat = world.nats[index];
        step.node = {NodeRef::Kind::Nat, static_cast<std::uint8_t>(index)};
        if (fault.table != FaultSpec::Table::Kept) nat.table = {};
        if (fault.down > 0) {
            nat.down = static_cast<std::uint32_t>(fault.down);
        } else if (fault.table == FaultSpec::Table::Restored) {
            restore_table(world, index);
        }
    }
    for (std::size_t i = 0; i < world.clients.size(); ++i) {
        if (model_.clients()[i].spec.old_connection == ClientSpec::OldConnection::Kept)
            world.clients[i].connected_before = false;  // its connection counts from now on, if it is of use
        if (model_.clients()[i].spec.old_connection == ClientSpec::OldConnection::Lost) {
            const Address local = world.clients[i].tcb.local;
            world.clients[i].tcb = {};
            world.clients[i].tcb.local = local;
        }
    }
}

void Stepper::bring_nat_up(World& world, Step& step) const {
    step.kind = Step::Kind::NatUp;
    NatState& nat = world.nats[step.node.index];
    nat.down = timer_off;
    if (model_.scenario().fault.table == FaultSpec::Table::Restored) restore_table(world, step.node.index);
}

}  // namespace halfopen
