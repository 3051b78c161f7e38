/// How likely an attempt is to get through (attempts.hpp).
#include <algorithm>
#include <map>
#include <span>

#include "check/attempts.hpp"
#include "explorer/components.hpp"

namespace halfopen {

namespace {

using explorer::StateGraph;

/// For one client: the least probability of recovering before the next attempt, from every node.
class EscapeOdds {
   public:
    EscapeOdds(const FollowedClient& followed, const RetakenSteps& steps)
        : followed_(followed), graph_(followed.graph()), steps_(steps), value_(graph_.node_count(), 0.0) {
        std::vector<bool> open(graph_.node_count());
        for (std::uint32_t node = 0; node < graph_.node_count(); ++node) {
            const bool recovered = followed.recovered(node);
            if (recovered) value_[node] = 1;
            open[node] = !recovered && !begins_attempt(node);
        }
        const explorer::GraphView all(graph_);
        const explorer::StrongComponents components = explorer::strong_components(all.within(open));
        // Components come in reverse topological order.  Where the adversary can go round in circles the
        // client never gets through: 0.  All other components are of one node.
        std::vector<std::uint32_t> alone(components.count(), explorer::no_node);
        for (std::uint32_t node = 0; node < graph_.node_count(); ++node) {
            if (open[node] && !components.on_cycle(node)) alone[components.component[node]] = node;
        }
        for (const std::uint32_t node : alone) {
            if (node != explorer::no_node) value_[node] = least(node);
        }
    }

    bool begins_attempt(std::uint32_t node) const {
        const auto chances = chances_of(node);
        return std::any_of(chances.begin(), chances.end(),
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
    std::span<const ChanceEdge> chances_of(std::uint32_t node) const {
        return steps_.chances(followed_.explored(node));
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
    const RetakenSteps& steps_;
    std::vector<double> value_;
};

}  // namespace

std::optional<double> escape_per_attempt(FollowedClients& clients) {
    const WorldExploration& exploration = clients.exploration();
    std::optional<double> least;
    World world;
    for (const auto& group : alike_clients(exploration)) {
        const FollowedClient& followed = clients.follow(group.front());
        const EscapeOdds odds(followed, clients.steps());
        for (std::uint32_t node = 0; node < followed.graph().node_count(); ++node) {
            if (!odds.begins_attempt(node)) continue;
            exploration.system->unpack(exploration.found.states[followed.explored(node)], world);
            if (scenario_numbers(world).size() != world.origins.size()) continue;
            least = std::min(least.value_or(1), odds.of_attempt(node));
        }
    }
    return least;
}

}  // namespace halfopen
