#include "check/proof_pairs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "check/batch.hpp"
#include "solver/recovery/prover.hpp"
#include "spec/world/model.hpp"

namespace halfopen {
namespace {

using explorer::Verdict;

/// The later value counts, and stands where the key stood first, since a policy comes before its parameters.
void set(ProofPair& pair, const std::string& key, const std::string& value) {
    const auto same = std::find_if(pair.settings.begin(), pair.settings.end(),
                                   [&](const auto& setting) { return setting.first == key; });
    if (same != pair.settings.end())
        same->second = value;
    else
        pair.settings.emplace_back(key, value);
}

bool fits(const ProofPair& pair, const Scenario& scenario, const PolicyLibrary& library) {
    try {
        const Model model(scenario_of(pair, scenario, library), library);
        return true;
    } catch (const InputError&) {
        return false;
    }
}

/// Enough for each proof that comes to an end; most need a hundredth.
constexpr std::size_t most_questions = 200'000, most_steps = 1'000'000;
/// As Z3 counts it, some minute.
constexpr std::uint64_t most_work = 500'000'000;
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30U;  // of an exploration

template <class Lemma>
std::optional<Lemma> known(const std::map<std::string, Lemma>& lemmas, const std::string& of) {
    const auto found = lemmas.find(of);
    return found == lemmas.end() ? std::nullopt : std::optional(found->second);
}

CheckResult result_of(const Scenario& scenario, const PolicyLibrary& library,
                      std::chrono::milliseconds timeout) {
    CheckOptions options;
    options.corners = options.attempts = options.trace = options.prove_coverage = false;
    options.limits.timeout = timeout;
    options.limits.memory_bytes = most_bytes;
    return check(Model(scenario, library), options);
}

}  // namespace

std::string settings_text(const ProofPair& pair, std::string_view party) {
    std::string text;
    for (const auto& [key, value] : pair.settings)
        if (key.starts_with(party)) text += fmt::format("{}{}={}", text.empty() ? "" : " ", key, value);
    return text;
}

ProofPair proof_pair(const Fix* fix, const std::string& server, const std::string& nat) {
    ProofPair pair{fix == nullptr ? "" : fix->name, server, nat, {}};
    set(pair, "server.policy", server);
    set(pair, "nat.policy", nat);
    if (fix != nullptr)
        for (const auto& [key, value] : fix->set) set(pair, key, value);
    return pair;
}

std::vector<ProofPair> proof_pairs(const Scenario& scenario, const std::vector<Fix>& fixes,
                                   const PolicyLibrary& library) {
    // What is set of a server says nothing of the NAT, so that each needs to be tried but once.
    std::map<std::string, bool> tried;
    const auto party_fits = [&](const ProofPair& pair, std::string_view other) {
        ProofPair part = pair;
        std::erase_if(part.settings, [&](const auto& setting) { return setting.first.starts_with(other); });
        const std::string all = settings_text(part);
        if (const auto known = tried.find(all); known != tried.end()) return known->second;
        return tried[all] = fits(part, scenario, library);
    };
    const auto servers = library.names(PolicyKind::Endpoint), nats = library.names(PolicyKind::Nat);
    std::vector<const Fix*> ways{nullptr};
    for (const Fix& fix : fixes) ways.push_back(&fix);
    std::vector<ProofPair> pairs;
    for (const Fix* fix : ways)
        for (const std::string& server : servers)
            for (const std::string& nat : nats) {
                ProofPair pair = proof_pair(fix, server, nat);
                if (party_fits(pair, "nat.") && party_fits(pair, "server.")) pairs.push_back(std::move(pair));
            }
    return pairs;
}

std::vector<Fix> fixes_that_help(const Scenario& scenario, const FixLibrary& fixes) {
    std::vector<Fix> helping;
    for (const ExpectedFix& expected : scenario.fixes)
        if (expected.expect == to_string(Verdict::Bounded)) helping.push_back(fixes.load(expected.name));
    return helping;
}

Scenario scenario_of(const ProofPair& pair, const Scenario& scenario, const PolicyLibrary& library) {
    Scenario changed = scenario;
    for (const auto& [key, value] : pair.settings) apply_setting(changed, key, value);
    const Model model(changed, library);
    std::map<std::uint16_t, std::uint16_t> given;  // by first port of a range
    const NatNode& nat = model.nats().front();
    const PortChoiceSettings& ports = nat.nat.settings().ports;
    for (ClientSpec& client : changed.clients) {
        const PortRange range = port_range(ports, nat.addresses, {client.ip, client.port});
        if (keeps_port(ports.preservation, range, client.port)) continue;
        client.outside_port = static_cast<std::uint16_t>(range.first + given[range.first]++);
    }
    return changed;
}

bool one_client_counts(Verdict of_all_clients, const FixProof& beside) {
    return beside.status == FixProof::Status::ProvedAlone ||
           (of_all_clients == Verdict::Inconclusive && !beside.proved());
}

ExploredPair explore_pair(const Scenario& pair, const PolicyLibrary& library, const FixProof& beside,
                          std::chrono::milliseconds timeout, std::optional<Verdict> verdict) {
    ExploredPair explored;
    const auto explore = [&](const Scenario& scenario) {
        const CheckResult all = result_of(scenario, library, timeout);
        explored.wears_out = all.wears_out;
        return all.verdict;
    };
    explored.verdict = verdict ? *verdict : explore(pair);
    if (one_client_counts(explored.verdict, beside)) {
        Scenario one = pair;
        apply_setting(one, "scenario.clients", "1");
        explored.one_client = explore(one);
    }
    return explored;
}

ProvedPair PairProver::prove(const ProofPair& pair) {
    const std::string server = settings_text(pair, "server."), nat = settings_text(pair, "nat.");
    ProvedPair found;
    try {
        ProofOptions options;
        options.own = true;
        options.most_questions = most_questions;
        options.most_steps = most_steps;
        options.most_work = most_work;
        options.half_open = false;
        options.answered = &answered_;
        {
            const std::lock_guard lock(mutex_);
            options.induction = known(inductions_, server);
            options.isolation = known(isolations_, nat);
        }
        found.whole = prove_recovery(Model(scenario_of(pair, scenario_, library_), library_), options);
        {
            const std::lock_guard lock(mutex_);
            inductions_.emplace(server, found.whole.induction);
            isolations_.emplace(nat, found.whole.isolation);
        }
        found.proof = fix_proof(found.whole, true);
    } catch (const InputError& error) {
        found.proof.status = FixProof::Status::NotCovered;
        found.proof.why = error.what();
    }
    return found;
}

Replay PairProver::try_counterexample(const ProofPair& pair, const RecoveryProof& whole,
                                      std::chrono::milliseconds timeout) const {
    CheckOptions options;
    options.limits.timeout = timeout;
    options.limits.memory_bytes = most_bytes;
    // What fails only with others about is no reason why nothing is proved of a client alone.
    RecoveryProof claimed = whole;
    std::erase_if(claimed.starts, [](const StartResult& start) { return !start.failure.has_value(); });
    const std::vector<Replay> all =
        replay_counterexamples(scenario_of(pair, scenario_, library_), library_, claimed, options);
    const auto best = std::min_element(
        all.begin(), all.end(), [](const Replay& a, const Replay& b) { return a.outcome < b.outcome; });
    return best == all.end() ? Replay{} : *best;
}

Agreement agreement(const ExploredPair& explored, const FixProof& proof, bool elsewhere) {
    // One client that does not recover is enough for nobody to claim that all do; one that does is not.
    const bool one_client = one_client_counts(explored.verdict, proof) &&
                            (proof.proved() || explored.one_client != Verdict::Bounded);
    const Verdict covered = one_client ? explored.one_client : explored.verdict;
    if (covered == Verdict::Inconclusive) return Agreement::NotConclusive;
    const bool bounded = covered == Verdict::Bounded;
    if (proof.proved() && !bounded) return explored.wears_out ? Agreement::WearsOut : Agreement::Unsound;
    if (proof.proved()) return Agreement::Both;
    if (!bounded) return Agreement::Neither;
    return elsewhere && proof.status == FixProof::Status::NotProved ? Agreement::Confirmed
                                                                    : Agreement::NotProved;
}

bool found_elsewhere(const Replay& replay) {
    return replay.outcome == Replay::Outcome::Found && !replay.tries.back().set.empty();
}

}  // namespace halfopen
