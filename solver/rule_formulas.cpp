#include "solver/rule_formulas.hpp"

#include <stdexcept>

namespace halfopen {

z3::expr RuleFormulas::matches(const PolicyCase& at, const CompiledRule& rule) {
    z3::expr all = context().bool_val(true);
    for (const Condition& term : rule.predicates) {
        const Key key{at.state, at.direction, at.flags, at.length, at.timestamps, term.index};
        auto found = known_.find(key);
        if (found == known_.end()) found = known_.emplace(key, predicate(at, term.index)).first;
        const z3::expr& holds = found->second;
        all = all && (term.negated ? !holds : holds);
    }
    return all.simplify();
}

z3::solver incremental_solver(z3::context& context) { return {context, z3::solver::simple()}; }

bool satisfiable(z3::solver& solver, const z3::expr& formula) {
    if (formula.is_false()) return false;
    solver.push();
    solver.add(formula);
    const z3::check_result result = solver.check();
    solver.pop();
    if (result == z3::unknown)
        throw std::runtime_error("Z3 cannot settle a rule: " + solver.reason_unknown());
    return result == z3::sat;
}

std::optional<PolicyWitness> find_witness(z3::solver& solver, RuleFormulas& formulas, const PolicyCase& at) {
    unsigned scopes = 0;
    std::optional<z3::model> model;
    const auto ask = [&] {
        if (solver.check() != z3::sat) return false;
        model = solver.get_model();
        return true;
    };
    if (!ask()) {
        if (solver.check() == z3::unknown)
            throw std::runtime_error("Z3 cannot settle a witness: " + solver.reason_unknown());
        return std::nullopt;
    }
    for (const z3::expr& wish : formulas.preferences(at)) {
        if (model->eval(wish, true).is_true()) {
            solver.push();
            solver.add(wish);
            ++scopes;
            continue;
        }
        solver.push();
        solver.add(wish);
        if (ask()) {
            ++scopes;
        } else {
            solver.pop();
        }
    }
    PolicyWitness found = formulas.witness(at, *model);
    if (scopes > 0) solver.pop(scopes);
    return found;
}

}  // namespace halfopen
