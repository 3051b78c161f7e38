#include "spec/world/renamings.hpp"

#include <algorithm>
#include <new>

namespace halfopen {

std::vector<Origin> Renamings::Entry::origins() const {
    std::vector<Origin> all;
    all.reserve(size());
    for (std::size_t i = 0; i < size(); ++i) all.push_back(origin(i));
    return all;
}

bool Renamings::Entry::is_of(std::span<const Origin> origins) const {
    if (origins.size() != size()) return false;
    for (std::size_t i = 0; i < origins.size(); ++i)
        if (origin(i) != origins[i]) return false;
    return true;
}

bool operator<(const Renamings::Entry& a, const Renamings::Entry& b) {
    const std::size_t common = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < common; ++i)
        if (const auto order = a.origin(i) <=> b.origin(i); order != 0) return order < 0;
    return a.size() < b.size();
}

bool operator==(const Renamings::Entry& a, const Renamings::Entry& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a.origin(i) != b.origin(i)) return false;
    return true;
}

std::uint64_t Renamings::hash(std::span<const Origin> origins) {
    std::uint64_t h = origins.size();
    for (const Origin& origin : origins) {
        h = (h ^ (std::uint64_t{origin.role} << 32U | origin.value)) * 0x9E3779B97F4A7C15ULL;
        h ^= h >> 29U;
    }
    return h;
}

std::optional<Renamings::Entry> Renamings::find(std::span<const Origin> origins) const {
    const auto place =
        places_.find(hash(origins), [&](std::uint32_t at) { return entry(at).is_of(origins); });
    if (!place) return std::nullopt;
    return entry(*place);
}

Renamings::Entry Renamings::add(std::span<const Origin> origins, std::span<const std::uint32_t> values) {
    const std::size_t size = origins.size();
    const std::size_t wanted = Entry::words_for(size);
    if (pieces_.empty() || piece_words - pieces_.back().used < wanted) {
        if (pieces_.size() == (std::uint64_t{1} << 32U) / piece_words - 1) throw std::bad_alloc();
        pieces_.push_back({std::unique_ptr<std::uint32_t[]>(new std::uint32_t[piece_words]), 0});
    }
    Piece& piece = pieces_.back();
    const auto place = static_cast<std::uint32_t>((pieces_.size() - 1) * piece_words + piece.used);
    std::uint32_t* const words = &piece.words[piece.used];
    std::fill_n(words, wanted, 0U);
    words[0] = static_cast<std::uint32_t>(size);
    for (std::size_t i = 0; i < size; ++i) {
        words[1 + i] = origins[i].value;
        words[1 + size + i] = values[i];
        words[1 + 2 * size + i / Entry::roles_in_word] |= std::uint32_t{origins[i].role}
                                                          << (8 * (i % Entry::roles_in_word));
    }
    places_.add(hash(origins), place);
    piece.used += wanted;
    ++size_;
    return Entry(words);
}

void Renamings::add(const Renamings& other) {
    std::vector<Origin> origins;
    (void)other.all_of([&](const Entry& one) {
        origins = one.origins();
        if (!find(origins)) add(origins, one.values());
        return true;
    });
}

std::uint64_t Renamings::memory_bytes() const {
    // Eight for a slot, of which three eighths are full at least.
    constexpr std::uint64_t bytes_of_place = 22;
    return pieces_.size() * piece_words * sizeof(std::uint32_t) + bytes_of_place * size_;
}

}  // namespace halfopen
