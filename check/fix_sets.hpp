/// Which sets of fixes help, and no smaller one within them: the answer to "what can I do, alone or together
/// with the others?"
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "check/batch.hpp"
#include "check/fix_proof.hpp"
#include "solver/blind_reset.hpp"
#include "spec/policy/fix.hpp"

namespace halfopen {

/// The exposure of a server's policy to spoofed segments (solver/blind_reset.hpp).
struct ServerExposure {
    std::string server;
    BlindResetExposure exposure;
};

/// Some fixes together, tried on the scenario.
struct FixSetOutcome {
    std::vector<Fix> fixes;               ///< in the order in which they were to be tried
    std::optional<std::string> expected;  ///< of a single fix, where the scenario says
    CheckResult result;                   ///< of the scenario with all of them
    /// The same, where clients never give up one connect(); of every single fix, and of every set that helps.
    std::optional<CheckResult> endless;
    FixProof proof;
    std::vector<ServerExposure> exposure;  ///< of sets that help

    bool helps() const { return result.verdict == explorer::Verdict::Bounded; }
    /// The party that can do all of it; empty where it takes several.
    std::string party() const;
};

struct FixSearchOptions {
    CheckOptions check;
    unsigned threads = 1;
    std::string party;  ///< only fixes of this party; empty: of all
    /// Sets of up to so many fixes.  None: of one, and of two where no single one helps.
    std::optional<std::size_t> max_size;
    bool exposure = true;
    std::optional<CheckResult> before;  ///< without a fix, where that is known already
    /// Asked for each set that helps; not set: it is not tried.
    std::function<FixProof(const Scenario& fixed)> prove;
};

struct FixSearch {
    CheckResult before;  ///< without a fix
    std::vector<ServerExposure> exposure_before;
    /// Minimal sets that help.  What one party can do alone comes first, by party in the order in which the
    /// fixes were listed, small sets before large ones.
    std::vector<FixSetOutcome> minimal;
    std::vector<FixSetOutcome> singles;  ///< every single fix, whether it helps or not, as listed
    std::size_t largest = 0;             ///< size up to which all sets were looked at
    std::size_t tried = 0;
    std::size_t failed_together = 0;  ///< sets of several that do not help
    std::size_t skipped = 0;          ///< not tried, because a part of it helps
    std::size_t incompatible = 0;     ///< not tried, because they set one thing twice or do not fit together
    bool conclusive = true;           ///< no limit was hit
};

/// Tries each fix, then sets of them; supersets of a set that helps are not explored again.  Throws
/// InputError where a single fix does not fit the scenario.
FixSearch find_fix_sets(const Scenario& scenario, const std::vector<ExpectedFix>& fixes,
                        const FixLibrary& fix_library, const PolicyLibrary& library,
                        const FixSearchOptions& options);

/// The exposure of each server of the scenario, in order.
std::vector<ServerExposure> exposures(const Scenario& scenario, const PolicyLibrary& library);

}  // namespace halfopen
