#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace halfopen::explorer {

/// Bytes that are written once, one string after the other, and never move.
class ByteArena {
   public:
    /// Where a string begins.
    struct Place {
        std::uint32_t piece = 0;
        std::uint32_t offset = 0;
    };

    /// Strings are kept whole: one that does not fit into what is left of a piece begins the next.
    Place append(std::span<const std::byte> bytes) {
        const Place place = reserve(bytes.size());
        pieces_.back().insert(pieces_.back().end(), bytes.begin(), bytes.end());
        return place;
    }

    /// Where the next string will begin, so that strings of so many bytes in all can follow without a gap.
    Place reserve(std::size_t bytes) {
        if (pieces_.empty() || pieces_.back().capacity() - pieces_.back().size() < bytes) {
            const std::size_t last = pieces_.empty() ? 0 : pieces_.back().capacity();
            pieces_.emplace_back().reserve(
                std::max(bytes, std::clamp(2 * last, smallest_piece, largest_piece)));
            piece_bytes_ += pieces_.back().capacity();
        }
        return {static_cast<std::uint32_t>(pieces_.size() - 1),
                static_cast<std::uint32_t>(pieces_.back().size())};
    }

    [[nodiscard]] const std::byte* operator[](Place place) const {
        return pieces_[place.piece].data() + place.offset;
    }

    [[nodiscard]] std::uint64_t memory_bytes() const {
        return piece_bytes_ + pieces_.capacity() * sizeof(pieces_[0]);
    }

   private:
    static constexpr std::size_t smallest_piece = std::size_t{1} << 12U;
    static constexpr std::size_t largest_piece = std::size_t{1} << 20U;

    std::vector<std::vector<std::byte>> pieces_;  // none grows beyond its first capacity
    std::uint64_t piece_bytes_ = 0;
};

}  // namespace halfopen::explorer
