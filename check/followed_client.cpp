#include "check/followed_client.hpp"

#include <algorithm>

namespace halfopen {

FollowedClient::FollowedClient(const WorldExploration& exploration, const RetakenSteps& steps,
                               std::size_t client)
    : explored_(exploration.found.graph) {
    for (const auto& group : alike_clients(exploration)) {
        if (std::find(group.begin(), group.end(), client) != group.end()) places_ = group;
    }
    if (places_.size() > 1) unfold(steps);
}

void FollowedClient::unfold(const RetakenSteps& steps) {
    const std::size_t width = places_.size();
    explorer::StateGraph& graph = unfolded_.emplace();
    std::vector<std::size_t> index(most_clients);
    for (std::size_t i = 0; i < width; ++i) index[places_[i]] = i;
    for (std::uint32_t node = 0; node < explored_.node_count(); ++node) {
        const auto edges = explored_.out_edges(node);
        const auto moves = steps.moves(node);
        const std::uint32_t marks = explored_.marks[node];
        for (std::size_t i = 0; i < width; ++i) {
            std::size_t at = 0;
            for (explorer::OutEdge edge : edges) {
                const std::size_t next = moves.empty() ? i : index[moves[at++].place[places_[i]]];
                edge.target = static_cast<std::uint32_t>(edge.target * width + next);
                graph.rows.add(edge);
            }
            graph.rows.end_row();
            graph.marks.push_back(marks);
        }
    }
    // Of a run's first world each client knows its place; any of them may be the one that is followed.
    for (const std::uint32_t node : explored_.initial) {
        for (std::size_t i = 0; i < width; ++i)
            graph.initial.push_back(static_cast<std::uint32_t>(node * width + i));
    }
}

bool FollowedClient::recovered(std::uint32_t node) const {
    return explored_.has_mark(explored(node), recovered_mark(place(node)));
}

std::vector<std::vector<std::uint8_t>> alike_clients(const WorldExploration& exploration) {
    std::vector<std::vector<std::uint8_t>> all = exploration.system->symmetry().groups();
    for (std::size_t i = 0; i < exploration.system->model().clients().size(); ++i) {
        if (!exploration.system->symmetry().interchangeable(i)) all.push_back({static_cast<std::uint8_t>(i)});
    }
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace halfopen
