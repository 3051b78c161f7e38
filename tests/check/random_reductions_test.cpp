// What need not be explored, in scenarios that nobody has thought of.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>
#include <tuple>

#include "tests/check/random_scenario.hpp"

using namespace halfopen;
using namespace halfopen::test;
using explorer::StopReason;

namespace {

CheckOptions limited(std::uint64_t memory_bytes) {
    CheckOptions options = exact_counts();
    options.limits.memory_bytes = memory_bytes;
    return options;
}

using Losing =
    std::tuple<std::size_t, std::size_t, std::uint32_t, bool, std::uint64_t, std::vector<Interval>>;

std::vector<Losing> losing(const CheckResult& result) {
    std::vector<Losing> all;
    for (const LosingNumbers& n : result.losing)
        all.emplace_back(n.client, n.met_client, n.rcv_nxt, n.meets_old_connection, n.count, n.intervals);
    return all;
}

using Corner = std::tuple<std::string, std::uint64_t, explorer::Verdict, std::uint64_t>;

std::vector<Corner> corners(const CheckResult& result) {
    std::vector<Corner> all;
    for (const CornerReport& c : result.corners)
        all.emplace_back(c.condition, c.count, c.verdict, c.worst_ms);
    return all;
}

struct Tally {
    std::size_t compared = 0, with_losses = 0, with_second_faults = 0, fewer = 0;
};

/// Compares the answers with and without, all fields of them, of scenarios made from the seed; those that are
/// too large are passed over.
Tally compare(std::uint32_t seed, std::size_t count, std::uint64_t memory_bytes) {
    RandomScenarios scenarios(seed);
    Tally tally;
    for (std::size_t i = 0; i < count; ++i) {
        const RandomScenario made = scenarios.next();
        const CheckResult reduced = checked(made.scenario, limited(memory_bytes));
        if (reduced.stopped != StopReason::Complete || !reduced.corners_complete) continue;
        CheckOptions everything = limited(8 * memory_bytes);
        everything.merge_commuting_steps = everything.symmetry = false;
        const CheckResult plain = checked(made.scenario, everything);
        if (plain.stopped != StopReason::Complete || !plain.corners_complete) continue;
        INFO(made.command);
        CHECK(findings(reduced) == findings(plain));
        CHECK(losing(reduced) == losing(plain));
        CHECK(reduced.escape_per_attempt.value_or(-1) == Approx(plain.escape_per_attempt.value_or(-1)));
        CHECK(corners(reduced) == corners(plain));
        CHECK((reduced.trap_states > 0) == (plain.trap_states > 0));
        CHECK(reduced.states <= plain.states);
        ++tally.compared;
        tally.with_losses += made.scenario.network.loss > 0 ? 1 : 0;
        tally.with_second_faults += made.scenario.fault.again > 0 ? 1 : 0;
        tally.fewer += reduced.states < plain.states ? 1 : 0;
    }
    return tally;
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it
    return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

}  // namespace

TEST_CASE("No random scenario's answers depend on the reductions") {
    const Tally tally = compare(903, 50, 1U << 20U);
    CHECK(tally.compared >= 25);
    CHECK(tally.with_losses >= 15);
    CHECK(tally.with_second_faults >= 4);
    CHECK(tally.fewer >= 10);
}

TEST_CASE("No random scenario's answers depend on the reductions, however many", "[.random]") {
    const std::uint64_t seed = from_environment("HALFOPEN_SEED", 1);
    const std::uint64_t rounds = from_environment("HALFOPEN_ROUNDS", 20);
    Tally all;
    for (std::uint64_t round = seed; round < seed + rounds; ++round) {
        CAPTURE(round);
        const Tally tally = compare(static_cast<std::uint32_t>(round), 100, 2U << 20U);
        all.compared += tally.compared;
        all.with_losses += tally.with_losses;
        all.with_second_faults += tally.with_second_faults;
        all.fewer += tally.fewer;
        std::cout << "seed " << round << ": " << all.compared << " compared so far, " << all.with_losses
                  << " with losses, " << all.with_second_faults << " with a second fault, " << all.fewer
                  << " reduced" << std::endl;
    }
    CHECK(all.compared > 50 * rounds / 4);
}
