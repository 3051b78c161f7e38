#include "check/attempt_nodes.hpp"

#include <utility>

namespace halfopen {

namespace {

std::uint64_t event_of(const Step& step) {
    return static_cast<std::uint64_t>(step.kind) | static_cast<std::uint64_t>(step.node.kind) << 8U |
           static_cast<std::uint64_t>(step.node.index) << 16U | static_cast<std::uint64_t>(step.link) << 24U |
           static_cast<std::uint64_t>(step.timer) << 32U;
}

ChanceEdge chance_of(const Step& step) {
    ChanceEdge chance{event_of(step), 1, -1};
    for (const Draw& draw : step.draws)
        chance.share *= static_cast<double>(draw.share) / static_cast<double>(draw.of);
    if ((step.tag_bits & tag::attempt) != 0) chance.attempt_of = step.node.index;
    return chance;
}

/// What edges of a node have to be taken again for.
struct Wanted {
    bool chances = false, moves = false;

    [[nodiscard]] bool any() const { return chances || moves; }
};

/// And how many edges there are.
std::pair<Wanted, std::size_t> wanted_of(const explorer::StateGraph& graph, std::uint32_t node) {
    std::uint8_t tags = 0;
    std::size_t edges = 0;
    for (const explorer::OutEdge& edge : graph.out_edges(node)) {
        tags |= edge.tags;
        ++edges;
    }
    return {{(tags & tag::chance) != 0, (tags & tag::moved) != 0}, edges};
}

}  // namespace

RetakenSteps::Sizes::Sizes(const explorer::StateGraph& graph) : nodes(graph.node_count()) {
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        const auto [wanted, edges] = wanted_of(graph, node);
        if (wanted.any()) ++places;
        if (wanted.chances) chances += edges;
        if (wanted.moves) moves += edges;
    }
}

std::uint64_t RetakenSteps::Sizes::bytes() const {
    return nodes * sizeof(std::uint32_t) + places * sizeof(Place) + chances * sizeof(ChanceEdge) +
           moves * sizeof(ClientPermutation);
}

RetakenSteps::RetakenSteps(WorldExploration& exploration)
    : place_(exploration.found.graph.node_count(), explorer::no_node) {
    const explorer::StateGraph& graph = exploration.found.graph;
    const Sizes sizes(graph);
    places_.reserve(sizes.places);
    chances_.reserve(sizes.chances);
    moves_.reserve(sizes.moves);
    World world;
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        const Wanted wanted = wanted_of(graph, node).first;
        if (!wanted.any()) continue;
        place_[node] = static_cast<std::uint32_t>(places_.size());
        places_.push_back({chances_.size(), moves_.size()});
        exploration.system->unpack(exploration.found.states[node], world);
        // Successors come in the order in which their edges were stored.
        exploration.system->successors(world, [&](const Step& step, const World&) {
            if (wanted.chances) chances_.push_back(chance_of(step));
            if (wanted.moves) moves_.push_back(step.places);
        });
    }
    places_.push_back({chances_.size(), moves_.size()});
}

std::vector<Origin> scenario_numbers(const World& world) {
    std::vector<Origin> given;
    for (const Origin& origin : world.origins) {
        if (is_given(origin.role)) given.push_back(origin);
    }
    return given;
}

}  // namespace halfopen
