#include "check/explain.hpp"

#include <algorithm>
#include <random>
#include <set>

#include "check/attempt_nodes.hpp"
#include "check/attempts.hpp"
#include "check/batch.hpp"
#include "check/concrete_trace.hpp"
#include "check/exploration_with_cells.hpp"
#include "check/meeting.hpp"

namespace halfopen {

namespace {

using explorer::StopReason;
using explorer::Verdict;

std::vector<FiredRule> fired_rules(const Model& model, const Trace& trace) {
    std::vector<FiredRule> rules;
    std::vector<const Rule*> seen;
    const auto note = [&](const std::string& actor, const Rule* rule) {
        if (rule == nullptr) return;
        for (std::size_t i = 0; i < rules.size(); ++i) {
            if (seen[i] != rule || rules[i].actor != actor) continue;
            ++rules[i].times;
            return;
        }
        seen.push_back(rule);
        rules.push_back({actor, rule->id, rule->source, rule->unconfirmed, 1});
    };
    for (const TraceStep& step : trace.steps) {
        note(model.name(step.step.node), step.step.rule);
        note(model.name(step.step.node), step.step.host_rule);
    }
    return rules;
}

bool lost(const LosingNumbers& numbers, std::uint32_t iss) {
    const std::uint32_t distance = iss - numbers.rcv_nxt;
    return std::any_of(numbers.intervals.begin(), numbers.intervals.end(),
                       [&](const Interval& one) { return distance - one.first < one.size; });
}

ConditionProof proof_of(const WorldExploration& exploration, const LosingNumbers& numbers,
                        const std::vector<Origin>& given) {
    const OriginRole drawn = client_isn_role(numbers.client);
    std::vector<Arc> arcs;
    for (const Interval& one : numbers.intervals) arcs.push_back({one.first + numbers.rcv_nxt, one.size});
    std::vector<std::uint32_t> inside, outside;
    for (const Cell& cell : cells(exploration.cuts, drawn, given))
        (lost(numbers, cell.representative) ? inside : outside).push_back(cell.representative);
    return prove_condition({arcs, inside, outside}, exploration.comparisons, drawn, given);
}

std::size_t comparisons_with_others(const WorldExploration& exploration, OriginRole drawn) {
    return static_cast<std::size_t>(std::count_if(
        exploration.comparisons.begin(), exploration.comparisons.end(), [&](const Comparison& c) {
            return (c.left == drawn && !is_given(c.right)) || (c.right == drawn && !is_given(c.left));
        }));
}

bool draws_a_number(const WorldExploration& exploration, std::size_t client) {
    for (std::uint32_t node = 0; node < exploration.found.graph.node_count(); ++node) {
        const World world = explorer::state_at(*exploration.system, exploration.found, node);
        if (std::any_of(world.origins.begin(), world.origins.end(),
                        [&](const Origin& origin) { return origin.role == client_isn_role(client); }))
            return true;
    }
    return false;
}

/// Both ends of each interval, and numbers drawn at random from all of them, each as likely as any other.
std::vector<std::uint32_t> members_of(const std::vector<Interval>& intervals, std::size_t random_ones,
                                      std::mt19937& generator) {
    std::set<std::uint32_t> chosen;
    std::uint64_t total = 0;
    for (const Interval& one : intervals) {
        total += one.size;
        chosen.insert(one.first);
        chosen.insert(static_cast<std::uint32_t>(one.first + (one.size - 1)));
    }
    if (total == 0) return {};
    std::uniform_int_distribution<std::uint64_t> any(0, total - 1);
    for (std::size_t i = 0; i < random_ones; ++i) {
        std::uint64_t at = any(generator);
        for (const Interval& one : intervals) {
            if (at < one.size) {
                chosen.insert(static_cast<std::uint32_t>(one.first + at));
                break;
            }
            at -= one.size;
        }
    }
    return {chosen.begin(), chosen.end()};
}

/// All differences that lie in none of the intervals, which are sorted and do not touch.
std::vector<Interval> complement(const std::vector<Interval>& intervals) {
    if (intervals.empty()) return {{0, all_values}};
    std::vector<Interval> gaps;
    for (std::size_t i = 0; i < intervals.size(); ++i) {
        const Interval& next = intervals[(i + 1) % intervals.size()];
        const auto end = static_cast<std::uint32_t>(intervals[i].first + intervals[i].size);
        if (intervals[i].size == all_values) return {};
        const std::uint64_t size = next.first - end;
        if (size > 0) gaps.push_back({end, size});
    }
    return gaps;
}

class Explainer {
   public:
    Explainer(const Model& model, const WorldExploration& exploration, const ExplainOptions& options)
        : model_(model), exploration_(exploration), options_(options), generator_(options.seed) {}

    MeetingCondition condition(LosingNumbers numbers, const std::vector<Origin>& given) {
        MeetingCondition found;
        found.proof = proof_of(exploration_, numbers, given);
        found.other_comparisons = comparisons_with_others(exploration_, client_isn_role(numbers.client));
        found.members = sample(numbers, numbers.intervals);
        found.others = sample(numbers, complement(numbers.intervals));
        clock_windows(found, numbers);
        found.numbers = std::move(numbers);
        return found;
    }

