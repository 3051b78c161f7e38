/// Which changes, made together, keep a scenario from hanging: all smallest sets of fixes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "check/batch.hpp"

namespace halfopen {

/// Fixes that are made together.  None: the scenario as it is.
struct FixSet {
    std::vector<Fix> fixes;
    std::optional<std::string> expected;  ///< what the scenario says of a single fix
    CheckResult result;                   ///< of the scenario with all of them
    CheckResult endless;                  ///< the same, where clients never give up one connect()
    /// Spoofed segments, on average, that end an established connection of the server, or of the weakest
    /// where there are several (blind_reset.hpp); infinity: none does.
    double exposure = 0;

    /// Who has to act, each once: of "server", "nat", "client", in this order.
    std::vector<std::string> parties() const;
    /// Every run recovers.
    bool works() const { return result.verdict == explorer::Verdict::Bounded; }
};

struct FixSearch {
    FixSet before;                ///< no fix
    std::vector<FixSet> singles;  ///< each fix alone, in the order given
    /// Sets of two and more that work and of which no part does; smaller ones first, then those of fewer
    /// parties, then in the order of their fixes.
    std::vector<FixSet> larger;
    std::size_t tried = 0;           ///< sets of two and more that were explored
    std::size_t supersets = 0;       ///< of a set that works, and therefore not explored
    std::size_t contradictions = 0;  ///< sets in which two fixes give one setting different values: left out
    bool conclusive = true;          ///< no exploration was cut short by a limit
};

/// Looks for all smallest sets of at most max_size fixes (at least 1).  Deterministic, whatever the threads.
/// Throws InputError before anything is checked where a fix does not exist or does not fit the scenario.
FixSearch search_fixes(const Scenario& scenario, const std::vector<ExpectedFix>& fixes,
                       const FixLibrary& fix_library, const PolicyLibrary& library,
                       const CheckOptions& options, unsigned threads, std::size_t max_size);

/// Only sets in which the party takes part; those that it can make alone stay before those that it cannot.
FixSearch for_party(FixSearch search, const std::string& party);

}  // namespace halfopen
