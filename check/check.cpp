#include "check/check.hpp"

#include <algorithm>

#include "check/attempts.hpp"
#include "check/checkpoints.hpp"
#include "check/concrete_trace.hpp"
#include "check/corners.hpp"
#include "check/exploration_with_cells.hpp"
#include "check/room.hpp"
#include "check/wearing_out.hpp"
#include "explorer/recovery_time.hpp"

namespace halfopen {

namespace {

using explorer::EdgeFilter;
using explorer::Verdict;

Properties properties_of(const explorer::StateGraph& graph, Verdict verdict) {
    std::uint8_t seen = 0;
    for (const explorer::EdgeLabel& label : graph.rows.labels()) seen |= label.tags;
    // Where there is a trap nobody has looked for storms yet; else one would have been the verdict.
    const bool storm = verdict == Verdict::Storm ||
                       (verdict == Verdict::Permanent && explorer::timeless_cycle(graph).has_value());
    return {(seen & tag::leak) != 0, (seen & tag::cross) != 0, (seen & tag::collateral) != 0, storm};
}

/// Whether judging the graph, and the proofs, would take more memory than is left.
bool too_large_to_judge(const WorldExploration& exploration, const CheckOptions& options) {
    return !has_room(options, bytes_after_search(exploration, options));
}

std::optional<std::string> checkpoint_of(const CheckOptions& options) {
    return options.checkpoints == nullptr ? std::nullopt : options.checkpoints->up_to_date();
}

std::vector<LosingNumbers> losing_numbers_of(WorldExploration& exploration) {
    FollowedClients followed(exploration);
    return losing_numbers(followed);
}

/// The corners are explored in the time and memory that the main search has left, but for what the proofs
/// need afterwards.
void look_into_corners(const Model& model, const CheckOptions& options, WorldExploration& generic,
                       CheckResult& result) {
    WorldOptions world_options{Corners::One, options.merge_commuting_steps, options.symmetry};
    CheckOptions quiet = options;
    quiet.judged = {};  // it is of the headline
    if (quiet.limits.timeout) quiet.limits.timeout = std::max(*quiet.limits.timeout - result.elapsed, {});
    if (quiet.limits.resident_bytes && options.prove_coverage)
        *quiet.limits.resident_bytes -= std::min(bytes_to_prove, *quiet.limits.resident_bytes);
    WorldExploration with_corners = explore_with_cells(model, generic.comparisons, world_options, quiet);
    result.corners_complete = with_corners.found.stopped == explorer::StopReason::Complete &&
                              !too_large_to_judge(with_corners, options);
    if (!result.corners_complete) {
        result.checkpoint = checkpoint_of(options);
        with_corners = {};
        give_back_what_was_freed();
        if (options.attempts) result.losing = losing_numbers_of(generic);
        if (options.prove_coverage) result.proof = prove_cells(generic);
        return;
    }
    if (options.attempts) result.losing = losing_numbers_of(with_corners);
    result.corners = corner_reports(with_corners, result.verdict, result.worst_ms.value_or(0));
    for (const CornerReport& corner : result.corners) result.corner_values += corner.count;
    if (options.prove_coverage) result.proof = prove_cells(with_corners);
}

CheckResult check_once(const Model& model, const CheckOptions& options) {
    const auto start = std::chrono::steady_clock::now();
    const auto elapsed = [&] {
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                     start);
    };
    const WorldOptions world_options{options.isn == IsnMode::Complete ? Corners::All : Corners::None,
                                     options.merge_commuting_steps, options.symmetry};
    WorldExploration exploration = explore_with_cells(model, {}, world_options, options);
    const explorer::StateGraph& graph = exploration.found.graph;
    CheckResult result;
    result.merged_steps = options.merge_commuting_steps;
    result.interchangeable = exploration.system->symmetry().groups();
    result.states = graph.node_count();
    result.transitions = graph.edge_count();
    if (!graph.depth.empty()) result.depth = graph.depth.back();
    result.elapsed = elapsed();
    const auto stopped = [&](explorer::StopReason reason) {
        result.stopped = reason;
        result.checkpoint = checkpoint_of(options);
        return result;
    };
    if (exploration.found.stopped != explorer::StopReason::Complete)
        return stopped(exploration.found.stopped);
    if (too_large_to_judge(exploration, options)) return stopped(explorer::StopReason::Memory);

    const explorer::Judgement judgement = explorer::judge(graph);
    bool wears_out = false;
    if (judgement.verdict == Verdict::Unbounded && has_room(options, bytes_to_prove)) {
        wears_out = every_cycle_wears_out(exploration, judgement.witness);
        give_back_what_was_freed();
        if (options.prove_coverage && !has_room(options, bytes_to_prove_again))
            return stopped(explorer::StopReason::Memory);
    }
    if (options.judged) options.judged(exploration, judgement);
    result.verdict = judgement.verdict;
    result.wears_out = wears_out;
    result.trap_states = judgement.trap_states;
    if (judgement.times) {
        result.best_ms = judgement.times->best_ms;
        result.worst_ms = judgement.times->worst_ms;
    } else if (const auto best = explorer::fastest_recovery(graph)) {
        result.best_ms = best->ms;
    }
    result.properties = properties_of(graph, result.verdict);
    // Without failed attempts there is nothing to find; with corners the counts are exact, so those come
    // first.
    const bool exact = options.corners && options.isn == IsnMode::Generic &&
                       (result.verdict == Verdict::Bounded || !options.corners_if_bounded_only);
    if (options.attempts) {
        FollowedClients followed(exploration);
        result.escape_per_attempt = escape_per_attempt(followed);
        if (!exact) result.losing = losing_numbers(followed);
    }
    if (!exact && options.prove_coverage) result.proof = prove_cells(exploration);
    if (options.trace) result.trace = concrete_trace(exploration, judgement.witness);
    if (result.verdict == Verdict::Bounded) result.trace.loop.reset();
    result.elapsed = elapsed();
    if (exact) look_into_corners(model, options, exploration, result);
    result.elapsed = elapsed();
    return result;
}

}  // namespace

CheckResult check(const Model& model, const CheckOptions& options) {
    const auto start = std::chrono::steady_clock::now();
    try {
        return check_once(model, options);
    } catch (const NoSuchRun&) {
        // A certificate is of the plain cells.
        if (options.joint_cells || options.judged) throw;
    }
    CheckOptions joint = options;
    joint.joint_cells = true;
    joint.checkpoints = nullptr;  // they are of the question without
    const auto spent =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    if (joint.limits.timeout) joint.limits.timeout = std::max(*joint.limits.timeout - spent, {});
    CheckResult result = check_once(model, joint);
    result.elapsed += spent;
    return result;
}

}  // namespace halfopen
