/// "Did my change break it?"  Compares two libraries of policies by what they do to every scenario that they
/// touch.
///
///   GateReport report = run_gate(options);  report.worse() where something got worse beyond what is allowed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gate/outcome.hpp"
#include "policy_report/words.hpp"
#include "solver/policy_diff.hpp"

namespace halfopen::gate {

struct GateOptions {
    std::filesystem::path baseline, candidate;     ///< folders that hold endpoints/ and nats/
    std::vector<std::filesystem::path> scenarios;  ///< folders, or single .toml files
    std::vector<std::string> allow;                ///< KIND, PAIRING or PAIRING:KIND; * and ? as in a shell
    std::uint64_t slower_ms = 1000;                ///< a worst recovery longer by more than this is worse
    std::optional<std::filesystem::path> cache;    ///< none: nothing is kept
    std::string program;                           ///< identifies this program: a part of every cache key
    CheckOptions check;
    unsigned threads = 1;
};

/// What can change for better or worse; the names are rule ids in SARIF, and stay as they are.
enum class Kind : std::uint8_t {
    Verdict,
    RecoveryTime,
    Leak,
    Cross,
    Collateral,
    Storm,
    BlindReset,
    Model  ///< a scenario no longer fits its policies
};
inline constexpr std::size_t kind_count = 8;
std::string_view to_string(Kind kind);
/// A sentence on what it means.
std::string_view meaning(Kind kind);

/// A policy that does not do the same in both libraries; what it inherits counts.
struct PolicyChange {
    PolicyKind kind = PolicyKind::Endpoint;
    std::string name;
    std::optional<Policy> before, after;  ///< none: the policy is not in that library
    PolicyDiff diff;                      ///< where it is in both
};

struct Finding {
    Kind kind = Kind::Verdict;
    bool worse = false;
    bool allowed = false;
    std::string before, after;  ///< "bounded, 3 s"
    Place place;                ///< of the rule that it is put down to, in the candidate
    std::string rule;           ///< its id, or empty
};

/// A scenario, or a variant of one, as both libraries have it; or a policy's blind-reset exposure.
struct PairingReport {
    std::string id;  ///< "founding/one-client", "founding+server=freebsd-14", "exposure of freebsd-14"
    std::string title;
    std::vector<std::string> policies;  ///< those of its policies that changed
    std::optional<Outcome> before, after;
    std::vector<Finding> findings;
    std::shared_ptr<const Model> model;  ///< of the candidate, for the names in its trace; may be none

    bool worse() const;   ///< beyond what is allowed
    bool better() const;  ///< and not worse
    bool undecided() const;
};

struct GateReport {
    std::vector<PolicyChange> policies;
    std::vector<PairingReport> pairings;      ///< those that were affected
    std::size_t untouched = 0;                ///< pairings that use no changed policy
    std::size_t checked = 0, from_cache = 0;  ///< for a remark to people, not for a report
    std::vector<std::string> unused_allowances;

    bool worse() const;
    bool undecided() const;
};

/// Throws InputError for whatever is wrong in either library or in a scenario.
GateReport run_gate(const GateOptions& options);

/// Findings of two outcomes, without places.
std::vector<Finding> compare(const Outcome& before, const Outcome& after, std::uint64_t slower_ms);

/// Whether one of the allowances covers the finding; which: set to its index.
bool allowed(const std::vector<std::string>& allowances, const std::string& pairing, Kind kind,
             std::vector<bool>* used = nullptr);

/// Changed policies in the order of their kinds and names.
std::vector<PolicyChange> changed_policies(const PolicyLibrary& before, const PolicyLibrary& after);

}  // namespace halfopen::gate
