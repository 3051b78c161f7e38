/// Which number a thing has, by its hash.
#pragma once

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

   private:
    static constexpr std::uint32_t none = UINT32_MAX;
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
        std::vector<Slot> old(slots_.empty() ? 64 : 2 * slots_.size());
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.number != none) put(slot);
        }
    }

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
};

}  // namespace halfopen
