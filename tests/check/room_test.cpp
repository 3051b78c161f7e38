// What is asked for before a graph is judged is what that takes, however deep the graph is.  Sanitizers keep
// memory of their own: not asked there.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#include "check/room.hpp"

#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "explorer/limits.hpp"
#include "explorer/verdict.hpp"

using namespace halfopen;
using explorer::StateGraph;
using explorer::Verdict;

namespace {

constexpr std::uint32_t nodes = 2'000'000;

/// One path through all nodes but the last, which is the goal.
enum class Shape { LeadsToGoal, MayLeaveARing, EndsInARing };

StateGraph path(Shape shape) {
    StateGraph graph;
    graph.initial = {0};
    const std::uint32_t last = nodes - 2;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        graph.marks.push_back(node > last ? explorer::goal_mark : 0);
        graph.depth.push_back(node < nodes / 2 ? node : nodes / 2);
        if (node < last) graph.rows.add({node + 1, 1, 0});
        if (node == last && shape != Shape::LeadsToGoal) graph.rows.add({nodes / 10, 1, 0});
        if (node == last && shape != Shape::EndsInARing) graph.rows.add({node + 1, 1, 0});
        if (node == 0 && shape == Shape::EndsInARing) graph.rows.add({last + 1, 1, 0});
        graph.rows.end_row();
    }
    return graph;
}

/// What judging it takes at most, by the kernel's count.
double mib_to_judge(const StateGraph& graph, Verdict expected) {
    malloc_trim(0);
    const std::uint64_t before = explorer::resident_bytes();
    const pid_t child = fork();
    if (child == 0) {
        mallopt(M_MMAP_THRESHOLD, 1 << 20);  // as in cli/main.cpp, whatever other tests have freed before
        _exit(explorer::judge(graph).verdict == expected ? 0 : 1);
    }
    int status = 0;
    rusage usage{};
    wait4(child, &status, 0, &usage);
    CHECK(status == 0);
    return static_cast<double>(usage.ru_maxrss) / 1024 - static_cast<double>(before) / (1U << 20U);
}

}  // namespace

TEST_CASE("To judge the deepest of graphs takes no more than is asked for") {
    const auto takes_no_more = [](Shape shape, Verdict expected) {
        const StateGraph graph = path(shape);
        const double taken = mib_to_judge(graph, expected);
        const double asked = static_cast<double>(bytes_to_judge(graph)) / (1U << 20U);
        INFO(to_string(expected) << ": " << taken << " MiB, asked for " << asked);
        CHECK(taken < asked + 2);
        CHECK(taken > asked / 4);
    };
    takes_no_more(Shape::LeadsToGoal, Verdict::Bounded);
    takes_no_more(Shape::MayLeaveARing, Verdict::Unbounded);
    takes_no_more(Shape::EndsInARing, Verdict::Permanent);
}
#endif
