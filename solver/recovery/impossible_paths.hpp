/// Paths of a search that no numbers take: only what the search has forgotten on its way lets it follow them.
///
/// Where it is found what to keep of that, the search can begin anew and keep it (Clarke, Grumberg, Jha, Lu,
/// Veith, "Counterexample-guided abstraction refinement", CAV 2000).  Else such a path just ends; but of what
/// has been settled on it only the states stand that by what they know rule the path out themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "solver/path_explorer.hpp"
#include "solver/recovery/state_form.hpp"

namespace halfopen {

class ImpossiblePaths {
   public:
    /// Both must outlive it.
    ImpossiblePaths(PathExplorer& paths, StateForms& forms) : paths_(paths), forms_(forms) {}

    /// Of the path under way, as far as Z3 sees it easily.
    bool is_impossible() { return paths_.is_ruled_out(); }
    /// Whether know_better() has been looked for in vain for too long.
    bool knows_all_it_can() const;
    /// Whether the states of an impossible path want something from now on that rules it out (StateForms).
    /// False, at once, where it knows all it can.
    /// places: the states on the path at which something was forgotten.
    bool know_better(const std::vector<const NamedState*>& places);
    /// An impossible path ends here.
    void end();
    /// All runs from the state at that place, the last one, have been followed.  Whether that settles it.
    bool settles(std::size_t place);
    /// Whether it settles the states that the path has come to since.
    bool are_settled_after(std::size_t place) const { return place < unsettled_from_; }
    /// A search begins.
    void forget_ends() { unsettled_from_ = SIZE_MAX; }

   private:
    PathExplorer& paths_;
    StateForms& forms_;
    std::size_t refinements_ = 0;
    std::uint64_t work_in_vain_ = 0;
    /// The first place that does not know why a path has ended below it.
    std::size_t unsettled_from_ = SIZE_MAX;
};

}  // namespace halfopen
