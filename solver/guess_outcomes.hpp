/// What becomes of a connection for every guess at its numbers, cell by cell: from the comparisons that runs
/// with real numbers make.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "solver/spoofed_segment.hpp"
#include "spec/numbers/arc.hpp"
#include "spec/numbers/cells.hpp"

namespace halfopen {

/// What the attacker guesses, each with the number of the connection that it is measured from.
enum Axis : std::size_t { seq_axis, ack_axis, stamp_axis, axis_count };
using AxisCells = std::array<std::vector<Cell>, axis_count>;

/// What becomes of the connection for the guesses of each cell.
class GuessOutcomes {
   public:
    /// The endpoint and the kind must outlive it.
    GuessOutcomes(const Endpoint& endpoint, const SpoofedKind& kind);

    const AxisCells& cells() const { return cells_; }
    const SpoofOutcome& at(std::size_t i, std::size_t j, std::size_t k) const {
        return found_[(i * cells_[ack_axis].size() + j) * cells_[stamp_axis].size() + k];
    }

   private:
    void cut();
    /// Returns whether the guesses have to be cut finer.
    bool look();
    SpoofOutcome guess(const std::array<std::uint32_t, axis_count>& distance);

    const Endpoint& endpoint_;
    const SpoofedKind& kind_;
    ComparisonLog log_;
    AxisCells cells_;
    std::vector<SpoofOutcome> found_;
};

/// A box of guesses: a run of cells on each axis, round the circle.
struct GuessBox {
    std::array<Arc, axis_count> arcs;
    std::vector<std::string> rules;  ///< ids of those that decide in it
};

/// The largest box in which every guess brings that end about; none where no guess does.
std::optional<GuessBox> largest_box(const GuessOutcomes& outcomes, ConnectionEnd end);

/// That share of all guesses brings the end about.
double share_of(const GuessOutcomes& outcomes, ConnectionEnd end);

}  // namespace halfopen
