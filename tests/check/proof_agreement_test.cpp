/// What the prover says of a fixed scenario and what the explorer says of it agree, in both directions.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "check/proof_pairs.hpp"
#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

const FixLibrary& fixes() {
    static const FixLibrary shipped(spec_folder + "/policies");
    return shipped;
}

Agreement agreement_of(const ProofPair& pair, PairProver& prover) {
    const auto [proof, whole] = prover.prove(pair);
    const ExploredPair explored =
        explore_pair(scenario_of(pair, founding(), library()), library(), proof, std::chrono::minutes(2));
    INFO(pair.server + " behind " + pair.nat + " " + pair.fix + ": " + to_string(proof) + " " + proof.why);
    Agreement found = agreement(explored, proof);
    if (found == Agreement::NotProved)
        found = agreement(explored, proof,
                          found_elsewhere(prover.try_counterexample(pair, whole, std::chrono::minutes(2))));
    CHECK(found != Agreement::Unsound);
    return found;
}

}  // namespace

TEST_CASE("Prover and explorer agree on a sample of servers, NATs and fixes that help", "[long]") {
    struct Asked {
        const char *fix, *server, *nat;
        Agreement agreement;
    };
    const std::vector<Asked> sample{
        {"be-liberal", "freebsd-7", "linux-2.6.31", Agreement::Both},
        {"be-liberal", "bigip-fastl4", "aws-nat-gateway", Agreement::Both},
        {"teardown", "freebsd-7", "linux-2.6.31", Agreement::Both},
        {"be-liberal", "linux-6.18", "linux-6.18", Agreement::Both},
        {"challenge-ack-repair", "freebsd-7", "linux-2.6.31", Agreement::Both},
        {"keepalive-60s", "linux-4.19", "pf-old", Agreement::Both},
        {"keepalive-valid-only", "linux-6.1", "aws-nat-gateway", Agreement::Both},
        {"keepalive-valid-only", "smoltcp", "vignat", Agreement::Both},
        {"keepalive-valid-only", "solaris-11", "pf-return-rst", Agreement::Both},
        {"table-kept", "freebsd-9", "linux-5.18", Agreement::Both},
        // One ISS is answered so that the client waits, each time it is drawn.
        {"table-kept", "linux-4.19", "pf-sloppy", Agreement::Both},
        // A corner that three attempts in a row hit, and the last does not.
        {"keepalive-valid-only", "gvisor", "linux-5.10", Agreement::Both},
        // Each ISS may lie in the window that the last one has left.
        {"idle-close-6min", "lwip", "pf-old", Agreement::Both},
        {"table-kept", "freebsd-9", "pf-return-rst", Agreement::Both},
        // A restored mapping keeps every SYN out for 24 hours; the server has given up long before.
        {"table-kept", "freebsd-7", "ovs-userspace", Agreement::Both},
        // Its server gives its old connection up in the middle of a connect(), if the client comes
        // two hours later.
        {"keepalive-valid-only", "linux-3.10", "linux-6.18", Agreement::Confirmed},
        // Each ISS lies between the last one and an edge that stays.
        {"idle-close-6min", "linux-3.10", "ovs-userspace", Agreement::WearsOut},
        {"", "freebsd-7", "linux-2.6.31", Agreement::Neither}};
    const Scenario scenario = founding();
    PairProver prover(scenario, library());
    for (const auto& [fix, server, nat, expected] : sample) {
        const std::string name = fix;
        const Fix loaded = name.empty() ? Fix{} : fixes().load(name);
        CAPTURE(name, server, nat);
        CHECK(agreement_of(proof_pair(name.empty() ? nullptr : &loaded, server, nat), prover) == expected);
    }
}

TEST_CASE(
    "Where the clients are too many for a verdict, one that does not recover says that no claim is due") {
    using explorer::Verdict;
    FixProof failed, proved;
    failed.status = FixProof::Status::NotProved;
    proved.status = FixProof::Status::Proved;
    const auto two_without_verdict = [](Verdict one_client) {
        return ExploredPair{Verdict::Inconclusive, one_client};
    };
    CHECK(agreement(two_without_verdict(Verdict::Unbounded), failed) == Agreement::Neither);
    CHECK(agreement(two_without_verdict(Verdict::Bounded), failed) == Agreement::NotConclusive);
    CHECK(agreement(two_without_verdict(Verdict::Inconclusive), failed) == Agreement::NotConclusive);
    CHECK(agreement(two_without_verdict(Verdict::Bounded), proved) == Agreement::NotConclusive);
}

TEST_CASE("A claim that leaves corners out agrees with runs that only they keep going") {
    using explorer::Verdict;
    FixProof alone, failed;
    alone.status = FixProof::Status::ProvedAlone;
    failed.status = FixProof::Status::NotProved;
    const ExploredPair endless{Verdict::Unbounded, Verdict::Unbounded, false};
    const ExploredPair wears_out{Verdict::Unbounded, Verdict::Unbounded, true};
    CHECK(agreement(endless, alone) == Agreement::Unsound);
    CHECK(agreement(wears_out, alone) == Agreement::WearsOut);
    CHECK(agreement(wears_out, failed) == Agreement::Neither);
    CHECK(agreement({Verdict::Permanent, Verdict::Permanent, false}, alone) == Agreement::Unsound);
}

TEST_CASE("A pair's old connections are at outside ports that its NAT gives") {
    const auto ports = [](const char* nat) {
        std::vector<std::uint16_t> outside;
        for (const ClientSpec& client :
             scenario_of(proof_pair(nullptr, "smoltcp", nat), founding(), library()).clients)
            outside.push_back(client.outside_port);
        return outside;
    };
    CHECK(ports("linux-6.18") == std::vector<std::uint16_t>{903, 601});  // as in the post
    CHECK(ports("vignat") == std::vector<std::uint16_t>{1024, 1025});
    CHECK(ports("azure-lb") == std::vector<std::uint16_t>{2048, 3072});  // a block for each client
    // So that a server which answers nothing to a SYN on an old connection hangs its own client.
    const Scenario scenario = scenario_of(proof_pair(nullptr, "smoltcp", "azure-lb"), founding(), library());
    CHECK(explore_pair(scenario, library(), {}, std::chrono::minutes(2)).verdict !=
          explorer::Verdict::Bounded);
}

TEST_CASE(
    "Where the prover proves recovery, the explorer finds it bounded, and the other way round: all pairs",
    "[.slow]") {
    const Scenario scenario = founding();
    PairProver prover(scenario, library());
    std::size_t proofs = 0;
    // Where the explorer comes to no verdict nothing has been compared, and that is no agreement.
    std::vector<std::string> not_compared;
    for (const ProofPair& pair : proof_pairs(scenario, fixes_that_help(scenario, fixes()), library())) {
        const Agreement found = agreement_of(pair, prover);
        CAPTURE(pair.server, pair.nat, pair.fix);
        CHECK(found != Agreement::NotProved);
        proofs += found == Agreement::Both || found == Agreement::WearsOut ? 1 : 0;
        if (found == Agreement::NotConclusive) not_compared.push_back(settings_text(pair));
    }
    CHECK(proofs > 0);
    for (const std::string& pair : not_compared) UNSCOPED_INFO("no verdict of the explorer: " + pair);
    CHECK(not_compared.size() == 0);
}
