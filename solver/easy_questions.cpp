#include "solver/easy_questions.hpp"

namespace halfopen {
namespace {

/// What Z3 takes for most of them.
constexpr std::uint64_t work_of_one_on_distances = 10'000;

}  // namespace

z3::check_result EasyQuestions::check(const Formulas& more) {
    values_.reset();
    Formulas all = formulas_;
    all.insert(all.end(), more.begin(), more.end());
    if (const auto answer = distances_->ask(all)) {
        work_on_distances_ += work_of_one_on_distances;
        values_ = answer->values;
        return answer->contradiction ? z3::unsat : z3::sat;
    }
    if (!solver_) solver_ = easy_solver(distances_->context(), formulas_);
    solver_->set("rlimit", most_work_);
    solver_->push();
    for (const z3::expr& formula : more) solver_->add(formula);
    const z3::check_result result = solver_->check();
    if (result == z3::sat) values_ = solver_->get_model();
    solver_->pop();
    return result;
}

}  // namespace halfopen
