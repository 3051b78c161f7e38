#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "explorer/columns.hpp"
#include "explorer/huge_page_allocator.hpp"

namespace halfopen::explorer {

/// A set of byte strings that numbers its members 0, 1, 2, ... in order of insertion.
///
/// Membership is exact: strings are compared byte by byte, a hash only says where to look.  (Bit-state
/// hashing, Holzmann 1988, would be smaller, but a missed state could hide the very trap that is being looked
/// for.) The cost over the bytes themselves is one length byte (for strings under 128 bytes), one byte of
/// address and 5 to 11 bytes of hash table for each string.
///
/// The table is cut into 64 parts that grow each by itself, so that no insertion has to wait for all of it.
class StateStore {
   public:
    /// The most strings a store can hold; keeps one 32-bit value free to mean "none".
    static constexpr std::uint32_t max_size = 0xFFFF'FFFEU;

    /// The id of `bytes`, and whether it is new.  Expected O(length).
    /// Throws std::length_error when the store is full or `bytes` is 2 GiB or longer.
    std::pair<std::uint32_t, bool> insert(std::span<const std::byte> bytes);

    /// The id of `bytes` if it is in the store.  Expected O(length).  Threads may look things up at the same
    /// time, while none inserts.
    [[nodiscard]] std::optional<std::uint32_t> find(std::span<const std::byte> bytes) const;

    /// Who looks a string up more than once can spare the hashing: `hash` must be hash_of(bytes).
    [[nodiscard]] static std::uint64_t hash_of(std::span<const std::byte> bytes);
    std::pair<std::uint32_t, bool> insert(std::span<const std::byte> bytes, std::uint64_t hash);
    [[nodiscard]] std::optional<std::uint32_t> find(std::span<const std::byte> bytes,
                                                    std::uint64_t hash) const;
    /// Asks the memory for what find() will have to look at: to be called a little before it.
    void prefetch(std::uint64_t hash) const;

    /// The string numbered `id`, which must be < size().  The span stays valid, through later insertions too,
    /// as long as this store lives.
    [[nodiscard]] std::span<const std::byte> operator[](std::uint32_t id) const;

    [[nodiscard]] std::uint32_t size() const { return size_; }

    /// The bytes allocated by this store, O(1).
    [[nodiscard]] std::uint64_t memory_bytes() const;

   private:
    /// Where a string begins: at its length, in base 128, followed by the bytes.
    struct Place {
        std::uint32_t block;
        std::uint32_t offset;
    };
    /// Open addressing with linear probing; a power of two, or empty.  A slot is an id in its lower id_bits_
    /// and above it as much of the hash as there is room for, which keeps most strangers away from the arena.
    struct Part {
        std::vector<std::uint32_t, HugePageAllocator<std::uint32_t>> slots;
        std::uint32_t used = 0;
    };

    static constexpr unsigned part_bits = 6;
    static constexpr std::uint32_t group = 8;  // strings that share one Place

    [[nodiscard]] static std::size_t part_of(std::uint64_t hash) { return hash >> (64 - part_bits); }
    [[nodiscard]] std::uint32_t slot_for(std::uint32_t id, std::uint64_t hash) const;
    [[nodiscard]] std::size_t find_slot(const Part& part, std::span<const std::byte> bytes,
                                        std::uint64_t hash) const;
    void append(std::span<const std::byte> bytes);
    void grow(Part& part);
    void widen_ids();

    std::uint32_t size_ = 0;
    unsigned id_bits_ = 24;
    std::vector<std::vector<std::byte>> blocks_;  // an arena: a block never grows beyond its first capacity
    std::vector<std::uint32_t> first_in_block_;   // the id of each block's first string
    Column<Place> places_;                        // of every group's first string
    std::array<Part, 1U << part_bits> parts_;
    std::uint64_t block_bytes_ = 0;
    std::uint64_t table_bytes_ = 0;
};

}  // namespace halfopen::explorer
