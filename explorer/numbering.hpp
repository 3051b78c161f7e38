#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "explorer/expansion.hpp"
#include "explorer/exploration.hpp"

namespace halfopen::explorer {

/// Gives the states that a batch of a search has found their numbers: those that they would have if a single
/// thread had met one after the other.  In four steps, of which two can be taken by many threads.
class Numbering {
   public:
    /// Newcomers whose parents are no less than max_depth deep are looked up but not entered.
    Numbering(Exploration& found, std::uint32_t max_depth) : found_(found), max_depth_(max_depth) {}

    /// The batch: consecutive nodes, expanded since the store was last changed.  False where there may be too
    /// many states for the store; then that is all.
    [[nodiscard]] bool begin(std::span<Expansion> batch);
    /// Finds out which newcomers of a shard (0 to StateStore::shards - 1) are the same.  Each shard once, by
    /// any thread.
    void sort_out(unsigned shard);
    /// All shards at once, in the order in which newcomers were met: quicker for one thread.
    void sort_out();
    /// Numbers those that are new, and the labels of all edges.
    void number();
    /// Enters the numbers into the store and encodes the edges of a part of the batch.  Each part once, by
    /// any thread.
    void encode(Expansion& part);
    /// Adds all parts to the graph.
    void enter();

    /// The first node that lacks a successor because of max_depth.
    [[nodiscard]] std::optional<std::uint32_t> first_cut() const { return first_cut_; }

   private:
    void make_room(std::size_t store_part);
    void sort_out(Expansion& part, std::uint32_t newcomer);
    void drop_what_is_not_entered(Expansion& part);

    Exploration& found_;
    std::uint32_t max_depth_;
    // Until it has its number a newcomer has a name, which is no less than the numbers given so far.
    std::span<Expansion> batch_;
    std::vector<std::span<const std::byte>> strings_;  // of newcomers, by their names
    std::vector<std::uint32_t> nodes_;                 // and the nodes that they are
    std::optional<std::uint32_t> first_cut_;
};

}  // namespace halfopen::explorer
