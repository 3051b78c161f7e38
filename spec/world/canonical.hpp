/// One world for all that differ only in what nothing can tell apart.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "spec/numbers/cells.hpp"
#include "spec/numbers/renaming.hpp"
#include "spec/world/model.hpp"
#include "spec/world/renamings.hpp"
#include "spec/world/world.hpp"

namespace halfopen {

/// Forgets origins that no number refers to any more, orders the rest, and renames freshly drawn ones to the
/// representatives of the cells that they lie in.  Keeps what it has worked out.
class Canonicaliser {
   public:
    explicit Canonicaliser(Cuts cuts) : cuts_(std::move(cuts)) {}
    Canonicaliser(const Canonicaliser&) = delete;
    Canonicaliser& operator=(const Canonicaliser&) = delete;

    void operator()(World& world) { tidy(world, true); }
    /// Only forgets and orders: numbers keep their values, as a trace that is to be replayed needs.
    void without_renaming(World& world) { tidy(world, false); }
    /// Whether the world differs from the canonical one at most in values of drawn numbers that no comparison
    /// tells apart: every pair of numbers has the same relation.  Its own canonical form may be a twin of
    /// that one (canonical_values()), so equality of the two forms would ask for too much.
    bool is_alike(World world, const World& canonical);
    const Cuts& cuts() const { return cuts_; }

    /// Whether every renaming so far stays what it is with these cuts.
    bool renames_alike_with(const Cuts& finer) const;
    /// Takes such cuts into use.
    void use(const Cuts& finer) { cuts_ = finer; }
    /// Takes over what another one, with equal cuts, has worked out.
    void absorb(const Canonicaliser& other) { known_.add(other.known_); }
    /// The sets of origins for which values have been worked out.
    const Renamings& known() const { return known_; }
    /// Works out those of one more.
    void work_out(const std::vector<Origin>& origins) { values_for(origins); }

   private:
    void tidy(World& world, bool rename_numbers);
    std::span<const std::uint32_t> values_for(std::span<const Origin> origins);

    Cuts cuts_;
    Renamings known_;
    std::optional<Renamings::Entry> last_;  ///< asked for
    std::vector<Origin> kept_;              ///< of the world being tidied; here for its memory
};

}  // namespace halfopen
