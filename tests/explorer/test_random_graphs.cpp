#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "explicit_system.hpp"
#include "explorer/breadth_first.hpp"
#include "explorer/cycles.hpp"
#include "explorer/reachability.hpp"
#include "explorer/recovery_time.hpp"
#include "explorer/verdict.hpp"
#include "random_system.hpp"

/// The analyses against brute force: transitive closures by Warshall's algorithm and walks over all paths, on
/// random graphs small enough for it.
namespace {

using namespace halfopen::explorer;
using namespace halfopen::explorer::test;
using Matrix = std::vector<std::vector<bool>>;

/// Brute force on an explored graph.
class Oracle {
   public:
    Oracle(const StateGraph& graph, EdgeFilter filter) : graph_(graph), filter_(filter) {}

    /// joined[a][b]: a walk of at least one edge from a to b, between nodes that `in_view` holds of.
    template <class InView, class EdgeInView>
    [[nodiscard]] Matrix walks(InView in_view, EdgeInView edge_in_view) const {
        const std::uint32_t n = graph_.node_count();
        Matrix joined(n, std::vector<bool>(n, false));
        for_edges([&](std::uint32_t from, const OutEdge& edge) {
            if (in_view(from) && in_view(edge.target) && edge_in_view(edge)) {
                joined[from][edge.target] = true;
            }
        });
        for (std::uint32_t via = 0; via < n; ++via) {
            for (std::uint32_t a = 0; a < n; ++a) {
                for (std::uint32_t b = 0; b < n; ++b) {
                    joined[a][b] = joined[a][b] || (joined[a][via] && joined[via][b]);
                }
            }
        }
        return joined;
    }
    [[nodiscard]] Matrix walks() const {
        return walks([](auto) { return true; }, [](auto) { return true; });
    }
    [[nodiscard]] std::vector<bool> reachable() const {
        const Matrix joined = walks();
        std::vector<bool> found(graph_.node_count(), false);
        for (std::uint32_t node = 0; node < graph_.node_count(); ++node) {
            found[node] = std::ranges::any_of(
                graph_.initial, [&](std::uint32_t start) { return start == node || joined[start][node]; });
        }
        return found;
    }
    template <class F>
    void for_edges(F f) const {
        for (std::uint32_t node = 0; node < graph_.node_count(); ++node) {
            for (const OutEdge& edge : graph_.out_edges(node)) {
                if (filter_.admits(edge.tags)) {
                    f(node, edge);
                }
            }
        }
    }
    [[nodiscard]] bool has_cycle(bool timed) const {
        const std::vector<bool> found = reachable();
        const auto open = [&](std::uint32_t n) { return found[n] && !graph_.has_mark(n, goal_mark); };
        const Matrix joined = walks(open, [&](const OutEdge& e) { return timed || e.duration == 0; });
        bool has = false;
        for_edges([&](std::uint32_t from, const OutEdge& edge) {
            const std::uint32_t to = edge.target;
            const bool wanted = timed ? edge.duration > 0 : edge.duration == 0;
            has = has || (wanted && open(from) && open(to) && (from == to || joined[to][from]));
        });
        return has;
    }
    /// Walks all paths to the first goal.  Gives up (false) on a path longer than any without a cycle, or
    /// stuck.
    bool all_runs(std::uint32_t node, std::uint64_t ms, std::uint32_t steps, std::uint64_t& best,
                  std::uint64_t& worst) const {
        if (graph_.has_mark(node, goal_mark)) {
            best = std::min(best, ms);
            worst = std::max(worst, ms);
            return true;
        }
        bool stuck = true;
        for (const OutEdge& edge : graph_.out_edges(node)) {
            if (filter_.admits(edge.tags)) {
                stuck = false;
                if (steps > graph_.node_count() ||
                    !all_runs(edge.target, ms + edge.duration, steps + 1, best, worst)) {
                    return false;
                }
            }
        }
        return !stuck;
    }

