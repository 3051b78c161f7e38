/// The proof that a fresh number needs no other values than the representatives of its cells.
///
/// Nothing here knows how the cells were found (spec/numbers/cells.hpp): a cell is only taken as a claim
/// about the values that it contains, and every comparison is read through the reading's before/equal/within.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "spec/numbers/cells.hpp"
#include "spec/numbers/comparison.hpp"

namespace halfopen {

struct CoverageResult {
    bool proved = false;
    /// Not proved: a value (of prove_pair: a difference) that no representative stands for.
    std::optional<std::uint32_t> witness;
    /// Where the witness lies in a cell: a comparison that tells it from the cell's representative ...
    std::optional<Comparison> distinguished_by;
    /// ... which is this.
    std::optional<std::uint32_t> representative;

    /// One line, without an end of line.
    std::string explain() const;
};

/// Keeps Z3's context between proofs: making one costs more (up to 50 ms) than a typical proof.  For one
/// thread.
class CoverageProver {
   public:
    CoverageProver();
    ~CoverageProver();
    CoverageProver(const CoverageProver&) = delete;
    CoverageProver& operator=(const CoverageProver&) = delete;

    /// Proves with Z3: each of the 2^32 values of a number of role `drawn` lies in a cell, and no comparison
    /// with a live origin tells it from the representative of a cell that contains it.  Comparisons between
    /// other roles say nothing about the number and are skipped.  std::runtime_error where Z3 gives up.
    CoverageResult prove(std::span<const Cell> cells, std::span<const Comparison> comparisons,
                         OriginRole drawn, std::span<const Origin> live);

    /// The same at once for all 2^32 values of one live origin.  `cells` are cells of the difference
    /// drawn - live, as cells() gives them for a live origin of value 0.
    CoverageResult prove_pair(std::span<const Cell> cells, std::span<const Comparison> comparisons,
                              OriginRole drawn, OriginRole live);

   private:
    struct Engine;
    std::unique_ptr<Engine> engine_;
};

/// CoverageProver::prove, once.
CoverageResult prove_coverage(std::span<const Cell> cells, std::span<const Comparison> comparisons,
                              OriginRole drawn, std::span<const Origin> live);

/// CoverageProver::prove_pair, once.
CoverageResult prove_pair_coverage(std::span<const Cell> cells, std::span<const Comparison> comparisons,
                                   OriginRole drawn, OriginRole live);

}  // namespace halfopen
