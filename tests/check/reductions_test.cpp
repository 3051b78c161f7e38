// What need not be explored: the order of steps that commute, and which interchangeable client is which.
#include <catch2/catch.hpp>

#include "check/batch.hpp"
#include "check/concrete_trace.hpp"
#include "check/exploration_with_cells.hpp"
#include "explorer/reachability.hpp"
#include "tests/check/promises.hpp"

using namespace halfopen;
using namespace halfopen::test;
using explorer::StopReason;

namespace {

CheckOptions unreduced(CheckOptions options) {
    options.symmetry = options.merge_commuting_steps = false;
    return options;
}

void expect_same_answers(const std::string& what, const CheckResult& reduced, const CheckResult& plain,
                         bool same_cells = true) {
    INFO(what);
    Findings expected = findings(plain), found = findings(reduced);
    // Which numbers lose is counted over the cells, and finer ones leave fewer of them to the corners.
    if (!same_cells) expected.losing = found.losing;
    CHECK(found == expected);
    CHECK(reduced.escape_per_attempt.value_or(-1) == Approx(plain.escape_per_attempt.value_or(-1)));
    CHECK(reduced.states <= plain.states);
}

CheckOptions joint(CheckOptions options) {
    options.joint_cells = true;
    return options;
}

/// All shipped scenarios, variants and fixes, as they are and otherwise; those with more worlds than
/// `limit` are passed over.  How many were compared.
std::size_t compare_all(std::uint64_t limit, CheckOptions (*otherwise)(CheckOptions),
                        const Settings& settings = {}) {
    std::vector<Promise> all = promises(shipped_scenarios());
    for (Promise& promise : all) promise.scenario = changed(promise.scenario, settings);
    CheckOptions options = verdict_only();
    if (!settings.empty()) options.limits.memory_bytes = 4U << 20U;  // with more the limit is long behind
    std::vector<BatchJob> jobs;
    for (const Promise& promise : all) jobs.push_back({promise.scenario, options});
    const std::vector<CheckResult> reduced = check_all(jobs, library(), 2);
    std::vector<BatchJob> again;
    std::vector<std::size_t> compared;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (reduced[i].states > limit || reduced[i].stopped != StopReason::Complete) continue;
        again.push_back({all[i].scenario, otherwise(verdict_only())});
        compared.push_back(i);
    }
    const std::vector<CheckResult> plain = check_all(again, library(), 2);
    for (std::size_t i = 0; i < compared.size(); ++i)
        expect_same_answers(all[compared[i]].what, reduced[compared[i]], plain[i], otherwise != joint);
    return compared.size();
}

}  // namespace

