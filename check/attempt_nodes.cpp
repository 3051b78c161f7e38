#include "check/attempt_nodes.hpp"

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

}  // namespace

RetakenSteps::RetakenSteps(WorldExploration& exploration)
    : place_(exploration.found.graph.node_count(), explorer::no_node) {
    const explorer::StateGraph& graph = exploration.found.graph;
    World world;
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        std::uint8_t tags = 0;
        for (const explorer::OutEdge& edge : graph.out_edges(node)) tags |= edge.tags;
        const bool drawn = (tags & tag::chance) != 0, moved = (tags & tag::moved) != 0;
        if (!drawn && !moved) continue;
        place_[node] = static_cast<std::uint32_t>(places_.size());
        places_.push_back({chances_.size(), moves_.size()});
        exploration.system->unpack(exploration.found.states[node], world);
        // Successors come in the order in which their edges were stored.
        exploration.system->successors(world, [&](const Step& step, const World&) {
            if (drawn) chances_.push_back(chance_of(step));
            if (moved) moves_.push_back(step.places);
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
