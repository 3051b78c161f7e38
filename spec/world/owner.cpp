#include "spec/world/owner.hpp"

#include "spec/world/model.hpp"

namespace halfopen {

Owner opener_of(OriginRole role) {
    const int client = owner_of(role);
    if (client < 0) return nobody;
    const auto index = static_cast<std::size_t>(client);
    return role == client_isn_role(index) ? static_cast<Owner>(index) : of_old(index);
}

}  // namespace halfopen
