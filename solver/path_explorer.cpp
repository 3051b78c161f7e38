#include "solver/path_explorer.hpp"

#include <stdexcept>

namespace halfopen {
namespace {

class Scope {
   public:
    explicit Scope(z3::solver& solver) : solver_(solver) { solver_.push(); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope() { solver_.pop(); }

   private:
    z3::solver& solver_;
};

}  // namespace

PathExplorer::PathExplorer(z3::context& context) : context_(context), solver_(context, "QF_BV") {}

PathExplorer::Cleanup::~Cleanup() {
    for (const Decision& decision : explorer_.trail_)
        if (!decision.forced) explorer_.solver_.pop();
    explorer_.trail_.clear();
    explorer_.depth_ = 0;
}

void PathExplorer::assume(const z3::expr& fact) { solver_.add(fact); }

/// What Z3 cannot settle counts as possible: a path too many is sound, a path too few is not.
bool PathExplorer::possible(const z3::expr& condition) {
    const Scope scope(solver_);
    solver_.add(condition);
    return solver_.check() != z3::unsat;
}

void PathExplorer::answer(Decision& decision, bool value) {
    decision.answer = value;
    solver_.push();
    solver_.add(value ? decision.condition : !decision.condition);
}

bool PathExplorer::decide(const z3::expr& asked) {
    if (depth_ < trail_.size()) {
        const Decision& known = trail_[depth_++];
        if (!z3::eq(known.asked, asked))
            throw std::logic_error("the same answers led to different decisions");
        return known.answer;
    }
    const z3::expr condition = asked.simplify();
    const bool may_hold = !condition.is_false() && (condition.is_true() || possible(condition));
    const bool may_fail = !condition.is_true() && (!may_hold || possible(!condition));
    trail_.push_back({asked, condition, may_hold, !(may_hold && may_fail)});
    if (!trail_.back().forced) answer(trail_.back(), true);
    ++depth_;
    return trail_.back().answer;
}

void PathExplorer::check_complete() const {
    if (depth_ != trail_.size()) throw std::logic_error("the same answers led to fewer decisions");
}

z3::expr PathExplorer::condition() const {
    z3::expr_vector parts(context_);
    for (const Decision& decision : trail_)
        if (!decision.forced) parts.push_back(decision.answer ? decision.condition : !decision.condition);
    return parts.empty() ? context_.bool_val(true) : z3::mk_and(parts);
}

bool PathExplorer::next_path() {
    while (!trail_.empty()) {
        Decision& last = trail_.back();
        if (!last.forced) {
            solver_.pop();
            if (last.answer) {
                answer(last, false);
                return true;
            }
        }
        trail_.pop_back();
    }
    return false;
}

std::optional<z3::model> PathExplorer::refute(const z3::expr& claim) {
    const Scope scope(solver_);
    solver_.add(!claim);
    switch (solver_.check()) {
        case z3::sat:
            return solver_.get_model();
        case z3::unsat:
            return std::nullopt;
        case z3::unknown:
            break;
    }
    throw std::runtime_error("Z3 cannot settle a claim: " + solver_.reason_unknown());
}

}  // namespace halfopen
