#include "explorer/state_store.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace halfopen::explorer {

namespace {

constexpr const char* too_many = "StateStore: more than 2^32 - 2 states";
constexpr std::size_t longest_string = std::size_t{1} << 31U;

/// The finaliser of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014): each input bit sways each output bit.
std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30U)) * 0xBF58'476D'1CE4'E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D0'49BB'1331'11EBULL;
    return x ^ (x >> 31U);
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
    if (bytes.size() >= sizeof(std::uint32_t)) {  // two words that may overlap: quicker than byte by byte
        std::array<std::uint32_t, 2> words{};
        std::memcpy(&words[0], bytes.data(), sizeof(std::uint32_t));
        std::memcpy(&words[1], bytes.last(sizeof(std::uint32_t)).data(), sizeof(std::uint32_t));
        rest = std::uint64_t{words[1]} << 32U | words[0];
    } else {
        for (const std::byte b : bytes) rest = (rest << 8U) | std::to_integer<std::uint64_t>(b);
    }
    return mix(hash ^ rest);
}

/// The bucket where the search for a string begins: the hash's middle bits scaled to the number of buckets
/// (Lemire, "Fast random integer generation in an interval", 2019), which need be no power of two.
std::size_t StateStore::home(std::uint64_t hash, std::size_t buckets) {
    const std::uint64_t middle = hash << part_bits >> 32U;
    return (middle * buckets) >> 32U;
}

std::uint32_t StateStore::slot_for(std::uint32_t id, std::uint64_t hash) const {
    return static_cast<std::uint32_t>(hash << id_bits_) | id;  // the lowest bits, which place nothing
}

void StateStore::prefetch(std::uint64_t hash) const {
    const Part& part = parts_[part_of(hash)];
    if (!part.buckets.empty()) __builtin_prefetch(&part.buckets[home(hash, part.buckets.size())]);
}

std::optional<std::uint32_t> StateStore::find(std::span<const std::byte> bytes) const {
    return find(bytes, hash_of(bytes));
}

std::optional<std::uint32_t> StateStore::find(std::span<const std::byte> bytes, std::uint64_t hash) const {
    const Part& part = parts_[part_of(hash)];
    if (part.buckets.empty()) return std::nullopt;
    const auto [bucket, index] = find_slot(part, bytes, hash);
    const std::uint32_t slot = part.buckets[bucket][index];
    if (slot == free_slot) return std::nullopt;
    return slot & id_mask();
}

std::pair<std::uint32_t, bool> StateStore::insert(std::span<const std::byte> bytes) {
    return insert(bytes, hash_of(bytes));
}

std::pair<std::uint32_t, bool> StateStore::insert(std::span<const std::byte> bytes, std::uint64_t hash) {
    Part& part = parts_[part_of(hash)];
    make_room(part, 1);
    const auto [bucket, index] = find_slot(part, bytes, hash);
    if (part.buckets[bucket][index] != free_slot) return {part.buckets[bucket][index] & id_mask(), false};
    const std::uint32_t id = size();
    append(bytes);
    make_room_for_ids(size());
    part.buckets[bucket][index] = slot_for(id, hash);
    ++part.used;
    return {id, true};
}

void StateStore::append(std::span<const std::byte> bytes) {
    if (size() >= max_size) throw std::length_error(too_many);
    if (bytes.size() >= longest_string) throw std::length_error("StateStore: a state of 2 GiB or more");
    strings_.push_back(bytes);
}

void StateStore::append(std::span<const std::byte> bytes, std::span<const std::size_t> ends) {
    if (max_size - size() < ends.size()) throw std::length_error(too_many);
    if (strings_.push_back_alike(bytes, ends)) return;
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
        append(bytes.subspan(begin, end - begin));
        begin = end;
    }
}

void StateStore::make_room_for_ids(std::uint64_t ids) {
    // So that no id fills all of its bits, as a free slot does.
    while (ids >= std::uint64_t{1} << id_bits_) widen_ids();
}

void StateStore::take(const Place& place, std::uint64_t hash, std::uint32_t name) {
    *place.slot = slot_for(name, hash);
    ++parts_[part_of(hash)].used;
}

void StateStore::make_room(Part& part, std::uint32_t more) {
    while (!has_room(part, more)) grow(part);
}

std::uint64_t StateStore::bytes_to_grow(std::size_t part, std::uint32_t more) const {
    const std::size_t now = parts_[part].buckets.size();
    std::size_t then = now;
    while (!has_room(parts_[part], more, then)) then = next_size(then);
    return (then - now) * sizeof(Bucket);
}

std::size_t StateStore::next_size(std::size_t buckets) const {
    // Growing means to read and hash the strings again.  Short ones of one length are found at once, and the
    // table is half of what they take, so it is kept full; beside long ones it weighs little.
    return buckets + (strings_.alike() && buckets > 8 ? buckets / 4 : buckets) + 1;
}

void StateStore::grow(Part& part) {
    const std::size_t old = part.buckets.size();
    const std::size_t wanted = next_size(old);
    Bucket empty;
    empty.fill(free_slot);
    decltype(part.buckets) grown(wanted, empty);
    std::vector<std::uint8_t> filled(wanted, 0);
    const auto ask_for = [this](const Bucket& bucket) {
        for (const std::uint32_t slot : bucket)
            if (slot != free_slot) strings_.prefetch(slot & id_mask());
    };
    if (old > 0) ask_for(part.buckets.front());
    for (std::size_t i = 0; i < old; ++i) {
        if (i + 1 < old) ask_for(part.buckets[i + 1]);
        for (const std::uint32_t slot : part.buckets[i]) {
            if (slot == free_slot) break;
            std::size_t at = home(hash_of(strings_[slot & id_mask()]), wanted);
            while (filled[at] == bucket_slots) at = at + 1 < wanted ? at + 1 : 0;
            grown[at][filled[at]++] = slot;
        }
    }
    part.buckets = std::move(grown);
}

/// Gives the ids two more bits of every slot, and the hash so many less.
void StateStore::widen_ids() {
    for (Part& part : parts_) {
        for (Bucket& bucket : part.buckets) {
            for (std::uint32_t& slot : bucket) {
                if (slot != free_slot)
                    slot = static_cast<std::uint32_t>(std::uint64_t{slot >> id_bits_} << (id_bits_ + 2)) |
                           (slot & id_mask());
            }
        }
    }
    id_bits_ += 2;
}

std::uint64_t StateStore::memory_bytes() const {
    std::uint64_t bytes = strings_.memory_bytes();
    for (const Part& part : parts_) bytes += part.buckets.size() * sizeof(Bucket);
    return bytes;
}

}  // namespace halfopen::explorer
