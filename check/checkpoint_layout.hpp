/// Where what stands in a checkpoint's file: the one description that its writer and its reader go by.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "verifier/sha256.hpp"

namespace halfopen::checkpoint {

static_assert(std::endian::native == std::endian::little, "numbers are read as they lie in the file");

inline constexpr std::string_view magic = "HOPENCKP";
inline constexpr std::uint32_t format_version = 1;
/// All parts begin at multiples of this, so that no head lies on two pages; zeros fill what is left before.
inline constexpr std::uint64_t alignment = 64;
inline constexpr std::uint32_t longest_question = 1U << 20U;
constexpr std::uint64_t aligned(std::uint64_t size) { return (size + alignment - 1) / alignment * alignment; }

/// The file's.  The question follows.
struct FileHead {
    std::array<char, magic.size()> name{};
    std::uint32_t version = 0;
    std::uint32_t question_bytes = 0;
    std::array<std::uint64_t, 2> zero{};
    verifier::Digest digest{};  ///< of what is above, and of the question with its filling
};

/// A segment's.  Notes and record follow.  All zeros: the segment was not finished.
struct SegmentHead {
    std::uint64_t bytes = 0;  ///< of notes and record
    std::uint64_t notes = 0;  ///< of the notes
    std::uint32_t run = 0;
    std::uint32_t round = 0;
    std::uint64_t zero = 0;
    /// Of the digest before, of what is above, and of the digest of notes and record with their filling.
    verifier::Digest digest{};
};

static_assert(sizeof(FileHead) == alignment && sizeof(SegmentHead) == alignment);

/// What of a head goes into its digest.
template <class Head>
std::span<const std::byte> without_digest(const Head& head) {
    return std::as_bytes(std::span(&head, 1)).first(sizeof head - sizeof head.digest);
}

}  // namespace halfopen::checkpoint
