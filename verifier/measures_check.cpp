#include "verifier/measures_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace halfopen::verifier {

namespace {

using Number = std::uint64_t;

std::string ms_or_none(const std::optional<Number>& ms) { return ms ? fmt::format("{} ms", *ms) : "none"; }

/// No number may be as large.  So no sum overflows, and no cycle can bear "infinitely much" all round, which
/// would agree with its successors' infinitely much.
constexpr Number too_large = Number{1} << 62U;

bool has_too_large(const Certificate& certificate, std::uint64_t id) {
    const auto all = measures_of(certificate.claim().verdict);
    return std::any_of(all.begin(), all.end(),
                       [&](Measure measure) { return certificate.measure(id, measure) >= too_large; });
}

}  // namespace

std::optional<std::string> fault_in_measures(const Certificate& certificate, std::uint64_t id, bool recovered,
                                             std::span<const Successor> successors) {
    const Verdict verdict = certificate.claim().verdict;
    if (verdict == Verdict::Permanent) {
        if (recovered) return "the trap holds a state that has recovered";
        return std::nullopt;
    }
    if (has_too_large(certificate, id)) return "a number of the state is larger than any can be";
    if (!recovered && successors.empty()) return "nothing can happen in a state that has not recovered";
    const auto said = [&](std::uint64_t of, Measure measure) { return certificate.measure(of, measure); };
    std::pair<Number, Number> quickest{recovered ? 0 : too_large, 0};
    Number longest_ms = 0, longest_steps = 0, timeless = 0;
    for (const Successor& next : successors) {
        // What is too large is found when its state's turn comes.
        const auto of_next = [&](Measure m) { return std::min(said(next.id, m), too_large); };
        quickest =
            std::min(quickest, {of_next(Measure::QuickestMs) + next.ms, of_next(Measure::QuickestSteps) + 1});
        if (verdict == Verdict::Bounded) {
            longest_ms = std::max(longest_ms, of_next(Measure::LongestMs) + next.ms);
            longest_steps = std::max(longest_steps, of_next(Measure::LongestSteps) + 1);
        }
        if (verdict == Verdict::Unbounded && next.ms == 0)
            timeless = std::max(timeless, of_next(Measure::TimelessSteps) + 1);
    }
    const auto compare = [&](Measure measure, Number right,
                             std::string_view what) -> std::optional<std::string> {
        if (said(id, measure) == right) return std::nullopt;
        return fmt::format("{} is {}, not {}", what, right, said(id, measure));
    };
    auto fault =
        compare(Measure::QuickestMs, quickest.first, "by its successors the least time to recovery, in ms,");
    if (!fault)
        fault = compare(Measure::QuickestSteps, quickest.second,
                        "by its successors the number of steps of the quickest recovery");
    if (!fault && verdict == Verdict::Bounded)
        fault = compare(Measure::LongestMs, longest_ms,
                        "by its successors the greatest time to recovery, in ms,");
    if (!fault && verdict == Verdict::Bounded)
        fault = compare(Measure::LongestSteps, longest_steps,
                        "by its successors the greatest number of steps to recovery");
    if (!fault && verdict == Verdict::Unbounded)
        fault = compare(Measure::TimelessSteps, timeless,
                        "by its successors the greatest number of steps without time passing");
    return fault;
}

std::optional<std::string> fault_in_times(const Certificate& certificate) {
    const Claim& claim = certificate.claim();
    std::optional<Number> best, worst;
    for (std::uint64_t i = 0; i < certificate.counts().roots && claim.verdict != Verdict::Permanent; ++i) {
        const std::uint32_t root = certificate.root(i);
        const Number quickest = certificate.measure(root, Measure::QuickestMs);
        best = std::min(best.value_or(quickest), quickest);
        if (claim.verdict == Verdict::Bounded)
            worst = std::max(worst.value_or(0), certificate.measure(root, Measure::LongestMs));
    }
    if (claim.best_ms != best)
        return fmt::format("the best time is {}, not {}", ms_or_none(best), ms_or_none(claim.best_ms));
    if (claim.worst_ms != worst)
        return fmt::format("the worst time is {}, not {}", ms_or_none(worst), ms_or_none(claim.worst_ms));
    return std::nullopt;
}

}  // namespace halfopen::verifier