   private:
    const StateGraph& graph_;
    EdgeFilter filter_;
};

/// The greatest (or least) time along a path; nothing if it is none.
std::optional<std::uint64_t> path_ms(const StateGraph& graph, const std::vector<std::uint32_t>& path,
                                     EdgeFilter filter, bool greatest) {
    std::uint64_t sum = 0;
    for (std::size_t i = 1; i < path.size(); ++i) {
        std::optional<std::uint32_t> step;
        for (const OutEdge& edge : graph.out_edges(path[i - 1])) {
            if (edge.target == path[i] && filter.admits(edge.tags)) {
                const std::uint32_t ms = edge.duration;
                step = !step ? ms : greatest ? std::max(*step, ms) : std::min(*step, ms);
            }
        }
        if (!step) {
            return std::nullopt;
        }
        sum += *step;
    }
    return sum;
}

bool is_lasso(const StateGraph& graph, const Lasso& lasso, EdgeFilter filter) {
    std::vector<std::uint32_t> path = lasso.prefix;
    path.insert(path.end(), lasso.loop.begin(), lasso.loop.end());
    return std::ranges::count(graph.initial, path.front()) == 1 && path_ms(graph, path, filter, true) &&
           path.back() == lasso.prefix.back();
}

std::optional<std::uint64_t> loop_ms(const StateGraph& graph, const Lasso& lasso, EdgeFilter filter,
                                     bool greatest) {
    std::vector<std::uint32_t> path{lasso.prefix.back()};
    path.insert(path.end(), lasso.loop.begin(), lasso.loop.end());
    return path_ms(graph, path, filter, greatest);
}

TEST_CASE("the analyses agree with brute force on random graphs", "[explorer][random]") {
    std::mt19937 random(12345);
    std::map<Verdict, int> seen;
    for (int round = 0; round < 4000; ++round) {
        ExplicitSystem system = random_system(random);
        const StateGraph graph = system.graph();
        const EdgeFilter filter{static_cast<std::uint8_t>(round % 2)};
        const Oracle oracle(graph, filter);
        INFO("round " << round);

        const std::vector<bool> found = oracle.reachable();
        REQUIRE(reachable(graph, filter) == found);

        const Matrix joined = oracle.walks();
        std::vector<bool> saves(graph.node_count(), false);
        for (std::uint32_t a = 0; a < graph.node_count(); ++a) {
            for (std::uint32_t b = 0; b < graph.node_count(); ++b) {
                saves[a] = saves[a] || (found[a] && graph.has_mark(b, goal_mark) && (a == b || joined[a][b]));
            }
        }
        REQUIRE(can_reach(graph, goal_mark, filter) == saves);

        const auto timed = timed_cycle(graph, filter);
        REQUIRE(timed.has_value() == oracle.has_cycle(true));
        if (timed) {
            REQUIRE(is_lasso(graph, *timed, filter));
            REQUIRE(loop_ms(graph, *timed, filter, true).value() > 0);
        }
        const auto timeless = timeless_cycle(graph, filter);
        REQUIRE(timeless.has_value() == oracle.has_cycle(false));
        if (timeless) {
            REQUIRE(is_lasso(graph, *timeless, filter));
            REQUIRE(loop_ms(graph, *timeless, filter, false).value() == 0);
        }

        const auto any = cycle(graph, filter);
        REQUIRE(any.has_value() == (timed || timeless));
        if (any) {
            const Lasso& same = timeless ? *timeless : *timed;
            REQUIRE(any->timed == !timeless.has_value());
            REQUIRE(any->lasso.prefix == same.prefix);
            REQUIRE(any->lasso.loop == same.loop);
        }

        std::vector<bool> open(graph.node_count());
        for (std::uint32_t node = 0; node < graph.node_count(); ++node) open[node] = random() % 3 != 0;
        std::vector<bool> ends(graph.node_count(), false);
        ends[random() % graph.node_count()] = true;
        std::vector<bool> coming = ends;
        for (bool more = true; more;) {
            more = false;
            oracle.for_edges([&](std::uint32_t from, const OutEdge& edge) {
                if (coming[from] || !open[from] || !coming[edge.target]) return;
                coming[from] = more = true;
            });
        }
        REQUIRE(can_come_to(graph, ends, open, filter) == coming);

        const GraphView whole(graph);
        const BreadthFirstTree walked = breadth_first(whole, graph.initial);
        const BreadthFirstTree remembered = breadth_first_from_initial(whole);
        REQUIRE(remembered.order == walked.order);
        REQUIRE(remembered.parent == walked.parent);
        REQUIRE(remembered.depth == walked.depth);

        std::uint64_t best = ~std::uint64_t{0};
        std::uint64_t worst = 0;
        const bool always_ends = std::ranges::all_of(
            graph.initial, [&](std::uint32_t start) { return oracle.all_runs(start, 0, 0, best, worst); });
        const auto times = recovery_times(graph, goal_mark, filter);
        REQUIRE(times.has_value() == always_ends);
        if (times) {
            REQUIRE(times->best_ms == best);
            REQUIRE(times->worst_ms == worst);
            REQUIRE(path_ms(graph, times->best_path, filter, false) == best);
            REQUIRE(path_ms(graph, times->worst_path, filter, true) == worst);
        }

        const Judgement judgement = judge(graph, filter);
        ++seen[judgement.verdict];
        const bool trap = saves != found;
        REQUIRE((judgement.verdict == Verdict::Permanent) == trap);
        REQUIRE((judgement.verdict == Verdict::Storm) == (!trap && timeless.has_value()));
        REQUIRE(is_lasso(graph, judgement.witness, filter));
        if (trap) {
            REQUIRE_FALSE(saves[judgement.witness.prefix.back()]);
        }
        if (judgement.verdict == Verdict::Bounded) {
            REQUIRE(judgement.times);
        }
    }
    for (const Verdict verdict : {Verdict::Bounded, Verdict::Unbounded, Verdict::Storm, Verdict::Permanent}) {
        INFO(to_string(verdict));
        CHECK(seen[verdict] >= 20);
    }
}

}  // namespace
