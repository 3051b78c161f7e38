#include "check/meeting.hpp"

#include "spec/world/recovery.hpp"

namespace halfopen {

std::optional<Meeting> meeting_of(const Model& model, const World& world, std::size_t client) {
    const auto outside = outside_address(model, world, client);
    if (!outside) return std::nullopt;
    for (const ConcreteTcb& other : world.servers[model.clients()[client].server_index].connections) {
        if (other.remote != *outside) continue;
        const OriginRole role = world.origins[other.irs.origin].role;
        const int owner = owner_of(role);
        if (owner < 0 || role != old_client_role(static_cast<std::size_t>(owner))) return std::nullopt;
        return Meeting{static_cast<std::size_t>(owner), other.rcv_nxt.value};
    }
    return std::nullopt;
}

}  // namespace halfopen
