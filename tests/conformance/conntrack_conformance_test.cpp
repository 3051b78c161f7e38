#include <catch2/catch.hpp>

#include "spec/policy/policy_library.hpp"
#include "tests/conformance/conntrack_replay.hpp"

using namespace halfopen;

namespace {

const std::filesystem::path source_dir = HALFOPEN_SOURCE_DIR;

std::vector<conformance::ObservedSequence> sample() {
    return conformance::read_conntrack_vectors(source_dir /
                                               "tests/conformance/vectors/conntrack-linux-6.18-sample.jsonl");
}

Policy policy(std::string_view name) {
    return PolicyLibrary(source_dir / "spec/policies").load(PolicyKind::Nat, name);
}

}  // namespace

TEST_CASE("the model of conntrack agrees with Linux 6.18 on every recorded segment") {
    const Policy linux = policy("linux-6.18");
    const auto sequences = sample();
    REQUIRE(sequences.size() == 800);
    std::size_t disagreeing = 0;
    for (const auto& sequence : sequences) {
        const auto differences = conformance::replay(linux, sequence);
        if (!differences.empty()) ++disagreeing;
        for (const auto& d : differences) CHECK(d == "");
    }
    CHECK(disagreeing == 0);
}

TEST_CASE("the recorded segments tell the eras apart: no older model agrees with all of them") {
    const auto sequences = sample();
    for (const auto* name : {"linux-2.6.18", "linux-2.6.31", "linux-3.6", "linux-5.10", "linux-5.18"}) {
        const Policy linux = policy(name);
        std::size_t disagreeing = 0;
        for (const auto& sequence : sequences)
            if (!conformance::replay(linux, sequence).empty()) ++disagreeing;
        INFO(name);
        CHECK(disagreeing > 0);
    }
}
