#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "explorer/byte_arena.hpp"
#include "explorer/columns.hpp"

namespace halfopen::explorer {

/// Strings of bytes, numbered as they come, that never move.
///
/// As long as all are of one length (of at most 64 bytes), nothing is kept but the strings; each of those
/// that follow takes 1.5 bytes more.
class StringColumn {
   public:
    /// `bytes` must be shorter than 4 GiB.
    void push_back(std::span<const std::byte> bytes);

    /// Several that stand one after the other in `bytes`, each up to one of `ends`, quickly; false (and
    /// nothing done) where they or those here are not all of one length, and short.
    [[nodiscard]] bool push_back_alike(std::span<const std::byte> bytes, std::span<const std::size_t> ends);

    [[nodiscard]] std::uint32_t size() const { return size_; }
    /// Whether all are of one length, and short.
    [[nodiscard]] bool alike() const { return alike_ == size_; }

    /// The span stays valid, through later additions too, as long as this column lives.
    [[nodiscard]] std::span<const std::byte> operator[](std::uint32_t id) const {
        if (id < alike_) {
            const std::byte* piece = alike_pieces_[id / alike_piece].data();
            return {piece + std::size_t{id % alike_piece} * length_, length_};
        }
        return unlike(id - alike_);
    }

    /// Asks the memory for a string.
    void prefetch(std::uint32_t id) const {
        if (id < alike_)
            __builtin_prefetch((*this)[id].data());
        else
            __builtin_prefetch(&groups_.at((id - alike_) / group));
    }

    /// O(1).
    [[nodiscard]] std::uint64_t memory_bytes() const;

   private:
    static constexpr std::uint32_t alike_piece = 4096;  // strings
    static constexpr std::size_t longest_alike = 64;
    static constexpr std::uint32_t group = 16;         // strings
    static constexpr std::uint8_t long_string = 255;   // it is elsewhere: in its place stand Place and length
    static constexpr std::size_t long_reference = 12;  // bytes

    /// Strings that stand one after the other, beginning at `at`.
    struct Group {
        ByteArena::Place at{};
        std::array<std::uint8_t, group> lengths{};
    };

    [[nodiscard]] std::span<const std::byte> unlike(std::uint32_t index) const;
    void push_back_unlike(std::span<const std::byte> bytes);

    std::uint32_t size_ = 0;
    std::uint32_t alike_ = 0;                           // the first so many strings, all of ...
    std::size_t length_ = 0;                            // ... this length
    std::vector<std::vector<std::byte>> alike_pieces_;  // none grows beyond its first capacity
    Column<Group> groups_;
    ByteArena bytes_;
    ByteArena long_bytes_;
};

}  // namespace halfopen::explorer
