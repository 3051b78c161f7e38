/// How likely an attempt is to get through (attempts.hpp).
#include <algorithm>
#include <map>
#include <numeric>

#include "check/attempt_nodes.hpp"
#include "check/attempts.hpp"
#include "check/followed_client.hpp"
#include "explorer/boost_adaptor.hpp"
#include "explorer/components.hpp"

namespace halfopen {

namespace {

using explorer::StateGraph;

/// For one client: the least probability of recovering before the next attempt, from every node.
class EscapeOdds {
   public:
    EscapeOdds(const FollowedClient& followed, const std::vector<std::vector<ChanceEdge>>& chances)
        : followed_(followed),
          graph_(followed.graph()),
          chances_(chances),
          value_(followed.graph().node_count(), 0.0) {
        const StateGraph& graph = graph_;
        std::vector<bool> open(graph.node_count());
        for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
            const bool recovered = followed.recovered(node);
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
        return std::any_of(chances_of(node).begin(), chances_of(node).end(),
                           [&](const ChanceEdge& c) { return begins_attempt(node, c); });
    }
    /// The probability for the attempt that begins at `node`.
    double of_attempt(std::uint32_t node) const {
        double through = 0, all = 0;
        auto edge = graph_.out_edges(node).begin();
        for (const ChanceEdge& chance : chances_of(node)) {
            const std::uint32_t target = (edge++)->target;
            if (!begins_attempt(node, chance)) continue;
            all += chance.share;
            through += chance.share * value_[target];
        }
        return through / all;
    }

   private:
    const std::vector<ChanceEdge>& chances_of(std::uint32_t node) const {
        return chances_[followed_.explored(node)];
    }
    bool begins_attempt(std::uint32_t node, const ChanceEdge& chance) const {
        return chance.attempt_of == static_cast<int>(followed_.place(node));
    }
    double least(std::uint32_t node) const {
        double result = 1;
        bool any = false;
        if (chances_of(node).empty()) {
            for (const explorer::OutEdge& edge : graph_.out_edges(node)) {
                const std::uint32_t target = edge.target;
                result = std::min(result, value_[target]);
                any = true;
            }
            return any ? result : 0;
        }
        std::map<std::uint64_t, std::pair<double, double>> events;  // event -> (through, all)
        auto edge = graph_.out_edges(node).begin();
        for (const ChanceEdge& chance : chances_of(node)) {
            auto& [through, all] = events[chance.event];
            through += chance.share * value_[(edge++)->target];
            all += chance.share;
        }
        for (const auto& [event, odds] : events) result = std::min(result, odds.first / odds.second);
        return result;
    }

    const FollowedClient& followed_;
    const StateGraph& graph_;
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
    for (const auto& group : alike_clients(exploration)) {
        const FollowedClient followed(exploration, group.front());
        const EscapeOdds odds(followed, chances);
        for (std::uint32_t node = 0; node < followed.graph().node_count(); ++node) {
            if (!odds.begins_attempt(node)) continue;
            const World world =
                explorer::state_at(*exploration.system, exploration.found, followed.explored(node));
            if (scenario_numbers(world).size() != world.origins.size()) continue;
            least = std::min(least.value_or(1), odds.of_attempt(node));
        }
    }
    return least;
}

}  // namespace halfopen