   private:
    Sample sample(const LosingNumbers& numbers, const std::vector<Interval>& intervals) {
        Sample sample;
        for (const std::uint32_t distance : members_of(intervals, options_.samples, generator_)) {
            const AttemptOutcome outcome =
                attempt_with(model_, exploration_.cuts, numbers.client, numbers.rcv_nxt + distance,
                             numbers.meets_old_connection ? std::optional(numbers.rcv_nxt) : std::nullopt);
            ++sample.tried;
            sample.open += outcome == AttemptOutcome::Open ? 1U : 0U;
            sample.always_fail += outcome == AttemptOutcome::Fails ? 1U : 0U;
            sample.can_fail +=
                outcome == AttemptOutcome::Fails || outcome == AttemptOutcome::Depends ? 1U : 0U;
            // One that does not end is followed by others that do not.
            if (outcome == AttemptOutcome::Open) break;
        }
        return sample;
    }

    void clock_windows(MeetingCondition& found, const LosingNumbers& numbers) const {
        const EndpointSettings& settings = model_.clients()[numbers.client].endpoint.settings();
        if (settings.isn_source != IsnSource::Clock || settings.isn_clock_per_ms == 0) return;
        const std::uint64_t step = settings.isn_clock_per_ms;
        found.clock_period_ms = all_values / step;
        for (const Interval& one : numbers.intervals) {
            // The whole ms at which the clock shows a number of the interval.
            const std::uint64_t from = (one.first + step - 1) / step;
            const std::uint64_t to = (one.first + one.size - 1) / step;
            if (from <= to) found.windows.push_back({from, to});
        }
    }

    const Model& model_;
    const WorldExploration& exploration_;
    const ExplainOptions& options_;
    std::mt19937 generator_;
};

/// ISS - RCV.NXT of the trace's first attempt of that client, if it meets that connection.
std::optional<std::uint32_t> in_trace(const Model& model, const Trace& trace, const LosingNumbers& numbers) {
    for (const TraceStep& step : trace.steps) {
        const ClientState& client = step.after.clients[numbers.client];
        if (client.connected_before || client.tcb.state != TcpState::SynSent) continue;
        if (!numbers.meets_old_connection) return client.tcb.iss.value - numbers.rcv_nxt;
        const auto met = meeting_of(model, step.after, numbers.client);
        if (met && met->rcv_nxt == numbers.rcv_nxt) return client.tcb.iss.value - numbers.rcv_nxt;
    }
    return std::nullopt;
}

}  // namespace

bool Explanation::confirmed() const {
    return std::all_of(conditions.begin(), conditions.end(), [](const MeetingCondition& one) {
        return one.proof.proved() && one.members.can_fail == one.members.tried && one.members.open == 0 &&
               one.others.can_fail == 0 && one.others.open == 0;
    });
}

Explanation explain(const Model& model, const ExplainOptions& options) {
    Explanation result;
    WorldExploration generic =
        explore_with_cells(model, {}, {Corners::None, options.check.merge_commuting_steps}, options.check);
    result.stopped = generic.found.stopped;
    if (result.stopped != StopReason::Complete) return result;
    const explorer::Judgement judgement = explorer::judge(generic.found.graph);
    WorldExploration exact = explore_with_cells(
        model, generic.comparisons, {Corners::One, options.check.merge_commuting_steps}, options.check);
    result.stopped = exact.found.stopped;
    if (result.stopped != StopReason::Complete) return result;
    result.verdict = judgement.verdict;
    result.trace = concrete_trace(generic, judgement.witness);
    if (result.verdict == Verdict::Bounded) result.trace.loop.reset();
    result.rules = fired_rules(model, result.trace);
    const std::vector<Origin> given = scenario_numbers(explorer::state_at(*exact.system, exact.found, 0));
    Explainer explainer(model, exact, options);
    for (std::size_t client = 0; client < model.clients().size(); ++client) {
        const OriginRole drawn = client_isn_role(client);
        result.drawn_by_clients += draws_a_number(exact, client) ? 1U : 0U;
        result.between_fresh += comparisons_with_others(exact, drawn);
    }
    FollowedClients followed(exact);
    std::vector<LosingNumbers> losing = losing_numbers(followed);
    if (losing.empty()) losing = trapped_numbers(followed);
    for (LosingNumbers& numbers : losing) {
        const auto shown = in_trace(model, result.trace, numbers);
        result.conditions.push_back(explainer.condition(std::move(numbers), given));
        result.conditions.back().in_trace = shown;
    }
    return result;
}

std::optional<Verdict> verdict_as_it_stands(const Scenario& scenario, const PolicyLibrary& library,
                                            CheckOptions options) {
    const Model model(scenario, library);
    if (std::all_of(model.clients().begin(), model.clients().end(),
                    [](const ClientNode& client) { return client.endpoint.settings().syn_never_gives_up; }))
        return std::nullopt;
    options = options_for_a_table(options);
    options.corners = options.attempts = options.prove_coverage = false;
    return check(model, options).verdict;
}

}  // namespace halfopen
