/// Many checks at once, as of the variants of a scenario.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "check/check.hpp"

namespace halfopen {

struct BatchJob {
    Scenario scenario;  ///< with everything applied
    CheckOptions options;
};

/// What a line of a table shows: no trace, and corners only where generic numbers are safe.
CheckOptions options_for_a_table(CheckOptions options);

/// Runs the jobs on `threads` threads (at least 1), those that may take longest first (cost.hpp); results in
/// the order of the jobs, whatever the threads.  Throws the first job's InputError before anything is
/// checked.
std::vector<CheckResult> check_all(const std::vector<BatchJob>& jobs, const PolicyLibrary& library,
                                   unsigned threads);

/// Verdict and expectation agree, or nothing is expected.
bool as_expected(const CheckResult& result, const std::optional<std::string>& expected);

/// Adds a setting to a copy of the scenario: clients that never give up one connect().
Scenario with_endless_connect(Scenario scenario);

struct VariantOutcome {
    VariantSpec variant;
    CheckResult result;
};

std::vector<VariantOutcome> try_variants(const Scenario& scenario, const PolicyLibrary& library,
                                         const CheckOptions& options, unsigned threads);

}  // namespace halfopen
