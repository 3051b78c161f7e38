/// The exact condition on the numbers under which an attempt fails, and the rules by which it does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/check.hpp"
#include "check/numbered_runs.hpp"
#include "solver/exact_condition.hpp"

namespace halfopen {

/// Real runs with numbers drawn at random within a set.
struct Sample {
    std::size_t tried = 0;
    std::size_t can_fail = 0;     ///< in some order of events
    std::size_t always_fail = 0;  ///< in every one
    std::size_t open = 0;         ///< a limit was hit
};

/// A stretch of time on the client's ISN clock, as ms since it stood at RCV.NXT (mod the clock's period).
struct ClockWindow {
    std::uint64_t from_ms = 0, to_ms = 0;
};

/// What decides whether an attempt of a client fails that meets an old connection.
struct MeetingCondition {
    LosingNumbers numbers;  ///< the condition: ISS - RCV.NXT (or SND.NXT, see there) in these intervals
    ConditionProof proof;
    std::size_t other_comparisons = 0;  ///< with numbers that are drawn elsewhere: not part of the condition
    Sample members, others;
    std::vector<ClockWindow> windows;  ///< where its ISNs follow a clock
    std::uint64_t clock_period_ms = 0;
    std::optional<std::uint32_t> in_trace;  ///< ISS - RCV.NXT of the run that is shown, where it meets this
};

/// A rule that decided a step of the run.
struct FiredRule {
    std::string actor, id, source;
    bool unconfirmed = false;
    std::size_t times = 0;
};

struct Explanation {
    explorer::Verdict verdict = explorer::Verdict::Inconclusive;
    explorer::StopReason stopped = explorer::StopReason::Complete;
    std::vector<MeetingCondition>
        conditions;  ///< of each client and old connection that some number loses to; where there is none, of
                     ///< each client that never has its connection back whatever it meets
    std::size_t drawn_by_clients = 0;  ///< clients that draw a fresh ISS on some run
    std::size_t between_fresh = 0;     ///< comparisons of such a number with others that are drawn
    /// Of the scenario as it stands, where its clients do give up and the caller has asked.
    std::optional<explorer::Verdict> as_it_stands;
    std::vector<FiredRule> rules;  ///< in the order in which they first fire
    Trace trace;

    /// Every proof went through and every run with a number of one's own agrees with it.
    bool confirmed() const;
};

struct ExplainOptions {
    CheckOptions check;
    std::size_t samples = 8;  ///< numbers drawn within each condition, and as many outside
    std::uint32_t seed = 1;
};

/// Of clients that never give one connect() up: there a number, once drawn, decides.  The condition is what
/// the explorer counts (losing_numbers); Z3 proves it against the comparisons, and runs without any cells
/// confirm it for numbers drawn at random from inside, from outside and at each end of each interval.
///
/// model: of a scenario with_endless_connect (batch.hpp); the trace refers to its rules.
Explanation explain(const Model& model, const ExplainOptions& options);

/// The verdict of a scenario some of whose clients do give up; nothing where none does, so that explain()
/// says it.
std::optional<explorer::Verdict> verdict_as_it_stands(const Scenario& scenario, const PolicyLibrary& library,
                                                      CheckOptions options);

}  // namespace halfopen
