#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "explorer/huge_page_allocator.hpp"

namespace halfopen::explorer {

/// A set of byte strings that numbers its members 0, 1, 2, ... in order of insertion.
///
/// Membership is exact: strings are compared byte by byte, a hash only says where to look.  (Bit-state
/// hashing, Holzmann 1988, would be smaller, but a missed state could hide the very trap that is being looked
/// for.) The cost over the bytes themselves is one length byte (for strings under 128 bytes), 8 bytes of
/// address and 11 to 22 bytes of hash table for each string.
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
    [[nodiscard]] static std::uint32_t hash_of(std::span<const std::byte> bytes);
    std::pair<std::uint32_t, bool> insert(std::span<const std::byte> bytes, std::uint32_t hash);
    [[nodiscard]] std::optional<std::uint32_t> find(std::span<const std::byte> bytes,
                                                    std::uint32_t hash) const;

    /// The string numbered `id`, which must be < size().  The span stays valid, through later insertions too,
    /// as long as this store lives.
    [[nodiscard]] std::span<const std::byte> operator[](std::uint32_t id) const;

    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(places_.size()); }

    /// The bytes allocated by this store, O(1).
    [[nodiscard]] std::uint64_t memory_bytes() const;

   private:
    /// Where a string begins: at its length, in base 128, followed by the bytes.
    struct Place {
        std::uint32_t block;
        std::uint32_t offset;
    };
    /// A slot of the hash table.  Half of the hash is kept beside the id, so that neither passing over other
    /// strings nor growing the table has to touch the arena.
    struct Slot {
        std::uint32_t id;
        std::uint32_t hash;
    };

    [[nodiscard]] std::uint64_t slot_of(std::span<const std::byte> bytes, std::uint32_t hash) const;
    [[nodiscard]] Place append(std::span<const std::byte> bytes);
    void grow_table();

    std::vector<std::vector<std::byte>> blocks_;  // an arena: a block never grows beyond its first capacity
    std::vector<Place, HugePageAllocator<Place>> places_;  // per id
    std::vector<Slot, HugePageAllocator<Slot>>
        table_;  // open addressing with linear probing; a power of two, or empty
    std::uint64_t block_bytes_ = 0;
};

}  // namespace halfopen::explorer
