#include "check/proof_pairs.hpp"

#include <algorithm>

#include "check/batch.hpp"
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
        const Model model(scenario_of(pair, scenario), library);
        return true;
    } catch (const InputError&) {
        return false;
    }
}

Verdict verdict_of(const Scenario& scenario, const PolicyLibrary& library,
                   std::chrono::milliseconds timeout) {
    CheckOptions options;
    options.corners = options.attempts = options.trace = options.prove_coverage = false;
    options.limits.timeout = timeout;
    options.limits.memory_bytes = std::uint64_t{1} << 30U;
    return check(Model(scenario, library), options).verdict;
}

}  // namespace

std::vector<ProofPair> proof_pairs(const Scenario& scenario, const std::vector<Fix>& fixes,
                                   const PolicyLibrary& library) {
    std::vector<ProofPair> pairs;
    const auto add = [&](ProofPair pair, const Fix* fix) {
        set(pair, "server.policy", pair.server);
        set(pair, "nat.policy", pair.nat);
        if (fix != nullptr)
            for (const auto& [key, value] : fix->set) set(pair, key, value);
        if (fits(pair, scenario, library)) pairs.push_back(std::move(pair));
    };
    const auto servers = library.names(PolicyKind::Endpoint), nats = library.names(PolicyKind::Nat);
    for (const std::string& server : servers)
        for (const std::string& nat : nats) add({"", server, nat, {}}, nullptr);
    for (const Fix& fix : fixes)
        for (const std::string& server : servers)
            for (const std::string& nat : nats) add({fix.name, server, nat, {}}, &fix);
    return pairs;
}

std::vector<Fix> fixes_that_help(const Scenario& scenario, const FixLibrary& fixes) {
    std::vector<Fix> helping;
    for (const ExpectedFix& expected : scenario.fixes)
        if (expected.expect == to_string(Verdict::Bounded)) helping.push_back(fixes.load(expected.name));
    return helping;
}

Scenario scenario_of(const ProofPair& pair, const Scenario& scenario) {
    Scenario changed = scenario;
    for (const auto& [key, value] : pair.settings) apply_setting(changed, key, value);
    return changed;
}

ExploredPair explore_pair(const Scenario& pair, const PolicyLibrary& library,
                          std::chrono::milliseconds timeout) {
    Scenario one = pair;
    apply_setting(one, "scenario.clients", "1");
    return {verdict_of(pair, library, timeout), verdict_of(one, library, timeout),
            verdict_of(with_endless_connect(pair), library, timeout)};
}

Agreement agreement(const ExploredPair& explored, const FixProof& proof) {
    const bool alone = proof.status == FixProof::Status::ProvedAlone;
    const Verdict covered = proof.proved() && alone ? explored.one_client : explored.verdict;
    if (covered == Verdict::Inconclusive) return Agreement::NotConclusive;
    const bool bounded = covered == Verdict::Bounded;
    if (proof.proved()) return bounded ? Agreement::Both : Agreement::Unsound;
    return bounded ? Agreement::NotProved : Agreement::Neither;
}

}  // namespace halfopen
