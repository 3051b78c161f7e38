// A condition is exact where no comparison tells its members from a value known to go one way, nor any other
// value from one known to go the other way.
#include "solver/exact_condition.hpp"

#include <catch2/catch.hpp>

using namespace halfopen;

namespace {

constexpr OriginRole drawn = 1, given = 2;
constexpr std::uint32_t live_rcv_nxt = 1'000'000'000;

/// before(X, R), and X = R - 1.
const std::vector<Comparison> comparisons{{Comparison::Kind::Before, drawn, given, 0, 0},
                                          {Comparison::Kind::Equal, given, drawn, 0xFFFF'FFFFU, 0}};

ConditionProof proof(const std::vector<Arc>& arcs, const std::vector<std::uint32_t>& inside,
                     const std::vector<std::uint32_t>& outside) {
    const Origin live{given, live_rcv_nxt};
    return prove_condition({arcs, inside, outside}, comparisons, drawn, {&live, 1});
}

constexpr std::uint64_t half = std::uint64_t{1} << 31U;
/// All numbers before R but the one just before it, of which there are two kinds of others.
const Arc all_but_one{live_rcv_nxt + 0x8000'0000U, half - 1};
const std::vector<std::uint32_t> inside{live_rcv_nxt - 1000}, outside{live_rcv_nxt - 1, live_rcv_nxt + 7};

}  // namespace

TEST_CASE("A condition that follows the comparisons is proved in both directions") {
    const ConditionProof exact = proof({all_but_one}, inside, outside);
    CHECK(exact.proved());
    CHECK(exact.comparisons == 2);
    CHECK_FALSE(exact.witness);
}

TEST_CASE("One value too many or too few is found") {
    const ConditionProof more = proof({{all_but_one.first, half}}, inside, outside);
    CHECK_FALSE(more.inside_always);
    CHECK(more.witness == live_rcv_nxt - 1);
    const ConditionProof fewer = proof({{all_but_one.first + 1, half - 2}}, inside, outside);
    CHECK(fewer.inside_always);
    CHECK_FALSE(fewer.outside_never);
    CHECK(fewer.witness == all_but_one.first);
}

TEST_CASE("Nothing is proved where a run of some kind is missing, or two kinds cannot be told apart") {
    CHECK_FALSE(proof({all_but_one}, inside, {live_rcv_nxt + 7}).proved());
    CHECK_FALSE(proof({all_but_one}, {}, outside).proved());
    CHECK_FALSE(
        proof({all_but_one}, inside, {live_rcv_nxt - 1, live_rcv_nxt + 7, live_rcv_nxt - 2000}).proved());
}

TEST_CASE("Without comparisons only all or nothing can be exact") {
    const auto blind = [](const std::vector<Arc>& arcs, const std::vector<std::uint32_t>& in,
                          const std::vector<std::uint32_t>& out) {
        return prove_condition({arcs, in, out}, {}, drawn, {}).proved();
    };
    CHECK(blind({Arc{}}, {5}, {}));
    CHECK(blind({}, {}, {5}));
    CHECK_FALSE(blind({{0, 10}}, {5}, {50}));
}