TEST_CASE("No shipped scenario's answers depend on the reductions", "[.sweep]") {
    CHECK(compare_all(3'000, unreduced) > 40);
}

TEST_CASE("No shipped scenario's answers depend on the reductions, however large", "[.slow]") {
    CHECK(compare_all(1'000'000, unreduced) == promises(shipped_scenarios()).size());
}

TEST_CASE("No shipped scenario's answers depend on the reductions where segments are lost and repeated",
          "[.sweep]") {
    CHECK(compare_all(2'000, unreduced, {{"network.loss", "1"}}) > 30);
    CHECK(compare_all(2'000, unreduced, {{"network.duplication", "1"}}) > 30);
}

TEST_CASE(
    "Where two doors lead to one server, what comes through one is not taken before what may come by the "
    "other") {
    const Scenario shipped = read_scenario(spec_folder + "/scenarios/tuple-collapse.toml");
    const Model model(changed(shipped, {{"client.reconnect_at", "5s"}, {"first.old_connection", "none"}}),
                      library());
    const auto compared = [&](bool merge) {
        return explore_with_cells(model, {}, {Corners::None, merge, false}, verdict_only()).comparisons;
    };
    CHECK(compared(true) == compared(false));
    // A SYN that came through the second door before an answer through the first leads to a leak later on.
    const Scenario in_one_instant = changed(shipped, {{"first.policy", "gvisor-2018"},
                                                      {"first.reconnect_at", "1060ms"},
                                                      {"second.reconnect_at", "1080ms"},
                                                      {"network.inside_delay", "20ms"},
                                                      {"network.outside_delay", "20ms"},
                                                      {"client.syn_never_gives_up", "true"},
                                                      {"client.syn_retransmit", "3s"},
                                                      {"server.data", "unacknowledged"}});
    const CheckResult reduced = checked(in_one_instant, verdict_only());
    CHECK(reduced.properties.leak);
    expect_same_answers("two doors", reduced, checked(in_one_instant, unreduced(verdict_only())));
}

TEST_CASE(
    "As long as a segment may be lost every order of events is explored, and where one may be repeated "
    "always") {
    for (const std::string budget : {"network.loss", "network.duplication"}) {
        const Model model(founding({{"client.syn_never_gives_up", "true"}, {budget, "1"}}), library());
        const WorldExploration merged =
            explore_with_cells(model, {}, {Corners::None, true, false}, verdict_only());
        WorldSystem every(model, merged.cuts, {Corners::None, false, false});
        std::size_t compared = 0, fewer = 0;
        for (std::uint32_t node = 0; node < merged.found.graph.node_count(); node += 7) {
            const World world = explorer::state_at(*merged.system, merged.found, node);
            std::size_t successors = 0;
            every.successors(world, [&](const Step&, const World&) { ++successors; });
            const std::size_t edges = merged.found.graph.out_edges(node).size();
            if (budget == "network.loss" && world.losses_left == 0) {
                fewer += edges < successors ? 1 : 0;
                continue;
            }
            CHECK(edges == successors);
            ++compared;
        }
        CHECK(compared > 100);
        CHECK((fewer > 10) == (budget == "network.loss"));
    }
}

TEST_CASE(
    "A run with clients that keep their names can be made to every state of a search with both reductions") {
    const Model model(founding({{"client.syn_never_gives_up", "true"}, {"network.loss", "1"}}), library());
    WorldExploration exploration = explore_with_cells(model, {}, {Corners::None, true, true}, verdict_only());
    const explorer::StateGraph& graph = exploration.found.graph;
    std::size_t changed_places = 0;
    for (std::uint32_t node = 1; node < graph.node_count(); node += 101) {
        const explorer::Lasso run{explorer::path_to(graph, node), {}};
        for (const std::uint32_t on_it : run.prefix) {
            for (const explorer::OutEdge& edge : graph.out_edges(on_it))
                changed_places += (edge.tags & tag::moved) != 0 ? 1 : 0;
        }
        CHECK(concrete_trace(exploration, run).steps.size() + 1 == run.prefix.size());
    }
    CHECK(changed_places > 10);
}

TEST_CASE("No shipped scenario's answers change where numbers are told apart by sums of two comparisons",
          "[.sweep]") {
    CHECK(compare_all(3'000, joint) > 40);
}

TEST_CASE("No shipped scenario's answers change with sums of two comparisons, however large", "[.slow]") {
    CHECK(compare_all(1'000'000, joint) == promises(shipped_scenarios()).size());
}

TEST_CASE("Two clients that come back the same way are half the worlds") {
    CheckOptions options = exact_counts();
    const Scenario scenario = founding({{"client.syn_never_gives_up", "true"}});
    const CheckResult alike = checked(scenario, options);
    options.symmetry = false;
    const CheckResult apart = checked(scenario, options);
    expect_same_answers("founding --variant one-connect", alike, apart);
    CHECK(alike.interchangeable == std::vector<std::vector<std::uint8_t>>{{0, 1}});
    CHECK(apart.interchangeable.empty());
    CHECK(alike.states * 2 < apart.states + apart.states / 50);
    CHECK(alike.corner_values == apart.corner_values);
}

TEST_CASE("Clients that anything tells apart keep their places") {
    const Settings endless{{"client.syn_never_gives_up", "true"}};
    for (const auto& [key, value] : Settings{{"network.order", "kept"},
                                             {"fault.table", "kept"},
                                             {"fault.table", "restored"},
                                             {"clientB.port", "601"},
                                             {"clientB.reconnect_at", "182s"},
                                             {"clientB.policy", "linux-6.18"},
                                             {"clientA.old_connection", "reset"},
                                             {"clientA.keepalive", "true"},
                                             {"nat.port_mapping", "fixed"}}) {
        CAPTURE(key, value);
        const Model model(changed(founding(endless), {{key, value}}), library());
        CHECK(WorldSystem(model, {}, {.symmetry = true}).symmetry().trivial());
    }
    // Reset by both: each still has its own connection's numbers.
    const Model model(changed(founding(endless), {{"client.old_connection", "reset"}}), library());
    CHECK(WorldSystem(model, {}, {.symmetry = true}).symmetry().trivial());
}

TEST_CASE("In a trace each client keeps its name, and its endless part comes back to the same clients") {
    for (const Settings& settings : {Settings{}, Settings{{"client.syn_never_gives_up", "true"}}}) {
        CheckOptions options = verdict_only();
        options.attempts = false;
        options.trace = true;
        const Model model(founding(settings), library());
        const CheckResult result = check(model, options);
        REQUIRE(result.interchangeable.size() == 1);
        REQUIRE(result.trace.loop);
        const auto& steps = result.trace.steps;
        for (const TraceStep& step : steps) {
            for (std::size_t i = 0; i < model.clients().size(); ++i)
                CHECK(step.after.clients[i].tcb.local.ip == model.clients()[i].spec.ip);
        }
        if (*result.trace.loop == steps.size()) continue;
        const World& begins =
            *result.trace.loop == 0 ? result.trace.initial : steps[*result.trace.loop - 1].after;
        for (std::size_t i = 0; i < model.clients().size(); ++i) {
            const ClientState &first = begins.clients[i], &last = steps.back().after.clients[i];
            CHECK(first.tcb.state == last.tcb.state);
            CHECK(first.reconnect == last.reconnect);
            CHECK(first.tcb.timers == last.tcb.timers);
        }
    }
}
