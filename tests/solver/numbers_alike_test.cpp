#include "solver/numbers_alike.hpp"

#include <catch2/catch.hpp>

#include "spec/world/model.hpp"

using namespace halfopen;

namespace {

const OriginRole iss = client_isn_role(0), granted = old_server_role(0);
constexpr Comparison::Kind is_before = Comparison::Kind::Before;

/// Two ISSs, the later one drawn between the earlier one and the edge.
const std::vector<Origin> between{
    {literal_role, 0}, {iss, 4'000'000'000}, {iss, 4'200'000'000}, {granted, 1'000'000'000}};
constexpr std::size_t earlier = 1, later = 2, edge = 3;

const std::vector<Comparison> all_compared{{is_before, iss, iss, 0, 0}, {is_before, iss, granted, 0, 0}};

Distance up_to_edge(std::size_t from, std::uint32_t added = 1) { return {{from, added}, {edge, 65535}}; }

Growth growth(const Cuts& cuts, const std::vector<Distance>& from, const std::vector<Distance>& to) {
    return NumbersAlike(cuts).growth(between, from, to);
}

}  // namespace

TEST_CASE("a number drawn between the last one and an edge leaves less room up to it, whatever the two are") {
    const Cuts cuts(all_compared);
    CHECK(growth(cuts, {up_to_edge(earlier)}, {up_to_edge(later)}) == Growth::Less);
    CHECK(growth(cuts, {up_to_edge(later)}, {up_to_edge(earlier)}) == Growth::Unknown);
    CHECK(growth(cuts, {up_to_edge(later)}, {up_to_edge(later)}) == Growth::NotMore);
    CHECK(growth(cuts, {up_to_edge(later)}, {up_to_edge(later, 2)}) == Growth::Less);
}

TEST_CASE("numbers that are not held against each other may lie either way") {
    const std::vector<Comparison> only_with_edge{{is_before, iss, granted, 0, 0}};
    CHECK(growth(Cuts(only_with_edge), {up_to_edge(earlier)}, {up_to_edge(later)}) == Growth::Unknown);
    const std::vector<Comparison> only_with_each_other{{is_before, iss, iss, 0, 0}};
    CHECK(growth(Cuts(only_with_each_other), {up_to_edge(earlier)}, {up_to_edge(later)}) == Growth::Unknown);
}

TEST_CASE("of several distances the sum counts") {
    const Cuts cuts(all_compared);
    const Distance other{{edge, 0}, {edge, 500}}, longer{{edge, 0}, {edge, 501}};
    CHECK(growth(cuts, {up_to_edge(earlier), other}, {up_to_edge(later), other}) == Growth::Less);
    // One number nearer at the least, and one more in exchange.
    CHECK(growth(cuts, {up_to_edge(earlier), other}, {up_to_edge(later), longer}) == Growth::NotMore);
    CHECK(growth(cuts, {up_to_edge(later), other}, {up_to_edge(later), longer}) == Growth::Unknown);
    CHECK(growth(cuts, {up_to_edge(later), longer}, {up_to_edge(later)}) == Growth::Less);
    // Not mod 2^32.
    const Distance half{{edge, 0}, {edge, 1U << 31U}};
    CHECK(growth(cuts, {other}, {half, half}) == Growth::Unknown);
}

TEST_CASE("numbers that the scenario gives have their values") {
    const Cuts cuts(all_compared);
    const Distance from_zero{{0, 0}, {edge, 0}};
    CHECK(growth(cuts, {Distance{{0, 0}, {0, 1'000'000'001}}}, {from_zero}) == Growth::Less);
    CHECK(growth(cuts, {Distance{{0, 0}, {0, 1'000'000'000}}}, {from_zero}) == Growth::NotMore);
    CHECK(growth(cuts, {Distance{{0, 0}, {0, 999'999'999}}}, {from_zero}) == Growth::Unknown);
}
