/// Where everything stands in a certificate's file: the one description that its writer and its reader go by.
/// In words: docs/certificate-format.md.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "verifier/claim.hpp"
#include "verifier/sha256.hpp"

namespace halfopen::verifier {

static_assert(std::endian::native == std::endian::little, "numbers are read as they lie in the file");

inline constexpr std::string_view magic = "HOPENCRT";
inline constexpr std::uint32_t format_version = 1;
/// Sections begin at multiples of this; zeros fill what is left before.
inline constexpr std::size_t alignment = 8;
inline constexpr std::size_t longest_claim = 1U << 20U;

constexpr std::uint64_t aligned(std::uint64_t size) { return (size + alignment - 1) / alignment * alignment; }

/// How many there are of what, in the order in which the file has them.
struct Counts {
    std::uint64_t comparisons = 0;
    std::uint64_t path_states = 0;
    std::uint64_t path_bytes = 0;
    std::uint64_t loop_begin = 0;  ///< the state of the path that its last one is again; path_states: none
    std::uint64_t roots = 0;
    std::uint64_t states = 0;
    std::uint64_t state_bytes = 0;
    std::uint64_t targets = 0;

    friend bool operator==(const Counts&, const Counts&) = default;
};
static_assert(sizeof(Counts) == 8 * sizeof(std::uint64_t));

/// A comparison takes kind, left role, right role and a zero, a byte each, then offset and size.
inline constexpr std::size_t comparison_bytes = 12;

/// The numbers that a state bears; those that the verdict needs, in this order.
enum class Measure : std::uint8_t {
    QuickestMs,     ///< least time to recovery
    QuickestSteps,  ///< the fewest steps among the ways of that time
    LongestMs,      ///< most time to recovery
    LongestSteps,   ///< most steps to recovery
    TimelessSteps   ///< most steps in a row in which no time passes
};
namespace detail {
inline constexpr std::array<Measure, 4> bounded{Measure::QuickestMs, Measure::QuickestSteps,
                                                Measure::LongestMs, Measure::LongestSteps};
inline constexpr std::array<Measure, 3> unbounded{Measure::QuickestMs, Measure::QuickestSteps,
                                                  Measure::TimelessSteps};
inline constexpr std::array<Measure, 2> storm{Measure::QuickestMs, Measure::QuickestSteps};
}  // namespace detail

constexpr std::span<const Measure> measures_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Bounded:
            return detail::bounded;
        case Verdict::Unbounded:
            return detail::unbounded;
        case Verdict::Storm:
            return detail::storm;
        case Verdict::Permanent:
            break;
    }
    return {};
}

/// Offsets from the beginning of the file.
struct Sections {
    std::uint64_t comparisons, path_ends, path_bytes, roots, state_ends, state_bytes, target_ends, targets,
        measures, digest, file_size;
};

/// claim_length is in bytes.  The counts must be small enough for nothing to overflow: below 2^48.
constexpr Sections sections_of(std::size_t claim_length, const Counts& counts, Verdict verdict) {
    Sections at{};
    std::uint64_t end = magic.size() + 2 * sizeof(std::uint32_t) + aligned(claim_length) + sizeof(Counts);
    const auto next = [&end](std::uint64_t& section, std::uint64_t size) {
        section = end;
        end += aligned(size);
    };
    next(at.comparisons, counts.comparisons * comparison_bytes);
    next(at.path_ends, counts.path_states * sizeof(std::uint64_t));
    next(at.path_bytes, counts.path_bytes);
    next(at.roots, counts.roots * sizeof(std::uint32_t));
    next(at.state_ends, counts.states * sizeof(std::uint64_t));
    next(at.state_bytes, counts.state_bytes);
    next(at.target_ends, counts.states * sizeof(std::uint64_t));
    next(at.targets, counts.targets * sizeof(std::uint32_t));
    next(at.measures, counts.states * measures_of(verdict).size() * sizeof(std::uint64_t));
    next(at.digest, std::tuple_size_v<Digest>);
    at.file_size = end;
    return at;
}

}  // namespace halfopen::verifier
