/// Whether formulas hold together, told by distances on the circle of 2^32 numbers alone.
///
/// What Z3 has to find out bit by bit takes hundreds of times as long.
#pragma once

#include <z3++.h>

#include <optional>

#include "solver/distances/coordinates.hpp"
#include "solver/distances/distance_clauses.hpp"
#include "solver/easy_solver.hpp"

namespace halfopen {

/// Of one context's terms.
class DistanceFormulas {
   public:
    explicit DistanceFormulas(z3::context& context) : context_(context) {}
    z3::context& context() const { return context_; }

    struct Answer {
        bool contradiction = false;
        std::optional<z3::model> values;  ///< where there is none: of all their unknowns that matter
    };
    /// Nothing where they are of anything else, or where it takes too long.
    std::optional<Answer> ask(const Formulas& formulas);

   private:
    class Problem;

    z3::context& context_;
    DistanceClauses clauses_;
    Coordinates coordinates_;  ///< that did so far
};

}  // namespace halfopen
