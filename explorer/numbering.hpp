#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "explorer/expansion.hpp"
#include "explorer/exploration.hpp"

namespace halfopen::explorer {

/// Gives the states that a batch of a search has found their numbers: those that they would have if a single
/// thread had met one after the other.  In steps, of which most can be taken by many threads.
class Numbering {
   public:
    /// Newcomers whose parents are no less than max_depth deep are looked up but not entered.
    Numbering(Exploration& found, std::uint32_t max_depth) : found_(found), max_depth_(max_depth) {}

    /// The batch: consecutive nodes, expanded since the store was last changed.  False where there may be too
    /// many states for the store; then that is all.
    [[nodiscard]] bool begin(std::span<Expansion> batch);
    /// The most memory that all that follows will take.
    [[nodiscard]] std::uint64_t bytes_to_come() const;
    /// How many parts of the store have to grow first.
    [[nodiscard]] std::uint32_t growing() const { return static_cast<std::uint32_t>(growing_.size()); }
    /// Makes one of them larger.  Each once, by any thread.
    void grow(std::uint32_t i) { found_.states.make_room(growing_[i], more_[growing_[i]]); }
    /// Finds out which newcomers of a shard (0 to StateStore::shards - 1) are the same.  Each shard once, by
    /// any thread.
    void sort_out(unsigned shard);
    /// Numbers those that are new, and the labels of all edges.
    void number();
    /// Enters the numbers into the store, encodes the edges of a part of the batch and puts together what is
    /// new.  Each part once, by any thread.
    void encode(Expansion& part);
    /// Adds all parts to the graph.
    void enter();

    /// The first node that lacks a successor because of max_depth.
    [[nodiscard]] std::optional<std::uint32_t> first_cut() const { return first_cut_; }

   private:
    /// Until it has its number a newcomer has a name: how many of its shard were met before it, added to the
    /// numbers given so far.  What is known by names lies apart for each shard, whose thread writes it.
    struct alignas(apart) Named {
        std::vector<std::span<const std::byte>> strings;
        std::vector<std::uint32_t> nodes;
    };

    void sort_out(const Expansion& part, Expansion::Candidate& one, Named& named);
    void drop_what_is_not_entered(Expansion& part);

    Exploration& found_;
    std::uint32_t max_depth_;
    std::span<Expansion> batch_;
    std::array<std::uint32_t, StateStore::parts> more_{};  // newcomers in each part of the store
    std::vector<std::size_t> growing_;
    std::array<Named, StateStore::shards> named_;
    std::vector<std::uint32_t> nodes_;  // that the newcomers are, as they were met
    std::optional<std::uint32_t> first_cut_;
};

}  // namespace halfopen::explorer
