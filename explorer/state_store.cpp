#include "explorer/state_store.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "explorer/state_graph.hpp"

namespace halfopen::explorer {

namespace {

constexpr std::size_t smallest_block = std::size_t{1} << 12U;
constexpr std::size_t largest_block = std::size_t{1} << 22U;
constexpr std::size_t smallest_table = 64;
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

std::uint32_t StateStore::hash_of(std::span<const std::byte> bytes) {
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
    return static_cast<std::uint32_t>(mix(hash ^ rest));
}

std::span<const std::byte> StateStore::operator[](std::uint32_t id) const {
    const Place place = places_[id];
    const std::byte* at = blocks_[place.block].data() + place.offset;
    std::size_t length = 0;
    unsigned shift = 0;
    for (;;) {
        const auto digit = std::to_integer<std::size_t>(*at++);
        length |= (digit & 0x7FU) << shift;
        if (digit < 0x80U) {
            return {at, length};
        }
        shift += 7;
    }
}

/// The slot that holds `bytes`, or else the free one where it belongs.
std::uint64_t StateStore::slot_of(std::span<const std::byte> bytes, std::uint32_t hash) const {
    const std::uint64_t mask = table_.size() - 1;
    std::uint64_t slot = hash & mask;
    while (table_[slot].id != no_node &&
           !(table_[slot].hash == hash && equal((*this)[table_[slot].id], bytes))) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

std::optional<std::uint32_t> StateStore::find(std::span<const std::byte> bytes) const {
    return find(bytes, hash_of(bytes));
}

std::optional<std::uint32_t> StateStore::find(std::span<const std::byte> bytes, std::uint32_t hash) const {
    if (table_.empty()) {
        return std::nullopt;
    }
    const std::uint32_t id = table_[slot_of(bytes, hash)].id;
    return id == no_node ? std::nullopt : std::optional(id);
}

std::pair<std::uint32_t, bool> StateStore::insert(std::span<const std::byte> bytes) {
    return insert(bytes, hash_of(bytes));
}

std::pair<std::uint32_t, bool> StateStore::insert(std::span<const std::byte> bytes, std::uint32_t hash) {
    if (4 * (places_.size() + 1) > 3 * table_.size()) {
        grow_table();
    }
    Slot& slot = table_[slot_of(bytes, hash)];
    if (slot.id != no_node) {
        return {slot.id, false};
    }
    if (places_.size() >= max_size) {
        throw std::length_error("StateStore: more than 2^32 - 2 states");
    }
    const std::uint32_t id = size();
    places_.push_back(append(bytes));
    slot = {id, hash};
    return {id, true};
}

StateStore::Place StateStore::append(std::span<const std::byte> bytes) {
    if (bytes.size() >= longest_string) {
        throw std::length_error("StateStore: a state of 2 GiB or more");
    }
    const std::size_t needed = bytes.size() + longest_prefix;
    if (blocks_.empty() || blocks_.back().capacity() - blocks_.back().size() < needed) {
        const std::size_t last = blocks_.empty() ? 0 : blocks_.back().capacity();
        const std::size_t wanted = std::max(needed, std::clamp(2 * last, smallest_block, largest_block));
        blocks_.emplace_back().reserve(wanted);
        block_bytes_ += blocks_.back().capacity();
    }
    std::vector<std::byte>& block = blocks_.back();
    const Place place{static_cast<std::uint32_t>(blocks_.size() - 1),
                      static_cast<std::uint32_t>(block.size())};
    std::size_t length = bytes.size();
    for (; length >= 0x80U; length >>= 7U) {
        block.push_back(static_cast<std::byte>((length & 0x7FU) | 0x80U));
    }
    block.push_back(static_cast<std::byte>(length));
    block.insert(block.end(), bytes.begin(), bytes.end());
    return place;
}

void StateStore::grow_table() {
    const std::size_t wanted = std::max(smallest_table, 2 * table_.size());
    std::vector<Slot, HugePageAllocator<Slot>> grown(wanted, Slot{no_node, 0});
    const std::uint64_t mask = grown.size() - 1;
    for (const Slot& slot : table_) {
        if (slot.id == no_node) {
            continue;
        }
        std::uint64_t at = slot.hash & mask;
        while (grown[at].id != no_node) {
            at = (at + 1) & mask;
        }
        grown[at] = slot;
    }
    table_ = std::move(grown);
}

std::uint64_t StateStore::memory_bytes() const {
    return block_bytes_ + blocks_.capacity() * sizeof(blocks_[0]) + places_.capacity() * sizeof(Place) +
           table_.capacity() * sizeof(Slot);
}

}  // namespace halfopen::explorer
