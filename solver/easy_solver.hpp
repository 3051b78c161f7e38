/// A solver for questions that one can do without an answer to.
#pragma once

#include <z3++.h>

#include <cstdint>
#include <vector>

namespace halfopen {

/// Formulas that hold together.
using Formulas = std::vector<z3::expr>;

/// In what Z3 counts, which is the same on every machine: some second.  Most questions take a hundredth of
/// it.
inline constexpr unsigned most_work_of_easy_questions = 1'000'000;

/// With these formulas; hard questions stay `unknown`.
inline z3::solver easy_solver(z3::context& context, const Formulas& formulas) {
    z3::solver solver(context, "QF_UFBV");
    solver.set("rlimit", most_work_of_easy_questions);
    for (const z3::expr& formula : formulas) solver.add(formula);
    return solver;
}

/// Puts equalities in before it asks: for many formulas about few numbers a third of the time, where nothing
/// learnt from other questions would help.
inline z3::tactic equalities_first(z3::context& context) {
    return z3::tactic(context, "simplify") & z3::tactic(context, "solve-eqs") & z3::tactic(context, "smt");
}

/// What all solvers of its context have done so far, as Z3 counts it: the same on every machine.
inline std::uint64_t work_of(const z3::solver& solver) {
    const z3::stats counted = solver.statistics();
    for (unsigned i = 0; i < counted.size(); ++i)
        if (counted.key(i) == "rlimit count" && counted.is_uint(i)) return counted.uint_value(i);
    return 0;
}

}  // namespace halfopen
