#include "spec/world/canonical.hpp"

#include <algorithm>
#include <array>
#include <boost/container/static_vector.hpp>
#include <utility>

#include "spec/world/leaf_visitor.hpp"

namespace halfopen {

namespace {

constexpr OriginSlot unused = 0xFF;
using Slots = boost::container::static_vector<OriginSlot, 256>;

/// Numbers that the scenario names stay as they are; only freshly drawn ones may be renamed.
std::vector<std::uint32_t> renamed_values(const Cuts& cuts, std::span<const Origin> origins) {
    std::vector<std::uint8_t> fixed;
    for (const Origin& origin : origins) fixed.push_back(is_given(origin.role) ? 1 : 0);
    return canonical_values(cuts, origins, fixed);
}

}  // namespace

std::span<const std::uint32_t> Canonicaliser::values_for(std::span<const Origin> origins) {
    if (!last_ || !last_->is_of(origins)) {
        last_ = known_.find(origins);
        if (!last_) last_ = known_.add(origins, renamed_values(cuts_, origins));
    }
    return last_->values();
}

bool Canonicaliser::renames_alike_with(const Cuts& finer) const {
    return known_.all_of([&](const Renamings::Entry& one) {
        return std::ranges::equal(renamed_values(finer, one.origins()), one.values());
    });
}

bool Canonicaliser::is_alike(World world, const World& canonical) {
    without_renaming(world);
    if (world.origins.size() != canonical.origins.size()) return false;
    for (std::size_t i = 0; i < world.origins.size(); ++i) {
        const Origin &here = world.origins[i], &there = canonical.origins[i];
        if (here.role != there.role || (is_given(here.role) && here.value != there.value)) return false;
        for (std::size_t j = 0; j < i; ++j)
            if (relation(cuts_, here, world.origins[j]) != relation(cuts_, there, canonical.origins[j]))
                return false;
    }
    NumberVisitor rename(
        [&](Number& n) { n.value += canonical.origins[n.origin].value - world.origins[n.origin].value; });
    fields(rename, world);
    world.origins = canonical.origins;
    return world == canonical;
}

void Canonicaliser::tidy(World& world, bool rename_numbers) {
    // Which origins are in use, and in what order their numbers first appear.
    std::array<OriginSlot, 256> appearance;
    std::fill_n(appearance.begin(), world.origins.size(), unused);
    appearance[0] = 0;
    Slots used{0};
    NumberVisitor find([&](const Number& n) {
        if (appearance[n.origin] != unused) return;
        appearance[n.origin] = static_cast<OriginSlot>(used.size());
        used.push_back(n.origin);
    });
    fields(find, std::as_const(world));
    if (world.corner != 0 && appearance[world.corner] == unused) world.corner = 0;
    // By role, and otherwise as they appear: there are few, and they hardly ever stand wrong.
    for (std::size_t i = 1; i < used.size(); ++i) {
        for (std::size_t j = i; j > 0 && world.origins[used[j]].role < world.origins[used[j - 1]].role; --j)
            std::swap(used[j], used[j - 1]);
    }
    kept_.clear();
    bool unchanged = used.size() == world.origins.size();
    for (std::size_t i = 0; i < used.size(); ++i) {
        kept_.push_back(world.origins[used[i]]);
        unchanged = unchanged && used[i] == i;
    }
    std::array<OriginSlot, 256> new_slot;
    std::array<std::uint32_t, 256> shift;
    const bool drawn = rename_numbers && std::any_of(kept_.begin(), kept_.end(), [](const Origin& origin) {
                           return !is_given(origin.role);
                       });
    const std::span<const std::uint32_t> values =
        drawn ? values_for(kept_) : std::span<const std::uint32_t>();
    for (std::size_t i = 0; i < used.size(); ++i) {
        const std::uint32_t value = drawn ? values[i] : kept_[i].value;
        new_slot[used[i]] = static_cast<OriginSlot>(i);
        shift[used[i]] = value - kept_[i].value;
        unchanged = unchanged && value == kept_[i].value;
        kept_[i].value = value;
    }
    if (unchanged) return;
    NumberVisitor rename([&](Number& n) {
        n.value += shift[n.origin];
        n.origin = new_slot[n.origin];
    });
    fields(rename, world);
    world.corner = new_slot[world.corner];
    world.origins.assign(kept_.begin(), kept_.end());
}

}  // namespace halfopen
