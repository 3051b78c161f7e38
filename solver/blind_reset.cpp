#include "solver/blind_reset.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

#include "solver/in_arc.hpp"
#include "solver/path_explorer.hpp"
#include "solver/scan_cost.hpp"

namespace halfopen {
namespace {

constexpr std::array<std::uint8_t, 9> flag_sets{flag::rst,
                                                flag::rst | flag::ack,
                                                flag::syn,
                                                flag::syn | flag::ack,
                                                flag::fin | flag::ack,
                                                flag::fin,
                                                flag::ack,
                                                0,
                                                flag::syn | flag::fin};
constexpr Address here{0xc0000202, 2049}, there{0xc0000201, 903};

struct SpoofedKind {
    std::uint8_t flags = 0;
    std::uint32_t length = 0;
    TimestampUse timestamps = TimestampUse::Off;
};

/// What the attacker does not know, and what he guesses.
template <class R>
struct Numbers {
    typename R::Word rcv_nxt, snd_nxt, recent, clock, fresh_isn;
    typename R::Word seq, ack, stamp;
};

struct Outcome {
    std::optional<ConnectionEnd> end;
    const Rule* rule = nullptr;
};

template <Reading R>
Outcome spoof(R& r, const Endpoint& endpoint, const SpoofedKind& kind, const Numbers<R>& numbers) {
    const bool stamps = kind.timestamps != TimestampUse::Off;
    const TimestampClock<R> clock = stamps ? TimestampClock<R>(numbers.clock) : std::nullopt;
    const TimestampClock<R> peer = stamps ? TimestampClock<R>(numbers.recent) : std::nullopt;
    Tcb<R> tcb = established(r, endpoint, here, there, numbers.snd_nxt, numbers.rcv_nxt, false, clock, peer);
    Segment<R> segment;
    segment.source = there;
    segment.destination = here;
    segment.flags = kind.flags;
    segment.seq = numbers.seq;
    segment.ack = segment.has(flag::ack) ? numbers.ack : r.literal(0);
    segment.window = r.size(endpoint.settings().rcv_wnd);
    segment.length = kind.length;
    if (kind.timestamps == TimestampUse::Present) segment.timestamps = {true, numbers.stamp, r.literal(0)};
    const EndpointStep<R> step = receive(r, endpoint, tcb, segment, std::optional(numbers.fresh_isn));
    Outcome outcome{std::nullopt, step.rule};
    if (tcb.state == TcpState::Closed)
        outcome.end = ConnectionEnd::Deleted;
    else if (!synchronized(tcb.state))
        outcome.end = ConnectionEnd::Replaced;
    else if (step.event == ConnectionEvent::Closed)
        outcome.end = ConnectionEnd::Closed;
    return outcome;
}

/// What the attacker guesses, each with the number of the connection that it is measured from.
enum Axis : std::size_t { seq_axis, ack_axis, stamp_axis, axis_count };
using AxisCells = std::array<std::vector<Cell>, axis_count>;

/// What becomes of the connection for the guesses of each cell.
class Outcomes {
   public:
    Outcomes(const Endpoint& endpoint, const SpoofedKind& kind) : endpoint_(endpoint), kind_(kind) {
        do cut();
        while (look());
    }

    const AxisCells& cells() const { return cells_; }
    const Outcome& at(std::size_t i, std::size_t j, std::size_t k) const {
        return found_[(i * cells_[ack_axis].size() + j) * cells_[stamp_axis].size() + k];
    }

