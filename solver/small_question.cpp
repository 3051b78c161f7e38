#include "solver/small_question.hpp"

#include <fmt/format.h>

#include <map>
#include <stdexcept>

#include "solver/unknown_term.hpp"

namespace halfopen {
namespace {

using Names = std::set<std::string>;

/// The constants of a formula.
class NamesOf {
   public:
    const Names& operator()(const z3::expr& formula) {
        const auto known = known_.find(formula.id());
        if (known != known_.end()) return known->second;
        Names names;
        if (is_unknown(formula)) names.insert(formula.decl().name().str());
        for (unsigned i = 0; i < formula.num_args(); ++i) {
            const Names& part = (*this)(formula.arg(i));
            names.insert(part.begin(), part.end());
        }
        return known_.emplace(formula.id(), std::move(names)).first->second;
    }

   private:
    std::map<unsigned, Names> known_;  ///< formulas share their parts
};

void flatten(const z3::expr& formula, std::vector<z3::expr>& conjuncts) {
    if (!formula.is_and()) {
        conjuncts.push_back(formula);
        return;
    }
    for (unsigned i = 0; i < formula.num_args(); ++i) flatten(formula.arg(i), conjuncts);
}

bool share(const Names& a, const Names& b) {
    for (const std::string& name : a)
        if (b.contains(name)) return true;
    return false;
}

/// The facts that bear on these names, directly or by way of other facts.
std::vector<z3::expr> bearing_on(const z3::expr& facts, Names names, NamesOf& names_of) {
    std::vector<z3::expr> left, kept;
    flatten(facts, left);
    for (bool more = true; more;) {
        more = false;
        for (std::size_t i = 0; i < left.size();) {
            const Names& own = names_of(left[i]);
            if (!share(own, names)) {
                ++i;
                continue;
            }
            names.insert(own.begin(), own.end());
            kept.push_back(left[i]);
            left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
            more = true;
        }
    }
    return kept;
}

z3::expr distance_of(z3::context& context, const ComparedWith& pair) {
    return context.bv_const(("distance of " + pair.number).c_str(), 32);
}

z3::expr sum_of(z3::context& context, const ComparedWith& pair) {
    return context.bv_const(pair.base.c_str(), 32) + distance_of(context, pair);
}

}  // namespace

z3::expr SmallQuestions::in_distances(const z3::expr& formula, std::span<const ComparedWith> pairs) const {
    z3::expr_vector numbers(context_), sums(context_);
    for (const ComparedWith& pair : pairs) {
        numbers.push_back(context_.bv_const(pair.number.c_str(), 32));
        sums.push_back(sum_of(context_, pair));
    }
    z3::expr changed = formula;
    return changed.substitute(numbers, sums).simplify();
}

bool SmallQuestions::possible(const z3::expr& facts, const z3::expr& question) {
    const z3::expr simple = question.simplify();
    if (simple.is_false()) return false;
    NamesOf names_of;
    z3::expr_vector parts(context_);
    // The order of the facts is not the question's, so that the same question looks the same.
    std::map<unsigned, z3::expr> sorted;
    for (const z3::expr& fact : bearing_on(facts, names_of(simple), names_of))
        sorted.emplace(fact.id(), fact);
    for (const auto& [id, fact] : sorted) parts.push_back(fact);
    parts.push_back(simple);
    const z3::expr whole = z3::mk_and(parts);
    if (impossible_.contains(whole.id())) return false;
    z3::solver solver(context_, "QF_BV");
    solver.add(whole);
    switch (solver.check()) {
        case z3::sat:
            return true;
        case z3::unsat:
            impossible_.insert(whole.id());
            remember_.push_back(whole);
            return false;
        case z3::unknown:
            break;
    }
    throw std::runtime_error("Z3 cannot settle a difference: " + solver.reason_unknown());
}

PossibleQuestions::PossibleQuestions(z3::context& context, const z3::expr& facts,
                                     std::span<const z3::expr> questions, std::vector<ComparedWith> pairs)
    // For bit-vectors Z3's solver for finite domains is one SAT solver that keeps what it has learnt.
    : context_(context), solver_(context, "QF_FD"), pairs_(std::move(pairs)) {
    solver_.add(facts);
    z3::expr_vector any(context);
    for (const z3::expr& question : questions) {
        asked_.push_back(context.bool_const(fmt::format("question {}", asked_.size()).c_str()));
        solver_.add(z3::implies(asked_.back(), question));
        any.push_back(asked_.back());
    }
    solver_.add(z3::mk_or(any));
}

std::optional<std::size_t> PossibleQuestions::next() {
    switch (solver_.check()) {
        case z3::sat:
            break;
        case z3::unsat:
            return std::nullopt;
        case z3::unknown:
            throw std::runtime_error("Z3 cannot settle a difference: " + solver_.reason_unknown());
    }
    distances_ = solver_.get_model();
    std::size_t chosen = 0;
    while (chosen < asked_.size() && !distances_->eval(asked_[chosen], true).is_true()) ++chosen;
    if (chosen == asked_.size()) throw std::logic_error("a model of no question");
    solver_.add(!asked_[chosen]);
    return chosen;
}

z3::model PossibleQuestions::numbers() const {
    z3::model all(context_);
    for (unsigned i = 0; i < distances_->num_consts(); ++i) {
        z3::func_decl number = distances_->get_const_decl(i);
        z3::expr value = distances_->get_const_interp(number);
        all.add_const_interp(number, value);
    }
    for (const ComparedWith& pair : pairs_) {
        z3::func_decl number = context_.bv_const(pair.number.c_str(), 32).decl();
        z3::expr value = distances_->eval(sum_of(context_, pair), true);
        all.add_const_interp(number, value);
    }
    return all;
}

}  // namespace halfopen
