/// Where everything of a drawn sequence chart stands: lanes across, steps downwards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "counterexamples/story.hpp"

namespace halfopen {

/// Compressed: time that only passes takes a small gap, and rounds that repeat are folded.  Scaled: gaps are
/// as long as the time that passes, and every round is there; what happens at one instant is still drawn one
/// below the other.
enum class TimeAxis : std::uint8_t { Compressed, Scaled };

struct LayoutRow {
    double y = 0;
    std::optional<std::size_t> step;  ///< none: a note that stands for rounds that repeat
    std::string note;
    bool first_of_instant = false;
    std::uint64_t at = 0;
    double gap = 0;  ///< of time that passes, above it
};

struct SequenceLayout {
    double width = 0;  ///< of gutter and lanes
    double height = 0;
    double gutter = 0;  ///< left of the lanes: time
    double lane_gap = 0;
    std::vector<double> lanes;  ///< x, by node
    std::vector<LayoutRow> rows;
    std::vector<std::optional<double>> y_of_step;  ///< none where it is folded away or only passes time
    std::optional<double> loop_from;               ///< y where the endless part begins
    std::string ending;                            ///< said below the last row
};

inline constexpr double row_height = 46;

SequenceLayout lay_out(const Story& story, TimeAxis axis);

}  // namespace halfopen
