#include "explorer/string_column.hpp"

#include <algorithm>
#include <cstring>

namespace halfopen::explorer {

void StringColumn::push_back(std::span<const std::byte> bytes) {
    if (size_ == 0) length_ = bytes.size();
    if (alike_ < size_ || bytes.size() != length_ || length_ > longest_alike) {
        push_back_unlike(bytes);
    } else {
        if (alike_ % alike_piece == 0) alike_pieces_.emplace_back().reserve(alike_piece * length_);
        std::vector<std::byte>& piece = alike_pieces_.back();
        piece.insert(piece.end(), bytes.begin(), bytes.end());
        ++alike_;
    }
    ++size_;
}

bool StringColumn::push_back_alike(std::span<const std::byte> bytes, std::span<const std::size_t> ends) {
    if (!alike() || length_ == 0 || length_ > longest_alike) return false;
    std::size_t end = 0;
    for (const std::size_t each : ends)
        if (each != (end += length_)) return false;
    while (!bytes.empty()) {
        if (alike_ % alike_piece == 0) alike_pieces_.emplace_back().reserve(alike_piece * length_);
        const auto left = bytes.first(std::min(bytes.size(), (alike_piece - alike_ % alike_piece) * length_));
        bytes = bytes.subspan(left.size());
        std::vector<std::byte>& piece = alike_pieces_.back();
        piece.insert(piece.end(), left.begin(), left.end());
        alike_ += static_cast<std::uint32_t>(left.size() / length_);
    }
    size_ = alike_;
    return true;
}

void StringColumn::push_back_unlike(std::span<const std::byte> bytes) {
    const std::uint32_t member = (size_ - alike_) % group;
    if (member == 0) groups_.push_back({bytes_.reserve(group * std::size_t{long_string}), {}});
    Group& last = groups_.at(groups_.size() - 1);
    if (bytes.size() < long_string) {
        last.lengths[member] = static_cast<std::uint8_t>(bytes.size());
        bytes_.append(bytes);
        return;
    }
    last.lengths[member] = long_string;
    const ByteArena::Place place = long_bytes_.append(bytes);
    const std::array<std::uint32_t, 3> reference{place.piece, place.offset,
                                                 static_cast<std::uint32_t>(bytes.size())};
    static_assert(sizeof reference == long_reference);
    bytes_.append(std::as_bytes(std::span(reference)));
}

std::span<const std::byte> StringColumn::unlike(std::uint32_t index) const {
    const Group& in = groups_.at(index / group);
    const std::uint32_t member = index % group;
    const std::byte* at = bytes_[in.at];
    for (std::uint32_t before = 0; before < member; ++before)
        at += in.lengths[before] == long_string ? long_reference : in.lengths[before];
    if (in.lengths[member] < long_string) return {at, in.lengths[member]};
    std::array<std::uint32_t, 3> reference{};
    std::memcpy(reference.data(), at, sizeof reference);
    return {long_bytes_[{reference[0], reference[1]}], reference[2]};
}

std::uint64_t StringColumn::memory_bytes() const {
    return alike_pieces_.size() * alike_piece * length_ +
           alike_pieces_.capacity() * sizeof(alike_pieces_[0]) + groups_.memory_bytes() +
           bytes_.memory_bytes() + long_bytes_.memory_bytes();
}

}  // namespace halfopen::explorer
