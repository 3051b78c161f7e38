#include <algorithm>
#include <map>

#include "check/exploration_with_cells.hpp"
#include "solver/coverage.hpp"

namespace halfopen {

namespace {

/// For each pair of roles the cells of its difference, proved once for every value that the live number can
/// have.
class PairProofs {
   public:
    PairProofs(const Cuts& cuts, const std::vector<Comparison>& comparisons)
        : cuts_(cuts), comparisons_(comparisons) {}

    /// The cells of drawn - live; empty where the proof fails.
    const std::vector<Cell>& cells_of(OriginRole drawn, OriginRole live) {
        const auto [known, is_new] = pairs_.try_emplace({drawn, live});
        if (!is_new) return known->second;
        const Origin zero{live, 0};
        std::vector<Cell> found = cells(cuts_, drawn, std::span(&zero, 1));
        if (!compared(drawn, live)) {
            known->second = {Cell{}};
            return known->second;
        }
        ++proved_;
        const CoverageResult result = prover_.prove_pair(found, comparisons_, drawn, live);
        if (result.proved)
            known->second = std::move(found);
        else
            failure_ = result.explain();
        return known->second;
    }

    std::size_t proved() const { return proved_; }
    const std::string& failure() const { return failure_; }

   private:
    bool compared(OriginRole a, OriginRole b) const {
        return std::any_of(comparisons_.begin(), comparisons_.end(), [&](const Comparison& c) {
            return (c.left == a && c.right == b) || (c.left == b && c.right == a);
        });
    }

    const Cuts& cuts_;
    const std::vector<Comparison>& comparisons_;
    CoverageProver prover_;
    std::map<std::pair<OriginRole, OriginRole>, std::vector<Cell>> pairs_;
    std::size_t proved_ = 0;
    std::string failure_;
};

/// Each of the 2^32 values lies in exactly one cell, and each representative in its own.
bool tile_the_circle(const std::vector<Cell>& cells) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const Cell& next = cells[(i + 1) % cells.size()];
        if (cells[i].size == 0 || !cells[i].contains(cells[i].representative)) return false;
        if (static_cast<std::uint32_t>(cells[i].first + cells[i].size) != next.first) return false;
        total += cells[i].size;
    }
    return total == all_values;
}

/// Each cell's differences from `live` lie in a single cell of the pair.
bool lie_within(const std::vector<Cell>& cells, const std::vector<Cell>& pair_cells, std::uint32_t live) {
    return std::all_of(cells.begin(), cells.end(), [&](const Cell& cell) {
        const std::uint32_t difference = cell.first - live;
        const Cell& around = pair_cells[cell_of(pair_cells, difference)];
        if (around.size == all_values) return true;
        return around.contains(difference) && (difference - around.first) + cell.size <= around.size;
    });
}

}  // namespace

// A comparison's answer depends on the difference of two numbers alone.  Z3 proves for each pair of roles
// that it is constant on every cell of the difference, wherever on the circle the pair lies; what is left for
// the cells beside several live numbers is that each lies within one such cell of each pair, which is
// counting.
CellProof prove_cells(const WorldExploration& exploration) {
    CellProof proof;
    proof.attempted = true;
    proof.comparisons = exploration.comparisons.size();
    proof.joint = exploration.joint_cells;
    PairProofs pairs(exploration.cuts, exploration.comparisons);
    for (const auto& [context, cells] : exploration.system->draw_contexts()) {
        ++proof.contexts;
        proof.cells += cells.size();
        if (!tile_the_circle(cells)) proof.failure = "the cells of a number do not tile the circle";
        for (const Origin& live : context.live) {
            const std::vector<Cell>& pair_cells = pairs.cells_of(context.role, live.role);
            if (pair_cells.empty())
                proof.failure = pairs.failure();
            else if (!lie_within(cells, pair_cells, live.value))
                proof.failure = "a cell holds values on both sides of a threshold";
        }
        if (!proof.failure.empty()) break;
    }
    proof.pairs = pairs.proved();
    proof.proved = proof.failure.empty();
    return proof;
}

}  // namespace halfopen
