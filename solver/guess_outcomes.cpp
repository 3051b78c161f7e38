#include "solver/guess_outcomes.hpp"

#include <set>

namespace halfopen {
namespace {

/// Origins: the literal zero, the connection's numbers, then the guesses.
constexpr std::array<Origin, axis_count> victim{{{1, 1'000'000'000}, {2, 2'000'000'000}, {3, 3'000'000'000}}};
constexpr OriginRole guess_role(std::size_t axis) { return static_cast<OriginRole>(4 + axis); }
constexpr Origin clock{7, 3'500'000'000}, fresh_isn{8, 500'000'000};

/// A run of cells, from the first one on round the circle.
struct CellRun {
    std::size_t first = 0, count = 0;
    Arc arc;
};

std::vector<CellRun> runs_of(const std::vector<Cell>& cells) {
    std::vector<CellRun> runs;
    for (std::size_t first = 0; first < cells.size(); ++first) {
        Arc arc{cells[first].first, 0};
        for (std::size_t count = 1; count <= cells.size(); ++count) {
            arc.size += cells[(first + count - 1) % cells.size()].size;
            if (count < cells.size() || first == 0) runs.push_back({first, count, arc});
        }
    }
    return runs;
}

using Box = std::array<CellRun, axis_count>;

std::optional<Box> box_of(const GuessOutcomes& outcomes, ConnectionEnd end) {
    std::array<std::vector<CellRun>, axis_count> runs;
    for (std::size_t axis = 0; axis < axis_count; ++axis) runs[axis] = runs_of(outcomes.cells()[axis]);
    const auto all_end = [&](const Box& box) {
        const auto index = [&](std::size_t axis, std::size_t i) {
            return (box[axis].first + i) % outcomes.cells()[axis].size();
        };
        for (std::size_t i = 0; i < box[seq_axis].count; ++i)
            for (std::size_t j = 0; j < box[ack_axis].count; ++j)
                for (std::size_t k = 0; k < box[stamp_axis].count; ++k)
                    if (outcomes.at(index(seq_axis, i), index(ack_axis, j), index(stamp_axis, k)).end != end)
                        return false;
        return true;
    };
    std::optional<Box> best;
    double best_volume = 0;
    for (const CellRun& seq : runs[seq_axis])
        for (const CellRun& ack : runs[ack_axis])
            for (const CellRun& stamp : runs[stamp_axis]) {
                const double volume = static_cast<double>(seq.arc.size) * static_cast<double>(ack.arc.size) *
                                      static_cast<double>(stamp.arc.size);
                if (volume <= best_volume || !all_end({seq, ack, stamp})) continue;
                best = Box{seq, ack, stamp};
                best_volume = volume;
            }
    return best;
}

std::vector<std::string> rules_in(const GuessOutcomes& outcomes, const Box& box) {
    std::set<std::string> ids;
    for (std::size_t i = 0; i < box[seq_axis].count; ++i)
        for (std::size_t j = 0; j < box[ack_axis].count; ++j)
            for (std::size_t k = 0; k < box[stamp_axis].count; ++k) {
                const auto index = [&](std::size_t axis, std::size_t n) {
                    return (box[axis].first + n) % outcomes.cells()[axis].size();
                };
                const Rule* rule =
                    outcomes.at(index(seq_axis, i), index(ack_axis, j), index(stamp_axis, k)).rule;
                if (rule != nullptr) ids.insert(rule->id);
            }
    return {ids.begin(), ids.end()};
}

}  // namespace

GuessOutcomes::GuessOutcomes(const Endpoint& endpoint, const SpoofedKind& kind)
    : endpoint_(endpoint), kind_(kind) {
    do cut();
    while (look());
}

void GuessOutcomes::cut() {
    const Cuts cuts(log_.sorted());
    for (std::size_t axis = 0; axis < axis_count; ++axis) {
        const std::array<Origin, 1> from{{{victim[axis].role, 0}}};
        cells_[axis] = halfopen::cells(cuts, guess_role(axis), from);
    }
}

bool GuessOutcomes::look() {
    const std::size_t known = log_.size();
    found_.clear();
    for (const Cell& seq : cells_[seq_axis])
        for (const Cell& ack : cells_[ack_axis])
            for (const Cell& stamp : cells_[stamp_axis])
                found_.push_back(guess({seq.representative, ack.representative, stamp.representative}));
    return log_.size() != known;
}

SpoofOutcome GuessOutcomes::guess(const std::array<std::uint32_t, axis_count>& distance) {
    std::array<Origin, 9> origins{Origin{}};
    for (std::size_t axis = 0; axis < axis_count; ++axis) {
        origins[1 + axis] = victim[axis];
        origins[4 + axis] = {guess_role(axis), victim[axis].value + distance[axis]};
    }
    origins[7] = clock;
    origins[8] = fresh_isn;
    const auto number = [&](std::size_t slot) {
        return Number{origins[slot].value, static_cast<OriginSlot>(slot)};
    };
    ConcreteReading r(origins, &log_);
    return spoof<ConcreteReading>(
        r, endpoint_, kind_,
        {number(1), number(2), number(3), number(7), number(8), number(4), number(5), number(6)});
}

std::optional<GuessBox> largest_box(const GuessOutcomes& outcomes, ConnectionEnd end) {
    const auto box = box_of(outcomes, end);
    if (!box) return std::nullopt;
    GuessBox found;
    for (std::size_t axis = 0; axis < axis_count; ++axis) found.arcs[axis] = (*box)[axis].arc;
    found.rules = rules_in(outcomes, *box);
    return found;
}

double share_of(const GuessOutcomes& outcomes, ConnectionEnd end) {
    const AxisCells& cells = outcomes.cells();
    const auto part = [](const Cell& cell) { return static_cast<double>(cell.size) / 0x1p32; };
    double share = 0;
    for (std::size_t i = 0; i < cells[seq_axis].size(); ++i)
        for (std::size_t j = 0; j < cells[ack_axis].size(); ++j)
            for (std::size_t k = 0; k < cells[stamp_axis].size(); ++k)
                if (outcomes.at(i, j, k).end == end)
                    share += part(cells[seq_axis][i]) * part(cells[ack_axis][j]) * part(cells[stamp_axis][k]);
    return share;
}

}  // namespace halfopen
