/// Clients that nothing can tell apart: worlds that differ only in which of them is which are one.
///
/// What counts is who comes back, not who it was: the connections that a server still holds from before the
/// fault keep their places, while the clients that have lost them change theirs.  Clients are interchangeable
/// where the scenario says the same of them but for names, addresses and the numbers and outside ports of
/// connections that the fault makes them forget; whether it does is tried, not inferred (docs/theory.md).
#pragma once

#include <cstdint>
#include <vector>

#include "spec/numbers/comparison.hpp"
#include "spec/world/client_permutation.hpp"
#include "spec/world/model.hpp"
#include "spec/world/world.hpp"

namespace halfopen {

class ClientSymmetry {
   public:
    /// No two clients are interchangeable.
    ClientSymmetry() = default;
    /// Groups of clients that may be interchangeable as far as the scenario goes.
    explicit ClientSymmetry(const Model& model);

    /// Groups of two and more, in order; each client is in one at most.
    const std::vector<std::vector<std::uint8_t>>& groups() const { return groups_; }
    bool trivial() const { return groups_.empty(); }
    /// Whether the client can change places with some other one.
    bool interchangeable(std::size_t client) const;
    /// Keeps only the groups of which `holds` is true for each exchange of two neighbours in them.
    template <class Holds>
    void keep_if(Holds&& holds);

    /// The places that put the clients of each group into an order by what is going on with them.  The
    /// identity until the fault has struck.  Where two are alike in all that is looked at they stay: that may
    /// keep two worlds apart that are one, and never takes two for one that are not.
    ClientPermutation sorted(const Model& model, const World& world) const;

    /// The roles of the numbers that clients of one group draw, group by group.
    std::vector<std::vector<OriginRole>> roles() const;

   private:
    std::vector<std::vector<std::uint8_t>> groups_;
};

/// The world in which each client has taken the place of another.
void permute_clients(const Model& model, World& world, const ClientPermutation& permutation);

template <class Holds>
void ClientSymmetry::keep_if(Holds&& holds) {
    std::erase_if(groups_, [&](const std::vector<std::uint8_t>& group) {
        for (std::size_t i = 1; i < group.size(); ++i) {
            ClientPermutation exchange;
            exchange.place[group[i - 1]] = group[i];
            exchange.place[group[i]] = group[i - 1];
            if (!holds(exchange)) return true;
        }
        return false;
    });
}

}  // namespace halfopen
