/// What may be drawn, and what of that has been noted.
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

bool WorldSystem::refine(const Cuts& finer) {
    std::map<DrawContext, std::vector<Cell>> refined;
    for (const auto& [context, before] : cells_) {
        std::vector<Cell> after = cells(finer, context.role, context.live);
        if (!offer_the_same(before, after)) return false;
        refined.emplace_hint(refined.end(), context, std::move(after));
    }
    if (!canonicalise_.refine(finer)) return false;
    cells_ = std::move(refined);
    return true;
}

void WorldSystem::absorb(const WorldSystem& other) {
    log_.absorb(other.log_);
    cells_.insert(other.cells_.begin(), other.cells_.end());
    canonicalise_.absorb(other.canonicalise_);
}

WorldSystem::Notes WorldSystem::notes() const {
    Notes notes{log_.sorted(), {}, canonicalise_.known()};
    notes.draws.reserve(cells_.size());
    for (const auto& [context, cells] : cells_) notes.draws.push_back(&context);
    return notes;
}

void WorldSystem::take_over(const DrawContext& draw) {
    if (cells_.count(draw) == 0) cells_.emplace(draw, cells(cuts(), draw.role, draw.live));
}

}  // namespace halfopen
