/// The explored graph as one client sees it.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "check/attempt_nodes.hpp"
#include "check/exploration_with_cells.hpp"

namespace halfopen {

/// Where interchangeable clients are taken for one another, a node does not say which place a given client
/// has: that depends on the way there.  This graph has a node for each node of the exploration and each place
/// that the client may have in it, and its edges lead to where the client then stands.  For a client that
/// always keeps its place it is the explored graph itself.  A node's edges are in the order of those of
/// explored(node).
class FollowedClient {
   public:
    FollowedClient(const WorldExploration& exploration, const RetakenSteps& steps, std::size_t client);
    FollowedClient(const FollowedClient&) = delete;
    FollowedClient& operator=(const FollowedClient&) = delete;

    const explorer::StateGraph& graph() const { return unfolded_ ? *unfolded_ : explored_; }
    /// The node of the exploration that a node of this graph belongs to, and the client's place there.
    std::uint32_t explored(std::uint32_t node) const {
        return static_cast<std::uint32_t>(node / places_.size());
    }
    std::size_t place(std::uint32_t node) const { return places_[node % places_.size()]; }
    bool recovered(std::uint32_t node) const;

   private:
    void unfold(const RetakenSteps& steps);

    const explorer::StateGraph& explored_;
    std::vector<std::uint8_t> places_;
    std::optional<explorer::StateGraph> unfolded_;
};

/// The clients of an exploration, each followed once for all that is asked about its attempts.
class FollowedClients {
   public:
    /// The exploration must stay as it is.
    explicit FollowedClients(const WorldExploration& exploration, RetakenSteps steps)
        : exploration_(exploration), steps_(std::move(steps)) {}
    explicit FollowedClients(WorldExploration& exploration)
        : FollowedClients(exploration, RetakenSteps(exploration)) {}

    const WorldExploration& exploration() const { return exploration_; }
    const RetakenSteps& steps() const { return steps_; }
    const FollowedClient& follow(std::size_t client) {
        return followed_.try_emplace(client, exploration_, steps_, client).first->second;
    }

   private:
    const WorldExploration& exploration_;
    RetakenSteps steps_;
    std::map<std::size_t, FollowedClient> followed_;
};

/// One client for all that are interchangeable with it: its index, and theirs with its own.
std::vector<std::vector<std::uint8_t>> alike_clients(const WorldExploration& exploration);

}  // namespace halfopen
