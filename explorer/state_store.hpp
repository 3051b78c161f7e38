#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "explorer/huge_page_allocator.hpp"
#include "explorer/string_column.hpp"

namespace halfopen::explorer {

/// A set of byte strings that numbers its members 0, 1, 2, ... in order of insertion.
///
/// Membership is exact: strings are compared byte by byte, a hash only says where to look.  (Bit-state
/// hashing, Holzmann 1988, would be smaller, but a missed state could hide the very trap that is being looked
/// for.) The cost over the bytes themselves is 4.6 to 5.7 bytes of hash table for each string as long as all
/// are short and of one length; else 4.6 to 9.1, and 1.5 for the lengths.
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
    [[nodiscard]] std::span<const std::byte> operator[](std::uint32_t id) const { return strings_[id]; }

    [[nodiscard]] std::uint32_t size() const { return strings_.size(); }

    /// The bytes allocated by this store, O(1).
    [[nodiscard]] std::uint64_t memory_bytes() const;

   private:
    /// Linear probing over buckets of a cache line each, which are filled from their beginning.  A slot is an
    /// id in its lower id_bits_ and above it as much of the hash as there is room for, which keeps most
    /// strangers away from the strings.
    static constexpr std::size_t bucket_slots = 16;
    using Bucket = std::array<std::uint32_t, bucket_slots>;
    struct Part {
        std::vector<Bucket, HugePageAllocator<Bucket>> buckets;
        std::uint32_t used = 0;
    };
    struct Slot {
        std::size_t bucket;
        std::size_t index;
    };

    static constexpr unsigned part_bits = 6;

    [[nodiscard]] static std::size_t part_of(std::uint64_t hash) { return hash >> (64 - part_bits); }
    [[nodiscard]] static std::size_t home(std::uint64_t hash, std::size_t buckets);
    [[nodiscard]] std::uint32_t id_mask() const {
        return static_cast<std::uint32_t>((std::uint64_t{1} << id_bits_) - 1);
    }
    [[nodiscard]] std::uint32_t slot_for(std::uint32_t id, std::uint64_t hash) const;
    [[nodiscard]] Slot find_slot(const Part& part, std::span<const std::byte> bytes,
                                 std::uint64_t hash) const;
    void grow(Part& part);
    void widen_ids();

    unsigned id_bits_ = 22;
    StringColumn strings_;
    std::array<Part, 1U << part_bits> parts_;
    std::uint64_t table_bytes_ = 0;
};

}  // namespace halfopen::explorer
