/// Small numbers in few bytes, without a branch for each: how long a number is goes into a stream of bits,
/// the number itself into a stream of bytes (Lemire, Kurz, Rupp, "Stream VByte", 2018).
///
/// The bytes are at the front, the bits at the back, in reverse, so that a reader finds both.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace halfopen {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie in memory");

namespace detail {

/// The lengths that two bits can tell apart: flags and drifts are short, windows and timers take three bytes.
inline constexpr std::array<std::uint8_t, 4> length_of_code{0, 1, 3, 4};
inline constexpr std::array<std::uint32_t, 4> mask_of_code{0, 0xFF, 0xFF'FFFF, 0xFFFF'FFFF};

}  // namespace detail

/// Appends to a vector, in which it needs room for all that is going to be written.
class BitWriter {
   public:
    /// most_bytes: no fewer than both streams are going to take.
    BitWriter(std::vector<std::byte>& out, std::size_t most_bytes) : out_(out) {
        const std::size_t before = out.size();
        out.resize(before + most_bytes + 2 * sizeof(std::uint64_t));
        next_ = out.data() + before;
        end_ = out.data() + out.size();
        bits_begin_ = end_;
    }

    /// value < 2^count, count < 32.
    void bits(std::uint32_t value, unsigned count) {
        pending_ |= std::uint64_t{value} << pending_count_;
        pending_count_ += count;
        if (pending_count_ >= 32) flush(sizeof(std::uint32_t));
    }
    void byte(std::uint8_t value) {
        const unsigned present = value != 0 ? 1U : 0U;
        bits(present, 1);
        *next_ = static_cast<std::byte>(value);
        next_ += present;
    }
    void integer(std::uint32_t value) {
        const unsigned code =
            (value != 0 ? 1U : 0U) + (value > 0xFF ? 1U : 0U) + (value > 0xFF'FFFF ? 1U : 0U);
        bits(code, 2);
        std::memcpy(next_, &value, sizeof value);
        next_ += detail::length_of_code[code];
    }

    /// Once, at the end.
    void finish() {
        flush((pending_count_ + 7) / 8);
        const auto bit_bytes = static_cast<std::size_t>(end_ - bits_begin_);
        std::memmove(next_, bits_begin_, bit_bytes);
        out_.resize(static_cast<std::size_t>(next_ - out_.data()) + bit_bytes);
    }

   private:
    /// The last byte of the string holds the first bits.
    void flush(unsigned bytes) {
        for (unsigned i = 0; i < bytes; ++i) {
            *--bits_begin_ = static_cast<std::byte>(pending_);
            pending_ >>= 8U;
        }
        pending_count_ -= bytes * 8 < pending_count_ ? bytes * 8 : pending_count_;
    }

    std::vector<std::byte>& out_;
    std::byte* next_;
    std::byte* end_;
    std::byte* bits_begin_;
    std::uint64_t pending_ = 0;
    unsigned pending_count_ = 0;
};

/// Reads what a BitWriter wrote, by the same sequence of calls.
class BitReader {
   public:
    explicit BitReader(std::span<const std::byte> in)
        : next_(in.data()), end_(in.data() + in.size()), bits_begin_(end_) {}

    std::uint32_t bits(unsigned count) {
        while (pending_count_ < count) {
            pending_ |= static_cast<std::uint64_t>(*--bits_begin_) << pending_count_;
            pending_count_ += 8;
        }
        const auto value = static_cast<std::uint32_t>(pending_ & ((std::uint64_t{1} << count) - 1));
        pending_ >>= count;
        pending_count_ -= count;
        return value;
    }
    std::uint8_t byte() {
        const std::uint32_t present = bits(1);
        const auto value = static_cast<std::uint8_t>(*next_);
        next_ += present;
        return present != 0 ? value : std::uint8_t{0};
    }
    std::uint32_t integer() {
        const std::uint32_t code = bits(2);
        std::uint32_t value = 0;
        // The bits follow the bytes, so that there nearly always is something to copy beyond a short number.
        if (end_ - next_ >= static_cast<std::ptrdiff_t>(sizeof value))
            std::memcpy(&value, next_, sizeof value);
        else
            std::memcpy(&value, next_, static_cast<std::size_t>(end_ - next_));
        next_ += detail::length_of_code[code];
        return value & detail::mask_of_code[code];
    }

   private:
    const std::byte* next_;
    const std::byte* end_;
    const std::byte* bits_begin_;
    std::uint64_t pending_ = 0;
    unsigned pending_count_ = 0;
};

}  // namespace halfopen
