/// What the prover says of a fixed scenario and what the explorer says of it do not contradict each other.
#include <catch2/catch.hpp>

#include "check/fix_proof.hpp"
#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

/// A claim for any number of clients covers the scenario's two, one for each client alone covers one.
void agree(const Settings& settings, std::size_t& proofs) {
    const FixProof proof = prove_fix(founding(settings), library(), 1000);
    std::string what = to_string(proof) + " " + proof.why;
    for (const auto& [key, value] : settings) what += " " + key + "=" + value;
    INFO(what);
    if (!proof.proved()) return;
    ++proofs;
    Settings covered = settings;
    if (proof.status == FixProof::Status::ProvedAlone) covered.emplace_back("scenario.clients", "1");
    CHECK(checked(founding(covered), verdict_only()).verdict == explorer::Verdict::Bounded);
}

/// Ways in which the founding story is helped that fit any server and any NAT.
const std::vector<Settings> helps{{},
                                  {{"fault.table", "restored"}},
                                  {{"server.keepalive", "true"}, {"server.keepalive_idle", "60s"}},
                                  {{"server.idle_close", "6min"}}};

void pair(const std::string& server, const std::string& nat, std::size_t& proofs) {
    for (const Settings& help : helps) {
        Settings settings{{"server.policy", server}, {"nat.policy", nat}};
        settings.insert(settings.end(), help.begin(), help.end());
        agree(settings, proofs);
    }
}

}  // namespace

TEST_CASE("Where the prover proves recovery, the explorer finds it bounded: a sample of servers and NATs") {
    std::size_t proofs = 0;
    agree({{"server.policy", "teardown"}, {"nat.policy", "linux-2.6.31"}}, proofs);
    agree({{"server.policy", "freebsd-7"}, {"nat.policy", "linux-6.18"}}, proofs);
    agree({{"server.policy", "linux-6.1"}, {"nat.policy", "linux-6.18"}}, proofs);
    CHECK(proofs >= 2);
}

TEST_CASE("Where the prover proves recovery, the explorer finds it bounded: all servers and NATs",
          "[.slow]") {
    std::size_t proofs = 0;
    for (const std::string& server : library().names(PolicyKind::Endpoint))
        for (const std::string& nat : library().names(PolicyKind::Nat)) pair(server, nat, proofs);
    CHECK(proofs > 0);
}
