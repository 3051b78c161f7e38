#include <catch2/catch.hpp>

#include "spec/policy/policy_library.hpp"
#include "tests/conformance/endpoint_replay.hpp"

using namespace halfopen;
using namespace halfopen::conformance;

TEST_CASE("the policy linux-6.18 answers every segment as the kernel that was measured", "[conformance]") {
    const std::filesystem::path source(HALFOPEN_SOURCE_DIR);
    Policy policy = PolicyLibrary(source / "spec/policies").load(PolicyKind::Endpoint, "linux-6.18");
    policy.set("tcp_invalid_ratelimit", "0");  // as the recording had it
    const Endpoint endpoint(std::move(policy));

    const auto probes = read_probes(source / "tests/conformance/vectors/endpoint-linux-6.18-sample.jsonl");
    REQUIRE(probes.size() == 486);
    std::size_t disagreements = 0;
    for (const EndpointProbe& probe : probes) {
        const EndpointPrediction prediction = predict(endpoint, probe);
        if (agrees(probe, prediction)) continue;
        ++disagreements;
        UNSCOPED_INFO(describe(probe, prediction));
    }
    CHECK(disagreements == 0);
}

TEST_CASE("the policy linux-6.18 treats timestamps as the kernel that was measured", "[conformance]") {
    const std::filesystem::path source(HALFOPEN_SOURCE_DIR);
    Policy policy = PolicyLibrary(source / "spec/policies").load(PolicyKind::Endpoint, "linux-6.18");
    policy.set("tcp_invalid_ratelimit", "0");
    policy.set("timestamps", "true");
    const Endpoint endpoint(std::move(policy));

    const auto probes =
        read_probes(source / "tests/conformance/vectors/endpoint-linux-6.18-timestamps.jsonl");
    REQUIRE(probes.size() == 1200);
    std::size_t disagreements = 0;
    for (const EndpointProbe& probe : probes) {
        const EndpointPrediction prediction = predict(endpoint, probe);
        if (agrees(probe, prediction)) continue;
        ++disagreements;
        UNSCOPED_INFO(describe(probe, prediction));
    }
    CHECK(disagreements == 0);
}

TEST_CASE("a wrong policy is found out by the vectors", "[conformance]") {
    const std::filesystem::path source(HALFOPEN_SOURCE_DIR);
    const PolicyLibrary library(source / "spec/policies");
    const auto probes = read_probes(source / "tests/conformance/vectors/endpoint-linux-6.18-sample.jsonl");
    for (const char* name : {"linux-2.6.24", "freebsd-7", "freebsd-14"}) {
        const Endpoint endpoint(library.load(PolicyKind::Endpoint, name));
        std::size_t disagreements = 0;
        for (const EndpointProbe& probe : probes)
            disagreements += agrees(probe, predict(endpoint, probe)) ? 0 : 1;
        INFO(name);
        CHECK(disagreements > 5);
    }
}
