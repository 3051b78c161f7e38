/// Why steps cannot be taken one after the other, told place by place.
///
/// Of formulas that contradict each other only together: what each of the places between them has to know, so
/// that the contradiction is found by looking at one step at a time (sequence interpolants: McMillan, "Lazy
/// abstraction with interpolants", CAV 2006, sec. 2).  Each is the negation of some of what is said later, as
/// an unsatisfiable core chooses it, and not made up of terms that both sides share, as Craig's are: it may
/// speak of unknowns that come up only later.
#pragma once

#include <z3++.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "solver/easy_solver.hpp"

namespace halfopen {

/// parts: two at least.  One formula I(i) for each place i between parts[i] and parts[i + 1]: the background
/// and parts[0] imply I(0); with I(i - 1), parts[i] implies I(i); the last one contradicts the last part.
/// preferred(i, formula): whether place i had rather speak of this formula; others are taken only where it is
/// not enough.  Nothing where the parts do not contradict each other, or Z3 cannot settle it.
std::optional<Formulas> sequence_interpolants(
    z3::context& context, const Formulas& background, const std::vector<Formulas>& parts,
    const std::function<bool(std::size_t place, const z3::expr& formula)>& preferred);

}  // namespace halfopen
