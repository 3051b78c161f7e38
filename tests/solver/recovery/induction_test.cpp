#include "solver/recovery/induction.hpp"

#include <catch2/catch.hpp>

#include "solver/recovery/prover.hpp"
#include "tests/solver/both_readings.hpp"

using namespace halfopen;
using namespace halfopen::testing;

TEST_CASE("No segment, timer or close() takes a connection of any shipped stack out of the invariant",
          "[long]") {
    const Scenario founding =
        read_scenario(std::string(HALFOPEN_SOURCE_DIR) + "/spec/scenarios/founding.toml");
    ProofOptions options;
    options.only = "no connection at the server";
    options.isolation = Isolation{};  // of the NAT, which is the same for all
    for (const std::string& server : shipped_policies().names(PolicyKind::Endpoint)) {
        Scenario scenario = founding;
        apply_setting(scenario, "server.policy", server);
        apply_setting(scenario, "server.keepalive", "true");
        apply_setting(scenario, "server.idle_close", "6min");
        const RecoveryProof proof = prove_recovery(Model(std::move(scenario), shipped_policies()), options);
        CAPTURE(server, proof.induction.failures);
        CHECK(proof.induction.cases > 100);
        CHECK(proof.induction.failures.empty());
    }
}
