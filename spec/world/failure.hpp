/// What can go wrong after the scenario's fault, and in which ways it can strike a world.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "spec/world/client_permutation.hpp"
#include "spec/world/model.hpp"
#include "spec/world/world.hpp"

namespace halfopen {

/// One way in which a failure may strike now.
struct Strike {
    Failure failure;
    std::size_t entry = 0;                           ///< of Mapping: which of the NAT's entries
    std::array<bool, most_clients> losing{};         ///< clients that lose the connection they have
    std::array<std::uint32_t, most_clients> back{};  ///< of those: ms until they reconnect; timer_off: never
};

/// Whether no NAT is down.
bool all_nats_work(const World& world);

/// Whether a fault can come on top of what is: one is still to come, the scenario's own has struck, and no
/// NAT is down.
bool may_be_struck(const World& world);

/// A client in SYN-SENT whose SYN-ACK has left NAT `nat` (where there is none: any NAT) will take its
/// connection for made, whatever becomes of its mapping there.
bool is_answered(const Model& model, const World& world, std::size_t client, std::optional<std::uint8_t> nat);

/// Every way in which one of the model's later faults may strike, in a fixed order: of a mapping each that
/// there is, of clients with several `reconnect_at` each.  Nothing where may_be_struck() is false.
std::vector<Strike> possible_strikes(const Model& model, const World& world);

}  // namespace halfopen
