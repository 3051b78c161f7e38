#include "explorer/verdict.hpp"

#include <cstddef>
#include <utility>
#include <vector>

#include "explorer/reachability.hpp"

namespace halfopen::explorer {

namespace {

/// The nodes in reach from which no goal can be reached.
std::vector<bool> traps(const StateGraph& graph, EdgeFilter filter) {
    std::vector<bool> trapped = reachable(graph, filter);
    const std::vector<bool> saved = can_reach(graph, goal_mark, filter);
    for (std::size_t node = 0; node < trapped.size(); ++node) {
        trapped[node] = trapped[node] && !saved[node];
    }
    return trapped;
}

std::uint64_t count(const std::vector<bool>& set) {
    std::uint64_t members = 0;
    for (const bool member : set) {
        members += member ? 1U : 0U;
    }
    return members;
}

}  // namespace

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::Bounded:
            return "bounded";
        case Verdict::Unbounded:
            return "unbounded";
        case Verdict::Storm:
            return "storm";
        case Verdict::Permanent:
            return "permanent";
        case Verdict::Inconclusive:
            return "inconclusive";
    }
    return "unknown";
}

std::optional<Verdict> verdict_named(std::string_view name) {
    using enum Verdict;
    for (const Verdict verdict : {Bounded, Unbounded, Storm, Permanent, Inconclusive})
        if (to_string(verdict) == name) return verdict;
    return std::nullopt;
}

Judgement judge(const StateGraph& graph, EdgeFilter filter) {
    Judgement judgement;
    if (graph.initial.empty()) {
        return judgement;
    }
    const std::vector<bool> trapped = traps(graph, filter);
    judgement.trap_states = count(trapped);
    if (judgement.trap_states > 0) {
        judgement.verdict = Verdict::Permanent;
        const auto path = shortest_path(graph, trapped, filter);
        judgement.first_trap_depth = static_cast<std::uint32_t>(path.value().size() - 1);
        // A trap's successors are traps, so each leads to a cycle of traps or to a dead end.
        judgement.witness = lasso_within(graph, trapped, filter).value();
    } else if (auto endless = cycle(graph, filter)) {
        judgement.verdict = endless->timed ? Verdict::Unbounded : Verdict::Storm;
        judgement.witness = std::move(endless->lasso);
    } else {
        judgement.verdict = Verdict::Bounded;
        judgement.times = recovery_times(graph, goal_mark, filter);
        judgement.witness.prefix = judgement.times.value().worst_path;
    }
    return judgement;
}

}  // namespace halfopen::explorer