   private:
    /// Origins: the literal zero, the connection's numbers, then the guesses.
    static constexpr std::array<Origin, axis_count> victim{
        {{1, 1'000'000'000}, {2, 2'000'000'000}, {3, 3'000'000'000}}};
    static constexpr OriginRole guess_role(std::size_t axis) { return static_cast<OriginRole>(4 + axis); }
    static constexpr Origin clock{7, 3'500'000'000}, fresh_isn{8, 500'000'000};

    void cut() {
        const Cuts cuts(log_.sorted());
        for (std::size_t axis = 0; axis < axis_count; ++axis) {
            const std::array<Origin, 1> from{{{victim[axis].role, 0}}};
            cells_[axis] = halfopen::cells(cuts, guess_role(axis), from);
        }
    }
    /// Returns whether the guesses have to be cut finer.
    bool look() {
        const std::size_t known = log_.size();
        found_.clear();
        for (const Cell& seq : cells_[seq_axis])
            for (const Cell& ack : cells_[ack_axis])
                for (const Cell& stamp : cells_[stamp_axis])
                    found_.push_back(guess({seq.representative, ack.representative, stamp.representative}));
        return log_.size() != known;
    }
    Outcome guess(const std::array<std::uint32_t, axis_count>& distance) {
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

    const Endpoint& endpoint_;
    const SpoofedKind& kind_;
    ComparisonLog log_;
    AxisCells cells_;
    std::vector<Outcome> found_;
};

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

/// The largest box in which every guess brings that end about; none where no guess does.
std::optional<Box> largest_box(const Outcomes& outcomes, ConnectionEnd end) {
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

/// That share of all guesses brings the end about.
double share_of(const Outcomes& outcomes, ConnectionEnd end) {
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

std::vector<std::string> rules_in(const Outcomes& outcomes, const Box& box) {
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

/// The proof: nothing of the cells is used but as a claim about where each end comes about.
class ExposureProof {
   public:
    ExposureProof(const Endpoint& endpoint, const SpoofedKind& kind)
        : endpoint_(endpoint), kind_(kind), names_(context_) {
        const auto guess = [&](const char* victim, const char* distance) {
            return names_.advance(names_.unknown(victim), names_.unknown_size(distance));
        };
        numbers_ = {names_.unknown("RCV.NXT"), names_.unknown("SND.NXT"),   names_.unknown("TS.Recent"),
                    names_.unknown("clock"),   names_.unknown("fresh ISN"), guess("RCV.NXT", "seq"),
                    guess("SND.NXT", "ack"),   guess("TS.Recent", "stamp")};
    }

    /// Returns the number of paths.
    std::size_t check(const Outcomes& outcomes) {
        std::map<std::optional<ConnectionEnd>, z3::expr> claims;
        const auto claim = [&](std::optional<ConnectionEnd> end) {
            auto known = claims.find(end);
            if (known == claims.end()) known = claims.emplace(end, where(outcomes, end)).first;
            return known->second;
        };
        PathExplorer paths(context_);
        return paths.explore(
            [&](Z3Reading& r) { return spoof(r, endpoint_, kind_, numbers_); },
            [&](const z3::expr&, const Outcome& outcome) {
                if (paths.refute(claim(outcome.end)))
                    throw std::logic_error(endpoint_.policy().name +
                                           ": a spoofed segment does not do what its numbers' cell says");
            });
    }

   private:
    z3::expr where(const Outcomes& outcomes, std::optional<ConnectionEnd> end) {
        const AxisCells& cells = outcomes.cells();
        const auto within = [&](const char* distance, const Cell& cell) {
            return in_arc(context_, context_.bv_const(distance, 32), {cell.first, cell.size});
        };
        z3::expr_vector any(context_);
        for (std::size_t i = 0; i < cells[seq_axis].size(); ++i)
            for (std::size_t j = 0; j < cells[ack_axis].size(); ++j)
                for (std::size_t k = 0; k < cells[stamp_axis].size(); ++k)
                    if (outcomes.at(i, j, k).end == end)
                        any.push_back(within("seq", cells[seq_axis][i]) &&
                                      within("ack", cells[ack_axis][j]) &&
                                      within("stamp", cells[stamp_axis][k]));
        return any.empty() ? context_.bool_val(false) : z3::mk_or(any);
    }

    const Endpoint& endpoint_;
    const SpoofedKind& kind_;
    z3::context context_;
    Z3Reading names_;
    Numbers<Z3Reading> numbers_;
};

std::vector<SpoofedKind> kinds_for(const Endpoint& endpoint) {
    std::vector<SpoofedKind> kinds;
    for (const std::uint8_t flags : flag_sets)
        for (const std::uint32_t length : {0U, spoofed_length}) {
            if (!endpoint.settings().timestamps) {
                kinds.push_back({flags, length, TimestampUse::Off});
                continue;
            }
            for (const TimestampUse use : {TimestampUse::Missing, TimestampUse::Present})
                kinds.push_back({flags, length, use});
        }
    return kinds;
}

BlindAttack attack_with(const SpoofedKind& kind, ConnectionEnd end, const Outcomes& outcomes,
                        const Box& box) {
    BlindAttack attack{kind.flags,        kind.length,       kind.timestamps,     end,
                       box[seq_axis].arc, box[ack_axis].arc, box[stamp_axis].arc, rules_in(outcomes, box)};
    const std::array<std::uint64_t, axis_count> sizes{attack.seq.size, attack.ack.size, attack.stamp.size};
    const ScanCost cost = scan_cost(sizes);
    attack.expected = cost.expected;
    attack.at_most = cost.at_most;
    attack.at_least = least_expected_guesses(share_of(outcomes, end));
    return attack;
}

}  // namespace

std::string_view to_string(ConnectionEnd end) {
    switch (end) {
        case ConnectionEnd::Deleted:
            return "deleted";
        case ConnectionEnd::Replaced:
            return "replaced";
        case ConnectionEnd::Closed:
            return "closed";
    }
    return "";
}

BlindResetExposure blind_reset_exposure(const Endpoint& endpoint) {
    BlindResetExposure exposure;
    std::map<std::pair<std::uint8_t, ConnectionEnd>, BlindAttack> best;
    for (const SpoofedKind& kind : kinds_for(endpoint)) {
        const Outcomes outcomes(endpoint, kind);
        exposure.paths += ExposureProof(endpoint, kind).check(outcomes);
        ++exposure.kinds;
        for (const ConnectionEnd end :
             {ConnectionEnd::Deleted, ConnectionEnd::Replaced, ConnectionEnd::Closed}) {
            const std::optional<Box> box = largest_box(outcomes, end);
            if (!box) continue;
            const BlindAttack attack = attack_with(kind, end, outcomes, *box);
            const auto [known, is_new] = best.try_emplace({kind.flags, end}, attack);
            if (!is_new && attack.expected < known->second.expected) known->second = attack;
        }
    }
    for (const auto& [key, attack] : best) exposure.attacks.push_back(attack);
    std::stable_sort(exposure.attacks.begin(), exposure.attacks.end(),
                     [](const BlindAttack& a, const BlindAttack& b) { return a.expected < b.expected; });
    return exposure;
}

}  // namespace halfopen
