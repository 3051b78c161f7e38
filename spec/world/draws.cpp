/// What may be drawn, and what of that has been noted.
#include <algorithm>
#include <utility>

#include "spec/world/world_system.hpp"

namespace halfopen {

std::vector<Draw> WorldSystem::answers(const World& world, const Need& need) {
    if (options_.choices) return options_.choices(world, need);
    std::vector<Draw> draws;
    if (need.kind != Draw::Kind::Isn) {
        for (const PortChoice& choice : need.ports)
            draws.push_back({need.kind, 0, choice.port, choice.share, choice.of, false});
        return draws;
    }
    const DrawContext context{need.role, world.origins};
    auto known = cells_.find(context);
    if (known == cells_.end()) known = cells_.emplace(context, cells(cuts(), need.role, world.origins)).first;
    const bool corners_allowed = options_.corners == Corners::All ||
                                 (options_.corners == Corners::One && world.corner == 0 && !need.repeated);
    for (const Cell& cell : known->second) {
        const bool corner = is_corner(cell);
        if (corner && !corners_allowed) continue;
        draws.push_back({need.kind, need.role, cell.representative, cell.size, all_values, corner});
    }
    return draws;
}

/// Shares may differ: they are in no state.
bool WorldSystem::offer_the_same(const std::vector<Cell>& before, const std::vector<Cell>& after) const {
    const auto offered = [this](const std::vector<Cell>& all) {
        std::vector<std::pair<std::uint32_t, bool>> draws;
        for (const Cell& cell : all) {
            if (may_be_drawn(cell)) draws.emplace_back(cell.representative, is_corner(cell));
        }
        return draws;
    };
    return offered(before) == offered(after);
}

bool WorldSystem::allows(const Cuts& finer) const {
    return std::ranges::all_of(cells_,
                               [&](const auto& known) {
                                   const auto& [context, before] = known;
                                   return offer_the_same(before, cells(finer, context.role, context.live));
                               }) &&
           canonicalise_.renames_alike_with(finer);
}

void WorldSystem::use(const Cuts& finer) {
    for (auto& [context, known] : cells_) known = cells(finer, context.role, context.live);
    canonicalise_.use(finer);
}

bool WorldSystem::refine(const Cuts& finer) {
    if (!allows(finer)) return false;
    use(finer);
    return true;
}

void WorldSystem::absorb(WorldSystem& other) {
    log_.absorb(other.log_);
    cells_.merge(other.cells_);
    canonicalise_.absorb(other.canonicalise_);
}

WorldSystem::Notes WorldSystem::notes(std::span<const WorldSystem* const> systems) {
    Notes notes;
    ComparisonLog log;
    for (const WorldSystem* system : systems) {
        log.absorb(system->log_);
        for (const auto& [context, cells] : system->cells_) notes.draws.push_back(&context);
        (void)system->canonicalise_.known().all_of([&](const Renamings::Entry& one) {
            notes.renamed.push_back(one);
            return true;
        });
    }
    notes.comparisons = log.sorted();
    const auto sort_out = [](auto& list, const auto& item) {
        std::ranges::sort(list, [&](const auto& a, const auto& b) { return item(a) < item(b); });
        const auto [first, last] =
            std::ranges::unique(list, [&](const auto& a, const auto& b) { return item(a) == item(b); });
        list.erase(first, last);
    };
    sort_out(notes.draws, [](const DrawContext* draw) -> const DrawContext& { return *draw; });
    sort_out(notes.renamed, [](const Renamings::Entry& one) -> const Renamings::Entry& { return one; });
    return notes;
}

void WorldSystem::take_over(const DrawContext& draw) {
    if (cells_.count(draw) == 0) cells_.emplace(draw, cells(cuts(), draw.role, draw.live));
}

}  // namespace halfopen
