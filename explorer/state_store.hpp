#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

    /// Several threads can add strings together.  The table is cut into shards; while each is worked on by
    /// one thread, a string that is new is taken into it under a name, which is no less than size() and which
    /// string_of(name) knows.  Then append() adds the new strings in the order that they are to have, and
    /// settle() puts their numbers in the place of their names.
    static constexpr unsigned shards = 8;
    [[nodiscard]] static unsigned shard_of(std::uint64_t hash) { return hash >> (64 - shard_bits); }
    /// A shard is so many parts, which grow each by itself.
    static constexpr unsigned parts_of_shard = 8;
    static constexpr unsigned parts = shards * parts_of_shard;
    [[nodiscard]] static std::size_t part_of(std::uint64_t hash) { return hash >> (64 - part_bits); }
    /// Before all that: names and numbers will be less than `ids`, at most max_size.
    void make_room_for_ids(std::uint64_t ids);
    /// First of all for each part: so many strings will be added to it.
    void make_room(std::size_t part, std::uint32_t more) { make_room(parts_[part], more); }
    /// How much memory make_room() takes beside what it gives back.
    [[nodiscard]] std::uint64_t bytes_to_grow(std::size_t part, std::uint32_t more) const;
    /// Whether there is room for them already.
    [[nodiscard]] bool has_room(std::size_t part, std::uint32_t more) const {
        return has_room(parts_[part], more);
    }
    struct Place {
        std::uint32_t* slot;              ///< as long as there was room
        std::optional<std::uint32_t> id;  ///< number or name of the string, if it is there
    };
    template <class StringOf>
    [[nodiscard]] Place place_of(std::span<const std::byte> bytes, std::uint64_t hash,
                                 const StringOf& string_of);
    /// Puts a string that was not there where it belongs.
    void take(const Place& place, std::uint64_t hash, std::uint32_t name);
    void settle(std::uint32_t* slot, std::uint32_t id) const { *slot = (*slot & ~id_mask()) | id; }
    /// The string numbered size().  Throws std::length_error as insert() does.
    void append(std::span<const std::byte> bytes);
    /// Several that stand one after the other in `bytes`, each up to one of `ends`.
    void append(std::span<const std::byte> bytes, std::span<const std::size_t> ends);

    /// The string numbered `id`, which must be < size().  The span stays valid, through later insertions too,
    /// as long as this store lives.
    [[nodiscard]] std::span<const std::byte> operator[](std::uint32_t id) const { return strings_[id]; }

    [[nodiscard]] std::uint32_t size() const { return strings_.size(); }

    /// The bytes allocated by this store.
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
    static constexpr unsigned shard_bits = 3;
    static_assert(parts == 1U << part_bits && shards == 1U << shard_bits);
    static constexpr std::uint32_t free_slot = 0xFFFF'FFFFU;

    [[nodiscard]] static std::size_t home(std::uint64_t hash, std::size_t buckets);
    [[nodiscard]] std::uint32_t id_mask() const {
        return static_cast<std::uint32_t>((std::uint64_t{1} << id_bits_) - 1);
    }
    [[nodiscard]] std::uint32_t slot_for(std::uint32_t id, std::uint64_t hash) const;
    [[nodiscard]] static bool equal(std::span<const std::byte> a, std::span<const std::byte> b) {
        return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
    }
    template <class StringOf>
    [[nodiscard]] Slot find_slot(const Part& part, std::span<const std::byte> bytes, std::uint64_t hash,
                                 const StringOf& string_of) const;
    [[nodiscard]] Slot find_slot(const Part& part, std::span<const std::byte> bytes,
                                 std::uint64_t hash) const {
        return find_slot(part, bytes, hash, [this](std::uint32_t id) { return strings_[id]; });
    }
    /// Seven eighths full at most: then hardly any search leaves its first bucket.
    [[nodiscard]] static bool has_room(const Part& part, std::uint32_t more) {
        return has_room(part, more, part.buckets.size());
    }
    [[nodiscard]] static bool has_room(const Part& part, std::uint32_t more, std::size_t buckets) {
        return 8 * (std::size_t{part.used} + more) <= 7 * bucket_slots * buckets;
    }
    void make_room(Part& part, std::uint32_t more);
    /// How many buckets follow so many.
    [[nodiscard]] std::size_t next_size(std::size_t buckets) const;
    void grow(Part& part);
    void widen_ids();

    unsigned id_bits_ = 22;
    StringColumn strings_;
    std::array<Part, parts> parts_;
};

/// The slot that holds `bytes`, or else the free one where it belongs.
template <class StringOf>
StateStore::Slot StateStore::find_slot(const Part& part, std::span<const std::byte> bytes, std::uint64_t hash,
                                       const StringOf& string_of) const {
    const std::uint32_t wanted = slot_for(0, hash);
    const std::uint32_t mask = id_mask();
    const std::size_t buckets = part.buckets.size();
    for (std::size_t at = home(hash, buckets);; at = at + 1 < buckets ? at + 1 : 0) {
        const Bucket& bucket = part.buckets[at];
        for (std::size_t i = 0; i < bucket_slots; ++i) {
            const std::uint32_t slot = bucket[i];
            if (slot == free_slot || ((slot & ~mask) == wanted && equal(string_of(slot & mask), bytes)))
                return {at, i};
        }
    }
}

template <class StringOf>
StateStore::Place StateStore::place_of(std::span<const std::byte> bytes, std::uint64_t hash,
                                       const StringOf& string_of) {
    Part& part = parts_[part_of(hash)];
    const auto either = [&](std::uint32_t id) { return id < size() ? strings_[id] : string_of(id); };
    const auto [bucket, index] = find_slot(part, bytes, hash, either);
    std::uint32_t& slot = part.buckets[bucket][index];
    if (slot == free_slot) return {&slot, std::nullopt};
    return {&slot, slot & id_mask()};
}

}  // namespace halfopen::explorer
