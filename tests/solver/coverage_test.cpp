#include "solver/coverage.hpp"

#include <catch2/catch.hpp>

#include "tests/solver/random_worlds.hpp"

using namespace halfopen;
using namespace halfopen::testing;
using Catch::Contains;

namespace {

/// Like the founding story: a client's new ISN against what a server remembers of the old one.
struct Story {
    std::vector<Comparison> log{
        {Comparison::Kind::Within, 1, 2, 1, 65'536}, {Comparison::Kind::Equal, 1, 2, 1, 0},
        {Comparison::Kind::Before, 1, 2, 0, 0},      {Comparison::Kind::Before, 2, 1, 66'000, 0},
        {Comparison::Kind::Equal, 1, 0, 1, 0},       {Comparison::Kind::Before, 1, 1, 0, 0},
    };
    std::vector<Origin> live{{0, 0}, {2, 3'000'000'000U}, {1, 1'000'000}};
    std::vector<Cell> all = cells(Cuts(log), 1, live);

    CoverageResult prove(CoverageProver& prover) const { return prover.prove(all, log, 1, live); }
};

}  // namespace

TEST_CASE("the story's cells are proved to cover") {
    const Story story;
    const CoverageResult result = prove_coverage(story.all, story.log, 1, story.live);
    CHECK(result.proved);
    CHECK_FALSE(result.witness);
    CHECK_FALSE(result.distinguished_by);
    CHECK_THAT(result.explain(), Contains("proved") && !Contains("not"));
    const auto pair = cells(Cuts(story.log), 1, std::vector<Origin>{{2, 0}});
    CHECK(prove_pair_coverage(pair, story.log, 1, 2).proved);
}

TEST_CASE("take any cell away and the proof fails inside it") {
    const Story story;
    CoverageProver prover;
    for (std::size_t i = 0; i < story.all.size(); ++i) {
        Story broken;
        broken.all.erase(broken.all.begin() + static_cast<std::ptrdiff_t>(i));
        const CoverageResult result = broken.prove(prover);
        REQUIRE_FALSE(result.proved);
        REQUIRE(result.witness);
        CHECK(story.all[i].contains(*result.witness));
        CHECK_FALSE(result.distinguished_by);
        CHECK_THAT(result.explain(), Contains("lies in no cell"));
    }
}

TEST_CASE("merge two cells and the proof names the comparison that tells them apart") {
    const Story story;
    CoverageProver prover;
    for (std::size_t i = 0; i + 1 < story.all.size(); ++i) {
        Story broken;
        broken.all[i].size += broken.all[i + 1].size;
        broken.all.erase(broken.all.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        const CoverageResult result = broken.prove(prover);
        REQUIRE_FALSE(result.proved);
        REQUIRE(result.witness);
        CHECK(story.all[i + 1].contains(*result.witness));
        REQUIRE(result.distinguished_by);
        REQUIRE(result.representative == story.all[i].representative);
        const std::vector<Comparison> named{*result.distinguished_by};
        CHECK(answers(named, {1, *result.witness}, story.live) !=
              answers(named, {1, *result.representative}, story.live));
        CHECK_THAT(result.explain(), Contains("is told from its representative"));
    }
}

TEST_CASE("move a representative over a boundary and the proof fails in its cell") {
    const Story story;
    CoverageProver prover;
    for (std::size_t i = 0; i < story.all.size(); ++i) {
        Story broken;
        broken.all[i].representative = story.all[(i + 1) % story.all.size()].first;
        const CoverageResult result = broken.prove(prover);
        REQUIRE_FALSE(result.proved);
        REQUIRE(result.witness);
        CHECK(story.all[i].contains(*result.witness));
        CHECK(result.distinguished_by);
    }
}

TEST_CASE("no cells at all cover nothing; one cell covers where nothing is compared") {
    const std::vector<Origin> live{{0, 0}};
    const std::vector<Comparison> elsewhere{{Comparison::Kind::Equal, 2, 3, 7, 0}};
    CHECK_FALSE(prove_coverage({}, elsewhere, 1, live).proved);
    CHECK(prove_coverage(cells(Cuts(elsewhere), 1, live), elsewhere, 1, live).proved);
}

TEST_CASE("random cells are proved, and not without one of them") {
    CoverageProver prover;
    for (std::uint32_t seed = 0; seed < 40; ++seed) {
        CAPTURE(seed);
        RandomWorld random(seed);
        const auto log = random.log(1 + random.below(20), 4);
        const auto live = random.origins(1 + random.below(4), 4);
        auto all = cells(Cuts(log), 1, live);
        CHECK(prover.prove(all, log, 1, live).proved);
        const auto gone = all.begin() + random.below(static_cast<std::uint32_t>(all.size()));
        const Cell missing = *gone;
        all.erase(gone);
        const CoverageResult result = prover.prove(all, log, 1, live);
        REQUIRE(result.witness);
        CHECK(missing.contains(*result.witness));
    }
}

TEST_CASE("one proof for all values of the other origin") {
    CoverageProver prover;
    for (std::uint32_t seed = 0; seed < 25; ++seed) {
        CAPTURE(seed);
        RandomWorld random(seed);
        const auto log = random.log(5 + random.below(20), 3);
        const auto live = static_cast<OriginRole>(random.below(3));
        const std::vector<Origin> zero{{live, 0}};
        auto all = cells(Cuts(log), 1, zero);
        CHECK(prover.prove_pair(all, log, 1, live).proved);
        if (all.size() < 2) continue;
        all[0].size += all[1].size;
        all.erase(all.begin() + 1);
        const CoverageResult result = prover.prove_pair(all, log, 1, live);
        REQUIRE(result.witness);
        CHECK(result.distinguished_by);
    }
}
