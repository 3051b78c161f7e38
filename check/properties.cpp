#include "check/properties.hpp"

#include <algorithm>
#include <array>

#include "check/attempt_nodes.hpp"
#include "check/checkpoints.hpp"
#include "check/concrete_trace.hpp"
#include "check/exploration_with_cells.hpp"
#include "check/room.hpp"
#include "explorer/cycles.hpp"
#include "explorer/reachability.hpp"

namespace halfopen {

namespace {

using explorer::StateGraph;

/// Side properties that a single step violates.
struct StepProperty {
    std::string_view name;
    std::uint8_t tag;
    std::string_view what;
};
constexpr std::array<StepProperty, 3> step_properties{{
    {"leak", tag::leak, "no segment leaves a NAT untranslated"},
    {"cross", tag::cross, "no segment of one client changes the state of another's connection"},
    {"collateral", tag::collateral, "no connection that has recovered is lost to somebody else's segment"},
}};
constexpr std::string_view storm_name = "storm";
constexpr std::string_view storm_what = "segments never chase each other without time passing";

void find_step(WorldExploration& exploration, const StepProperty& property, PropertyResult& result) {
    const StateGraph& graph = exploration.found.graph;
    // Nodes stand in the order of their depth.
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        for (const explorer::OutEdge& edge : graph.out_edges(node)) {
            if ((edge.tags & property.tag) == 0) continue;
            explorer::Lasso run{explorer::path_to(graph, node), {}};
            run.prefix.push_back(edge.target);
            result.holds = false;
            result.trace = concrete_trace(exploration, run, property.tag);
            result.trace.loop.reset();
            return;
        }
    }
}

void find_storm(WorldExploration& exploration, PropertyResult& result) {
    const auto cycle = explorer::timeless_cycle(exploration.found.graph);
    if (!cycle) return;
    result.holds = false;
    result.trace = concrete_trace(exploration, *cycle);
}

void find_state(WorldExploration& exploration, const PropertySpec& property, PropertyResult& result) {
    const StateGraph& graph = exploration.found.graph;
    const Model& model = exploration.system->model();
    std::vector<bool> satisfied(graph.node_count());
    World world;
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        exploration.system->unpack(exploration.found.states[node], world);
        satisfied[node] = property.condition.holds(model, world);
    }
    std::vector<bool> bad = std::move(satisfied);
    if (property.kind == PropertySpec::Kind::AlwaysPossible) {
        const std::vector<bool> everywhere(graph.node_count(), true);
        bad = can_come_to(graph, std::move(bad), everywhere, {});
        bad.flip();
    }
    const auto at = std::find(bad.begin(), bad.end(), true);
    if (at == bad.end()) return;
    result.holds = false;
    const explorer::Lasso run{explorer::path_to(graph, static_cast<std::uint32_t>(at - bad.begin())), {}};
    result.trace = concrete_trace(exploration, run);
    result.trace.loop.reset();
}

PropertyResult judged(WorldExploration& exploration, const std::string& name,
                      const std::vector<PropertySpec>& own) {
    PropertyResult result;
    result.name = name;
    for (const StepProperty& property : step_properties) {
        if (property.name != name) continue;
        result.what = property.what;
        find_step(exploration, property, result);
        return result;
    }
    if (name == storm_name) {
        result.what = storm_what;
        find_storm(exploration, result);
        return result;
    }
    const auto property =
        std::find_if(own.begin(), own.end(), [&](const PropertySpec& one) { return one.name == name; });
    result.what = property->title.empty() ? describe(*property) : property->title;
    find_state(exploration, *property, result);
    return result;
}

}  // namespace

bool PropertyCheck::all_hold() const {
    return std::all_of(results.begin(), results.end(), [](const PropertyResult& one) { return one.holds; });
}

std::vector<std::string> property_names(const std::vector<PropertySpec>& own) {
    std::vector<std::string> names;
    for (const std::string_view name : side_property_names) names.emplace_back(name);
    for (const PropertySpec& property : own) names.push_back(property.name);
    return names;
}

PropertyCheck check_properties(const Model& model, const std::vector<std::string>& names,
                               const std::vector<PropertySpec>& own, const CheckOptions& options) {
    const std::vector<std::string> all = property_names(own);
    const std::vector<std::string_view> known(all.begin(), all.end());
    for (const std::string& name : names) {
        if (std::find(all.begin(), all.end(), name) == all.end())
            throw InputError(Place{"--property", 0, 0}, unknown_name("property", name, known));
    }
    const WorldOptions world_options{options.isn == IsnMode::Complete ? Corners::All : Corners::None, false};
    WorldExploration exploration = explore_with_cells(model, {}, world_options, options);
    PropertyCheck check;
    check.stopped = exploration.found.stopped;
    if (check.stopped == explorer::StopReason::Complete &&
        !has_room(options, bytes_to_judge(exploration.found.graph)))
        check.stopped = explorer::StopReason::Memory;
    check.states = exploration.found.graph.node_count();
    check.transitions = exploration.found.graph.edge_count();
    if (check.stopped != explorer::StopReason::Complete) {
        if (options.checkpoints != nullptr) check.checkpoint = options.checkpoints->up_to_date();
        return check;
    }
    for (const std::string& name : names) check.results.push_back(judged(exploration, name, own));
    return check;
}

}  // namespace halfopen
