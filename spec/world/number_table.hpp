/// Which number a thing has, by its hash.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace halfopen {

/// A hash table with open addressing that keeps of each thing its number and 32 bits of its hash.
class NumberTable {
   public:
    /// is_it(number): whether the thing that has that number is the one.
    template <class IsIt>
    std::optional<std::uint32_t> find(std::uint64_t hash, const IsIt& is_it) const {
        if (slots_.empty()) return std::nullopt;
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t at = home(hash) & mask;; at = (at + 1) & mask) {
            const Slot& slot = slots_[at];
            if (slot.number == none) return std::nullopt;
            if (slot.hash == static_cast<std::uint32_t>(hash) && is_it(slot.number)) return slot.number;
        }
    }
    /// It must not be in the table; nor may there be 2^32 - 1 things.
    void add(std::uint64_t hash, std::uint32_t number) {
        if (4 * (used_ + 1) > 3 * slots_.size()) grow();
        put({static_cast<std::uint32_t>(hash), number});
        ++used_;
    }
    std::size_t size() const { return used_; }
    /// Forgets all, and keeps the memory for what comes.
    void clear() {
        slots_.assign(slots_.size(), Slot{});
        used_ = 0;
    }

   private:
    static constexpr std::uint32_t none = UINT32_MAX;
    static constexpr std::size_t least = 16;  // slots
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t number = none;
    };

    static std::size_t home(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }
    void put(Slot slot) {
        const std::size_t mask = slots_.size() - 1;
        std::size_t at = home(slot.hash) & mask;
        while (slots_[at].number != none) at = (at + 1) & mask;
        slots_[at] = slot;
    }
    void grow() {
        std::vector<Slot> old(slots_.empty() ? least : 2 * slots_.size());
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.number != none) put(slot);
        }
    }

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
};

/// The same for very many things: it is cut into parts that grow each by itself, so that at no moment much
/// memory is asked for at once.
class LargeNumberTable {
   public:
    template <class IsIt>
    std::optional<std::uint32_t> find(std::uint64_t hash, const IsIt& is_it) const {
        return parts_[part_of(hash)].find(hash, is_it);
    }
    void add(std::uint64_t hash, std::uint32_t number) { parts_[part_of(hash)].add(hash, number); }

   private:
    static constexpr unsigned part_bits = 6;
    /// Not the bits that find a place within a part, nor such as are not kept.
    static std::size_t part_of(std::uint64_t hash) {
        return static_cast<std::uint32_t>(hash) >> (32 - part_bits);
    }

    std::array<NumberTable, std::size_t{1} << part_bits> parts_;
};

}  // namespace halfopen
