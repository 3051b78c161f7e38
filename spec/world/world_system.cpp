#include "spec/world/world_system.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "spec/world/packing.hpp"

namespace halfopen {

WorldSystem::WorldSystem(const Model& model, Cuts cuts, WorldOptions options, WorldRows rows)
    : model_(model),
      options_(std::move(options)),
      stepper_(model, log_, symmetry_),
      canonicalise_(std::move(cuts)),
      rows_(std::move(rows)) {
    if (options_.symmetry && !options_.choices) find_symmetry();
}

// The scenario's words are one thing.  What decides is whether the worlds right after the fault, all of them
// together, stay what they are when two clients change places; from there on every step treats them alike.
void WorldSystem::find_symmetry() {
    ClientSymmetry candidates(model_);
    if (candidates.trivial()) return;
    std::vector<World> struck = initial_worlds();
    for (World& world : struck) {
        Step step;
        stepper_.strike_fault(world, step);
    }
    const auto packed = [&](const ClientPermutation& places) {
        std::set<std::vector<std::byte>> all;
        for (const World& world : struck) {
            std::vector<std::byte> bytes;
            pack_world(canonical(world, places), bytes);
            all.insert(std::move(bytes));
        }
        return all;
    };
    const auto as_it_is = packed({});
    candidates.keep_if([&](const ClientPermutation& exchange) { return packed(exchange) == as_it_is; });
    symmetry_ = std::move(candidates);
}

void WorldSystem::put(World& world, const ClientPermutation& places) const {
    if (model_.oldest_timestamp() > 0) limit_timestamp_ages(world, model_.oldest_timestamp());
    if (!places.is_identity()) permute_clients(model_, world, places);
}

World WorldSystem::canonical(World world, const ClientPermutation& places) {
    put(world, places);
    canonicalise_(world);
    return world;
}

bool WorldSystem::stands_for(World world, const ClientPermutation& places, const World& state) {
    put(world, places);
    return canonicalise_.is_alike(std::move(world), state);
}

ClientPermutation WorldSystem::tidy(World& world) {
    put(world, {});
    canonicalise_(world);
    if (symmetry_.trivial()) return {};
    // By numbers that have been renamed, so that clients which differ in them only are told apart alike.
    const ClientPermutation places = symmetry_.sorted(model_, world);
    if (places.is_identity()) return places;
    permute_clients(model_, world, places);
    canonicalise_(world);
    return places;
}

void WorldSystem::finish(World& world, Step& step) {
    // Where every corner may be drawn at any time, which number came from one makes no difference.
    if (options_.corners == Corners::All) world.corner = 0;
    if (rename_) {
        step.places = tidy(world);
        if (!step.places.is_identity()) step.tag_bits |= tag::moved;
    } else {
        canonicalise_.without_renaming(world);
    }
}

}  // namespace halfopen
