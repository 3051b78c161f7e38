/// Which values of a fresh number the logged comparisons can tell apart: interval arithmetic on the circle of
/// 2^32 values.  It proves nothing; solver/coverage.hpp proves, with Z3 and without this arithmetic, that
/// what comes out of here is right.
///
///   Cuts cuts(log.sorted());
///   for (const Cell& cell : cells(cuts, client_role, live_origins)) draw(cell.representative);
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "spec/numbers/comparison.hpp"

namespace halfopen {

inline constexpr std::uint64_t all_values = std::uint64_t{1} << 32;

/// Cells of fewer values than this are corners: exact coincidences, or hits inside a 64 KB window.
inline constexpr std::uint64_t corner_limit = std::uint64_t{1} << 17;

/// The cyclic arc [first, first + size) of values that no logged comparison tells apart.
struct Cell {
    std::uint32_t first = 0;
    std::uint64_t size = all_values;
    std::uint32_t representative = 0;

    constexpr bool contains(std::uint32_t value) const { return value - first < size; }

    friend constexpr bool operator==(const Cell&, const Cell&) = default;
};

constexpr bool is_corner(const Cell& cell) { return cell.size < corner_limit; }

/// The cell [first, first + size), 0 < size <= 2^32, with the representative that a reader of a trace likes
/// best.  Of a corner: its first value.  Otherwise the roundest decimal number (the largest power of ten with
/// a multiple there; of several multiples the one nearest the middle) that keeps min(size/8, 2^20) clear of
/// either end.  Zero never counts as round: in a trace it would read as the literal.
Cell make_cell(std::uint32_t first, std::uint64_t size);

/// For each pair of roles the thresholds of d = new - old: those d at which some logged comparison's answer
/// differs from its answer at d - 1.  An immutable snapshot of a log; two logs with the same thresholds give
/// equal snapshots.
class Cuts {
   public:
    Cuts() = default;
    explicit Cuts(std::span<const Comparison> comparisons);

    /// For d = (number of role `drawn`) - (number of role `live`), sorted and distinct.  Comparisons logged
    /// in the other order of the pair are included, mirrored; those within one role count in both orders.
    std::span<const std::uint32_t> thresholds(OriginRole drawn, OriginRole live) const&;
    std::span<const std::uint32_t> thresholds(OriginRole drawn, OriginRole live) const&& = delete;

    /// Thresholds over all ordered pairs of roles.
    std::size_t size() const { return thresholds_.size(); }

    /// These, and for each two numbers that are both compared with a third: the sum of a threshold of the one
    /// comparison and one of the other, unless it is less than corner_limit from a threshold that is there.
    /// Two numbers whose difference lies between such sums leave a third one the same choices; without them
    /// two worlds may be taken for one whose next draws differ (docs/theory.md, "Joint choice").
    Cuts with_sums() const;

    friend bool operator==(const Cuts&, const Cuts&) = default;

   private:
    using PairThreshold = std::pair<std::uint32_t, std::uint32_t>;  ///< pair of roles, threshold
    void assign(std::vector<PairThreshold> cuts);

    struct Pair {
        std::uint32_t key = 0;  ///< drawn role << 8 | live role
        std::uint32_t begin = 0;
        std::uint32_t end = 0;

        friend bool operator==(const Pair&, const Pair&) = default;
    };

    std::vector<Pair> pairs_;  ///< by key
    std::vector<std::uint32_t> thresholds_;
};

/// The cells of a number of role `drawn` beside the live origins: all 2^32 values, each in exactly one cell,
/// in order of `first` (so the last may wrap); one cell of size 2^32 where nothing cuts.  With a single live
/// origin of value 0 these are the cells of the pair's difference.
std::vector<Cell> cells(const Cuts& cuts, OriginRole drawn, std::span<const Origin> live);

/// Index of the cell that holds `value`, in what cells() returned.
std::size_t cell_of(std::span<const Cell> cells, std::uint32_t value);

/// Index of the interval between thresholds in which a.value - b.value lies; 0 (also where there are none) is
/// the one that ends at the first threshold.  Two worlds whose live origins have the same roles and, in every
/// pair, the same relation are alike to every logged comparison.  relation(a, b) determines relation(b, a).
std::uint32_t relation(const Cuts& cuts, const Origin& a, const Origin& b);

}  // namespace halfopen
