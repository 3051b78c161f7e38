/// Explorer and prover side by side: every server policy behind every NAT policy, with each fix of a scenario
/// that helps.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "check/check.hpp"
#include "check/counterexample_replay.hpp"
#include "check/fix_proof.hpp"
#include "solver/answered_questions.hpp"
#include "spec/policy/fix.hpp"

namespace halfopen {

/// A scenario with a server policy, a NAT policy and a fix that fits them.
struct ProofPair {
    std::string fix;  ///< empty: as it is
    std::string server, nat;
    /// What is set in the scenario, each key once.  Pairs with equal settings are one question: a fix that
    /// replaces the server's policy makes all servers one.
    std::vector<std::pair<std::string, std::string>> settings;

    friend bool operator==(const ProofPair&, const ProofPair&) = default;
};

/// "nat.policy=pf server.policy=freebsd-7"; party: only settings whose keys begin so.
std::string settings_text(const ProofPair& pair, std::string_view party = {});

/// fix: none where it is to be as it is.
ProofPair proof_pair(const Fix* fix, const std::string& server, const std::string& nat);

/// Without a fix and with each in turn; those that do not fit a pair are left out.
std::vector<ProofPair> proof_pairs(const Scenario& scenario, const std::vector<Fix>& fixes,
                                   const PolicyLibrary& library);

/// The fixes with which the scenario is expected to be bounded.
std::vector<Fix> fixes_that_help(const Scenario& scenario, const FixLibrary& fixes);

/// The scenario with the pair's settings, and with old connections at outside ports that this NAT gives:
/// where it keeps no client's port, at the first ones of its range.  Else no client could come to an old
/// connection's port again, and the pair would be bounded for no better reason.
/// Throws InputError where a setting or a policy does not fit.
Scenario scenario_of(const ProofPair& pair, const Scenario& scenario, const PolicyLibrary& library);

/// What the explorer says of a pair.
struct ExploredPair {
    explorer::Verdict verdict = explorer::Verdict::Inconclusive;
    /// Nobody else is about.  Asked for where one_client_counts().
    explorer::Verdict one_client = explorer::Verdict::Inconclusive;
    /// CheckResult::wears_out, of the last of these.
    bool wears_out = false;
};

/// Whether the verdict on one client is what the claim beside it is compared with: where that is of each
/// client alone, and where there is none and the scenario's clients are too many for a verdict.
bool one_client_counts(explorer::Verdict of_all_clients, const FixProof& beside);

/// beside: the claim that it is to be compared with.  timeout: of each verdict.  verdict: of the scenario's
/// clients, where that is known.
ExploredPair explore_pair(const Scenario& pair, const PolicyLibrary& library, const FixProof& beside,
                          std::chrono::milliseconds timeout,
                          std::optional<explorer::Verdict> verdict = std::nullopt);

/// What the prover says of a pair.
struct ProvedPair {
    FixProof proof;
    RecoveryProof whole;  ///< empty where none covers the pair
};

/// What the prover says of pairs, of the scenario's own old connections.  The lemmas are proved once for each
/// server and for each NAT.  Several threads may ask.
class PairProver {
   public:
    PairProver(const Scenario& scenario, const PolicyLibrary& library)
        : scenario_(scenario), library_(library) {}
    ProvedPair prove(const ProofPair& pair);
    /// Of a failed proof: whether its counterexample comes about.  `Found` where the explorer has a run, in
    /// the scenario or in one that it asks for, else the most that is said of any (replay_counterexamples()).
    Replay try_counterexample(const ProofPair& pair, const RecoveryProof& whole,
                              std::chrono::milliseconds timeout) const;

   private:
    const Scenario& scenario_;
    const PolicyLibrary& library_;
    std::mutex mutex_;
    std::map<std::string, Induction> inductions_;  ///< by the settings of the server
    std::map<std::string, Isolation> isolations_;  ///< by the settings of the NAT
    AnsweredQuestions answered_;                   ///< by Z3, for all pairs
};

/// How the two stand to each other.
enum class Agreement : std::uint8_t {
    Both,          ///< proved, and bounded
    WearsOut,      ///< proved but for corners, and unbounded by these alone: CheckResult::wears_out
    Neither,       ///< not proved, and not bounded
    Unsound,       ///< proved, and not bounded: one of the two is wrong
    NotProved,     ///< bounded, and not proved
    Confirmed,     ///< the same, and the explorer has a run of the counterexample from another beginning
    NotConclusive  ///< the explorer has come to no verdict
};

/// A claim for any number of clients covers the scenario's, one for each client alone covers a single one.
/// elsewhere: what fails comes about in a scenario that is not the pair's own.
Agreement agreement(const ExploredPair& explored, const FixProof& proof, bool elsewhere = false);

/// Found, and not in the scenario as it stands: there the verdict would be another one.
bool found_elsewhere(const Replay& replay);

}  // namespace halfopen
