// Our explorer on the benchmark's model; one line of JSON.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <vector>

#include "bench/handshake_model.hpp"
#include "explorer/reachability.hpp"
#include "explorer/search.hpp"
#include "explorer/verdict.hpp"

using namespace halfopen;

int main(int argc, char** argv) {
    const unsigned length = argc > 1 ? static_cast<unsigned>(std::atoi(argv[1])) : 3;
    const unsigned threads = argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 1;
    std::vector<std::unique_ptr<bench::HandshakeSystem>> systems;
    std::vector<bench::HandshakeSystem*> crew;
    for (unsigned t = 0; t < threads; ++t) {
        systems.push_back(std::make_unique<bench::HandshakeSystem>(length));
        crew.push_back(systems.back().get());
    }
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    const explorer::Exploration found = explorer::explore<bench::HandshakeSystem>(crew);
    const double explored = seconds();
    const std::vector<bool> hopeful = explorer::can_reach(found.graph, explorer::goal_mark);
    std::uint64_t traps = 0;
    std::uint32_t first = explorer::no_node;
    for (std::uint32_t node = 0; node < found.graph.node_count(); ++node) {
        if (hopeful[node]) continue;
        ++traps;
        first = std::min(first, node);
    }
    const double judged = seconds() - explored;
    fmt::print(
        "{{\"states\": {}, \"transitions\": {}, \"explore_s\": {:.3f}, \"judge_s\": {:.3f}, \"traps\": {}, "
        "\"trace\": {}, \"bytes\": {}}}\n",
        found.graph.node_count(), found.graph.edge_count(), explored, judged, traps,
        traps == 0 ? 0 : found.graph.depth[first], found.states.memory_bytes() + found.graph.memory_bytes());
}
