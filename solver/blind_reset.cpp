#include "solver/blind_reset.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include "solver/guess_outcomes.hpp"
#include "solver/in_arc.hpp"
#include "solver/path_explorer.hpp"
#include "solver/scan_cost.hpp"

namespace halfopen {
namespace {

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
    std::size_t check(const GuessOutcomes& outcomes) {
        std::map<std::optional<ConnectionEnd>, z3::expr> claims;
        const auto claim = [&](std::optional<ConnectionEnd> end) {
            auto known = claims.find(end);
            if (known == claims.end()) known = claims.emplace(end, where(outcomes, end)).first;
            return known->second;
        };
        PathExplorer paths(context_);
        return paths.explore(
            [&](Z3Reading& r) { return spoof(r, endpoint_, kind_, numbers_); },
            [&](const z3::expr&, const SpoofOutcome& outcome) {
                if (paths.refute(claim(outcome.end)))
                    throw std::logic_error(endpoint_.policy().name +
                                           ": a spoofed segment does not do what its numbers' cell says");
            });
    }

   private:
    z3::expr where(const GuessOutcomes& outcomes, std::optional<ConnectionEnd> end) {
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
    SpoofNumbers<Z3Reading> numbers_;
};

BlindAttack attack_with(const SpoofedKind& kind, ConnectionEnd end, const GuessOutcomes& outcomes,
                        const GuessBox& box) {
    BlindAttack attack{kind.flags,         kind.length,        kind.timestamps,      end,
                       box.arcs[seq_axis], box.arcs[ack_axis], box.arcs[stamp_axis], box.rules};
    const std::array<std::uint64_t, axis_count> sizes{attack.seq.size, attack.ack.size, attack.stamp.size};
    const ScanCost cost = scan_cost(sizes);
    attack.expected = cost.expected;
    attack.at_most = cost.at_most;
    attack.at_least = least_expected_guesses(share_of(outcomes, end));
    return attack;
}

}  // namespace

BlindResetExposure blind_reset_exposure(const Endpoint& endpoint) {
    BlindResetExposure exposure;
    std::map<std::pair<std::uint8_t, ConnectionEnd>, BlindAttack> best;
    for (const SpoofedKind& kind : spoofed_kinds(endpoint)) {
        const GuessOutcomes outcomes(endpoint, kind);
        exposure.paths += ExposureProof(endpoint, kind).check(outcomes);
        ++exposure.kinds;
        for (const ConnectionEnd end :
             {ConnectionEnd::Deleted, ConnectionEnd::Replaced, ConnectionEnd::Closed}) {
            const std::optional<GuessBox> box = largest_box(outcomes, end);
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
