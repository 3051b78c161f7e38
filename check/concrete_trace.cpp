#include "check/concrete_trace.hpp"

#include <algorithm>
#include <stdexcept>

namespace halfopen {

namespace {

bool stands_for(WorldSystem& system, const World& world, std::span<const std::byte> node) {
    std::vector<std::byte> bytes;
    system.pack(system.canonical(world), bytes);
    return std::equal(bytes.begin(), bytes.end(), node.begin(), node.end());
}

/// Of several steps to the same node the one that takes longest, as the verdict's times do.
std::pair<Step, World> step_to(WorldSystem& system, const World& from, std::span<const std::byte> node,
                               std::uint8_t tags) {
    std::optional<std::pair<Step, World>> best;
    for (auto& candidate : system.successors_unrenamed(from)) {
        if (tags != 0 && (candidate.first.tags() & tags) == 0) continue;
        if (best && candidate.first.duration() <= best->first.duration()) continue;
        if (stands_for(system, candidate.second, node)) best = std::move(candidate);
    }
    if (!best) throw std::logic_error("a step of the trace cannot be made with real numbers");
    return std::move(*best);
}

/// Whether the step from path[at] to path[at + 1] takes time.
bool takes_time(const explorer::StateGraph& graph, const std::vector<std::uint32_t>& path, std::size_t at) {
    for (const std::uint64_t edge : graph.out_edges(path[at])) {
        if (graph.target[edge] == path[at + 1] && graph.duration[edge] > 0) return true;
    }
    return false;
}

/// From a world's time stamps, whose clocks stand still, to those that the wire would show.
void set_clocks(ConcreteSegment& segment, std::uint32_t elapsed) {
    TimestampOption<ConcreteReading>& option = segment.timestamps;
    if (!option.present) return;
    option.value.value += elapsed;
    if (option.echo.origin != 0) option.echo.value += elapsed;
}

void set_clocks(Step& step, std::uint64_t at) {
    const auto elapsed = static_cast<std::uint32_t>(at);
    if (step.segment) set_clocks(*step.segment, elapsed);
    for (Emission& emission : step.sent) set_clocks(emission.segment, elapsed);
}

}  // namespace

Trace concrete_trace(WorldExploration& exploration, const explorer::Lasso& witness, std::uint8_t last_tags) {
    std::vector<std::uint32_t> path = witness.prefix;
    path.insert(path.end(), witness.loop.begin(), witness.loop.end());
    // A reader sees the repetition best where the loop begins with time passing: go on round it until then.
    std::size_t turned = 0;
    while (turned < witness.loop.size() &&
           !takes_time(exploration.found.graph, path, witness.prefix.size() - 1 + turned))
        ++turned;
    if (turned == witness.loop.size()) turned = 0;
    path.insert(path.end(), witness.loop.begin(), witness.loop.begin() + static_cast<std::ptrdiff_t>(turned));
    Trace trace;
    if (path.empty()) return trace;
    WorldSystem& system = *exploration.system;
    trace.initial = explorer::state_at(system, exploration.found, path.front());
    std::uint64_t at = 0;
    for (std::size_t i = 1; i < path.size(); ++i) {
        const World& from = trace.steps.empty() ? trace.initial : trace.steps.back().after;
        auto [step, world] = step_to(system, from, exploration.found.states[path[i]],
                                     i + 1 == path.size() ? last_tags : std::uint8_t{0});
        at += step.elapsed;
        set_clocks(step, at);
        trace.steps.push_back({at, std::move(step), std::move(world)});
    }
    trace.loop = witness.prefix.size() - 1 + turned;
    return trace;
}

}  // namespace halfopen
