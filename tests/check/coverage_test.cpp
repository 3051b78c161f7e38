// The proof that the explored numbers stand for all 2^32: it holds, and it fails where a cell is missing.
#include "solver/coverage.hpp"

#include <catch2/catch.hpp>

#include "check/exploration_with_cells.hpp"
#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

CheckOptions with_proof() {
    CheckOptions options = verdict_only();
    options.prove_coverage = true;
    return options;
}

}  // namespace

TEST_CASE("Z3 proves the cells of a check") {
    for (const char* nat : {"linux-2.6.31", "linux-5.18", "linux-6.18"}) {
        DYNAMIC_SECTION(nat) {
            const CellProof proof = checked(one_connect({{"nat.policy", nat}}), with_proof()).proof;
            CHECK(proof.attempted);
            CHECK(proof.proved);
            CHECK(proof.failure.empty());
            CHECK(proof.contexts > 0);
            CHECK(proof.cells > proof.contexts);
            CHECK(proof.comparisons > 0);
            CHECK(proof.pairs > 0);
        }
    }
}

TEST_CASE("Z3 proves the cells of endless reconnects, of clocks and of the corners") {
    CHECK(checked(founding({{"scenario.clients", "1"}}), with_proof()).proof.proved);
    CHECK(checked(founding({{"scenario.clients", "1"}, {"client.isn", "clock"}}), with_proof()).proof.proved);
    CheckOptions corners = with_proof();
    corners.corners = true;
    CHECK(checked(one_connect(), corners).proof.proved);
}

TEST_CASE("Where no proof is asked for none is claimed") {
    const CellProof proof = checked(one_connect(), verdict_only()).proof;
    CHECK_FALSE(proof.attempted);
    CHECK_FALSE(proof.proved);
}

TEST_CASE("Take any cell of any draw away and the proof fails with a number inside it") {
    const Model model(one_connect(), library());
    const WorldExploration exploration = explore_with_cells(model, {}, {Corners::One, true}, verdict_only());
    REQUIRE(exploration.found.stopped == explorer::StopReason::Complete);
    const auto& contexts = exploration.system->draw_contexts();
    REQUIRE_FALSE(contexts.empty());
    CoverageProver prover;
    std::size_t removed = 0;
    for (const auto& [context, all] : contexts) {
        REQUIRE(prover.prove(all, exploration.comparisons, context.role, context.live).proved);
        for (std::size_t i = 0; i < all.size(); ++i) {
            std::vector<Cell> rest = all;
            rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
            const CoverageResult result =
                prover.prove(rest, exploration.comparisons, context.role, context.live);
            REQUIRE_FALSE(result.proved);
            REQUIRE(result.witness);
            CHECK(all[i].contains(*result.witness));
            ++removed;
        }
    }
    CHECK(removed > contexts.size());
}

TEST_CASE("Cells that a comparison cuts through are not accepted") {
    const Model model(one_connect(), library());
    WorldExploration exploration = explore_with_cells(model, {}, {Corners::One, true}, verdict_only());
    REQUIRE(prove_cells(exploration).proved);
    // Somebody compares the client's new ISS with the server's old RCV.NXT in a place where no cell ends.
    exploration.comparisons.push_back(
        {Comparison::Kind::Equal, client_isn_role(0), old_client_role(0), 0x1234'5678, 0});
    const CellProof proof = prove_cells(exploration);
    CHECK_FALSE(proof.proved);
    CHECK_FALSE(proof.failure.empty());
}
