/// How likely an attempt is to get through (attempts.hpp).
#include <algorithm>
#include <map>
#include <numeric>

#include "check/attempt_nodes.hpp"
#include "check/attempts.hpp"
#include "explorer/boost_adaptor.hpp"
#include "explorer/components.hpp"

namespace halfopen {

namespace {

using explorer::StateGraph;

/// For one client: the least probability of recovering before the next attempt, from every node.
class EscapeOdds {
   public:
    EscapeOdds(const StateGraph& graph, std::size_t client,
               const std::vector<std::vector<ChanceEdge>>& chances)
        : graph_(graph), client_(client), chances_(chances), value_(graph.node_count(), 0.0) {
        std::vector<bool> open(graph.node_count());
        for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
            const bool recovered = graph.has_mark(node, recovered_mark(client));
            if (recovered) value_[node] = 1;
            open[node] = !recovered && !begins_attempt(node);
        }
        const explorer::GraphView all(graph);
        const explorer::GraphView during = all.within(open);
        const explorer::StrongComponents components = explorer::strong_components(during);
        std::vector<std::uint32_t> order(graph.node_count());
        std::iota(order.begin(), order.end(), 0U);
        std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return components.component[a] < components.component[b];
        });
        // Where the adversary can go round in circles the client never gets through: 0.
        for (const std::uint32_t node : order) {
            if (open[node] && !components.on_cycle(node)) value_[node] = least(node);
        }
    }

    bool begins_attempt(std::uint32_t node) const {
        return std::any_of(chances_[node].begin(), chances_[node].end(),
                           [&](const ChanceEdge& c) { return c.attempt_of == static_cast<int>(client_); });
    }
    /// The probability for the attempt that begins at `node`.
    double of_attempt(std::uint32_t node) const {
        double through = 0, all = 0;
        for (const ChanceEdge& chance : chances_[node]) {
            if (chance.attempt_of != static_cast<int>(client_)) continue;
            all += chance.share;
            through += chance.share * value_[graph_.target[chance.edge]];
        }
        return through / all;
    }

   private:
    double least(std::uint32_t node) const {
        double result = 1;
        bool any = false;
        if (chances_[node].empty()) {
            for (const std::uint32_t target : graph_.successors(node)) {
                result = std::min(result, value_[target]);
                any = true;
            }
            return any ? result : 0;
        }
        std::map<std::uint64_t, std::pair<double, double>> events;  // event -> (through, all)
        for (const ChanceEdge& chance : chances_[node]) {
            auto& [through, all] = events[chance.event];
            through += chance.share * value_[graph_.target[chance.edge]];
            all += chance.share;
        }
        for (const auto& [event, odds] : events) result = std::min(result, odds.first / odds.second);
        return result;
    }

    const StateGraph& graph_;
    std::size_t client_;
    const std::vector<std::vector<ChanceEdge>>& chances_;
    std::vector<double> value_;
};

}  // namespace

std::optional<double> escape_per_attempt(WorldExploration& exploration) {
    const StateGraph& graph = exploration.found.graph;
    std::vector<std::vector<ChanceEdge>> chances(graph.node_count());
    for (std::uint32_t node = 0; node < graph.node_count(); ++node)
        chances[node] = chance_edges(exploration, node);
    std::optional<double> least;
    for (std::size_t client = 0; client < exploration.system->model().clients().size(); ++client) {
        const EscapeOdds odds(graph, client, chances);
        for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
            if (!odds.begins_attempt(node)) continue;
            const World world = explorer::state_at(*exploration.system, exploration.found, node);
            if (scenario_numbers(world).size() != world.origins.size()) continue;
            least = std::min(least.value_or(1), odds.of_attempt(node));
        }
    }
    return least;
}

}  // namespace halfopen
