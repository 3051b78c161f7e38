/// Questions that one can do without an answer to.
#pragma once

#include <z3++.h>

#include <optional>
#include <utility>

#include "solver/distances/distance_formulas.hpp"
#include "solver/easy_solver.hpp"

namespace halfopen {

/// About formulas of which it is asked what holds beside them.
class EasyQuestions {
   public:
    /// distances: must outlive it.
    EasyQuestions(DistanceFormulas& distances, Formulas formulas)
        : distances_(&distances), formulas_(std::move(formulas)) {}

    /// Whether these hold beside them; hard questions stay `unknown`.
    z3::check_result check(const Formulas& more = {});
    /// After check() has said `sat`.
    const z3::model& values() const { return *values_; }
    /// So much, as Z3 counts it, is a hard question from now on.
    void set_most_work(unsigned most) { most_work_ = most; }
    /// What all have taken so far, as Z3 counts it, or would.
    std::uint64_t work() const { return work_on_distances_ + (solver_ ? work_of(*solver_) : 0); }

   private:
    DistanceFormulas* distances_;
    Formulas formulas_;
    unsigned most_work_ = most_work_of_easy_questions;
    std::uint64_t work_on_distances_ = 0;
    std::optional<z3::solver> solver_;  ///< has the formulas, once a question is not of distances
    std::optional<z3::model> values_;
};

}  // namespace halfopen
