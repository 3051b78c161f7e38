#include "explorer/state_store.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "explorer/state_graph.hpp"

namespace halfopen::explorer {

namespace {

constexpr std::size_t smallest_block = std::size_t{1} << 12U;
constexpr std::size_t largest_block = std::size_t{1} << 22U;
constexpr std::size_t smallest_part = 16;
constexpr std::size_t longest_string = std::size_t{1} << 31U;
constexpr std::size_t longest_prefix = 5;

/// The finaliser of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014): each input bit sways each output bit.
std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xBF58'476D'1CE4'E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D0'49BB'1331'11EBULL;
    return x ^ (x >> 31U);
}

bool equal(std::span<const std::byte> a, std::span<const std::byte> b) {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace

std::uint64_t StateStore::hash_of(std::span<const std::byte> bytes) {
    std::uint64_t hash = 0x9E37'79B9'7F4A'7C15ULL * (bytes.size() + 1);
    while (bytes.size() >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), sizeof word);
        hash = mix(hash ^ word);
        bytes = bytes.subspan(sizeof word);
    }
    std::uint64_t rest = 0;
    for (const std::byte b : bytes) {
        rest = (rest << 8U) | std::to_integer<std::uint64_t>(b);
    }
    return mix(hash ^ rest);
}

std::span<const std::byte> StateStore::operator[](std::uint32_t id) const {
    Place place = places_[id / group];
    std::uint32_t ahead = id % group;
    for (; place.block + 1 < first_in_block_.size() && first_in_block_[place.block + 1] <= id;) {
        ++place.block;
        place.offset = 0;
        ahead = id - first_in_block_[place.block];
    }
    const std::byte* at = blocks_[place.block].data() + place.offset;
    for (;; --ahead) {
        std::size_t length = 0;
        unsigned shift = 0;
        std::size_t digit = 0x80U;
        for (; digit >= 0x80U; shift += 7) {
            digit = std::to_integer<std::size_t>(*at++);
            length |= (digit & 0x7FU) << shift;
        }
        if (ahead == 0) {
            return {at, length};
        }
        at += length;
    }
}

std::uint32_t StateStore::slot_for(std::uint32_t id, std::uint64_t hash) const {
    const std::uint64_t above = hash >> 24U;  // neither the bits that choose the part nor, mostly, the slot
    return static_cast<std::uint32_t>(above << id_bits_) | id;
}

/// The slot that holds `bytes`, or else the free one where it belongs.
std::size_t StateStore::find_slot(const Part& part, std::span<const std::byte> bytes,
                                  std::uint64_t hash) const {
    const std::size_t mask = part.slots.size() - 1;
    const std::uint32_t wanted = slot_for(0, hash);
    const auto id_mask = static_cast<std::uint32_t>((std::uint64_t{1} << id_bits_) - 1);
    std::size_t at = hash & mask;
    for (;; at = (at + 1) & mask) {
        const std::uint32_t slot = part.slots[at];
        if (slot == no_node || ((slot & ~id_mask) == wanted && equal((*this)[slot & id_mask], bytes))) {
            return at;
        }
    }
}

void StateStore::prefetch(std::uint64_t hash) const {
    const Part& part = parts_[part_of(hash)];
    if (!part.slots.empty()) {
        __builtin_prefetch(&part.slots[hash & (part.slots.size() - 1)]);
    }
}

std::optional<std::uint32_t> StateStore::find(std::span<const std::byte> bytes) const {
    return find(bytes, hash_of(bytes));
}

std::optional<std::uint32_t> StateStore::find(std::span<const std::byte> bytes, std::uint64_t hash) const {
    const Part& part = parts_[part_of(hash)];
    if (part.slots.empty()) {
        return std::nullopt;
    }
    const std::uint32_t slot = part.slots[find_slot(part, bytes, hash)];
    if (slot == no_node) {
        return std::nullopt;
    }
    return slot & static_cast<std::uint32_t>((std::uint64_t{1} << id_bits_) - 1);
}

