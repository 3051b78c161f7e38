#include "verifier/cells_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "verifier/description.hpp"

namespace halfopen::verifier {

namespace {

/// The two differences (left origin - right origin) at which the answer changes from that at the one before.
/// Before: (int32)(d + offset) < 0.  Equal: d + offset = 0.  Within: d + offset < size.
std::array<std::uint32_t, 2> turning_points(const Comparison& c) {
    const std::uint32_t zero = 0U - c.offset;
    const std::array<std::uint32_t, 3> length{0x8000'0000U, 1U, c.size};
    return {zero, zero + length[static_cast<std::size_t>(c.kind)]};
}

/// Each of the 2^32 values lies in exactly one cell, and each representative in its own.
bool tile_the_circle(const std::vector<Cell>& cells) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::uint64_t end = cells[i].first + cells[i].size;
        if (cells[i].size == 0 || !cells[i].contains(cells[i].representative)) return false;
        if (static_cast<std::uint32_t>(end) != cells[(i + 1) % cells.size()].first) return false;
        total += cells[i].size;
    }
    return total == all_values;
}

/// Whether the answer is the same for all values of the cell.  `point` is the first value with a new answer.
bool turns_within(const Cell& cell, std::uint32_t point) {
    const std::uint32_t distance = point - cell.first;
    return distance != 0 && distance < cell.size;
}

/// Some value of the cell, drawn beside a live number, gets another answer than another value of it.
bool tells_apart(const Comparison& c, const Cell& cell, OriginRole drawn, const Origin& live) {
    const auto [first, second] = turning_points(c);
    if (first == second) return false;  // an empty window holds nowhere
    for (const std::uint32_t point : {first, second}) {
        if (c.left == drawn && c.right == live.role && turns_within(cell, live.value + point)) return true;
        // live - drawn = d turns at d = point: where drawn = live - point has the new answer and the next
        // value of drawn, one less of d, the old one.
        if (c.right == drawn && c.left == live.role && turns_within(cell, live.value - point + 1))
            return true;
    }
    return false;
}

/// The cuts have a threshold wherever the comparison turns, in both orders of its pair.
bool respected(const Cuts& cuts, const Comparison& c) {
    const auto [first, second] = turning_points(c);
    if (first == second) return true;
    const auto straight = cuts.thresholds(c.left, c.right);
    const auto mirrored = cuts.thresholds(c.right, c.left);
    for (const std::uint32_t point : {first, second}) {
        if (!std::binary_search(straight.begin(), straight.end(), point) ||
            !std::binary_search(mirrored.begin(), mirrored.end(), 1U - point))
            return false;
    }
    return true;
}

}  // namespace

std::optional<std::string> fault_in_cells(const WorldSystem& system) {
    const std::vector<Comparison> made = system.log().sorted();
    for (const Comparison& c : made) {
        if (!respected(system.cuts(), c))
            return fmt::format("a comparison is made that the certificate does not list: {}",
                               describe(system.model(), c));
    }
    for (const auto& [context, cells] : system.draw_contexts()) {
        if (!tile_the_circle(cells)) return "the cells of a fresh number leave values out";
        for (const Cell& cell : cells) {
            for (const Origin& live : context.live) {
                for (const Comparison& c : made) {
                    if (tells_apart(c, cell, context.role, live))
                        return fmt::format("a cell of fresh numbers holds values that are told apart by {}",
                                           describe(system.model(), c));
                }
            }
        }
    }
    return std::nullopt;
}

}  // namespace halfopen::verifier