std::pair<std::uint32_t, bool> StateStore::insert(std::span<const std::byte> bytes) {
    return insert(bytes, hash_of(bytes));
}

std::pair<std::uint32_t, bool> StateStore::insert(std::span<const std::byte> bytes, std::uint64_t hash) {
    Part& part = parts_[part_of(hash)];
    if (5 * (std::size_t{part.used} + 1) > 4 * part.slots.size()) {
        grow(part);
    }
    const std::size_t at = find_slot(part, bytes, hash);
    if (part.slots[at] != no_node) {
        return {part.slots[at] & static_cast<std::uint32_t>((std::uint64_t{1} << id_bits_) - 1), false};
    }
    if (size_ >= max_size) {
        throw std::length_error("StateStore: more than 2^32 - 2 states");
    }
    if (size_ + 1ULL == std::uint64_t{1} << id_bits_) {
        widen_ids();  // so that no id fills all of its bits, as no_node does
    }
    append(bytes);
    part.slots[at] = slot_for(size_, hash);
    ++part.used;
    return {size_++, true};
}

void StateStore::append(std::span<const std::byte> bytes) {
    if (bytes.size() >= longest_string) {
        throw std::length_error("StateStore: a state of 2 GiB or more");
    }
    const std::size_t needed = bytes.size() + longest_prefix;
    if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < needed) {
        const std::size_t last = blocks_.empty() ? 0 : blocks_.back().capacity();
        const std::size_t wanted = std::max(needed, std::clamp(2 * last, smallest_block, largest_block));
        blocks_.emplace_back().reserve(wanted);
        first_in_block_.push_back(size_);
        block_bytes_ += blocks_.back().capacity();
    }
    std::vector<std::byte>& block = blocks_.back();
    if (size_ % group == 0) {
        places_.push_back(
            {static_cast<std::uint32_t>(blocks_.size() - 1), static_cast<std::uint32_t>(block.size())});
    }
    std::size_t length = bytes.size();
    for (; length >= 0x80U; length >>= 7U) {
        block.push_back(static_cast<std::byte>((length & 0x7FU) | 0x80U));
    }
    block.push_back(static_cast<std::byte>(length));
    block.insert(block.end(), bytes.begin(), bytes.end());
}

void StateStore::grow(Part& part) {
    const std::size_t wanted = std::max(smallest_part, 2 * part.slots.size());
    decltype(part.slots) grown(wanted, no_node);
    const auto id_mask = static_cast<std::uint32_t>((std::uint64_t{1} << id_bits_) - 1);
    for (const std::uint32_t slot : part.slots) {
        if (slot == no_node) {
            continue;
        }
        std::size_t at = hash_of((*this)[slot & id_mask]) & (wanted - 1);
        while (grown[at] != no_node) {
            at = (at + 1) & (wanted - 1);
        }
        grown[at] = slot;
    }
    table_bytes_ += (wanted - part.slots.size()) * sizeof(std::uint32_t);
    part.slots = std::move(grown);
}

/// Gives the ids two more bits of every slot, and the hash so many less.
void StateStore::widen_ids() {
    const auto id_mask = static_cast<std::uint32_t>((std::uint64_t{1} << id_bits_) - 1);
    for (Part& part : parts_) {
        for (std::uint32_t& slot : part.slots) {
            if (slot != no_node) {
                const std::uint64_t above = slot >> id_bits_;
                slot = static_cast<std::uint32_t>(above << (id_bits_ + 2)) | (slot & id_mask);
            }
        }
    }
    id_bits_ += 2;
}

std::uint64_t StateStore::memory_bytes() const {
    return block_bytes_ + blocks_.capacity() * (sizeof(blocks_[0]) + sizeof(std::uint32_t)) +
           places_.memory_bytes() + table_bytes_;
}

}  // namespace halfopen::explorer
