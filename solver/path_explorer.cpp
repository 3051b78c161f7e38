#include "solver/path_explorer.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "solver/arc_search.hpp"
#include "solver/easy_solver.hpp"
#include "solver/sequence_interpolants.hpp"

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

// The questions are small and many.  For QF_BV Z3 chooses a SAT solver that takes every bit anew for each of
// them; for QF_UFBV, which includes it, one that learns from question to question: half the time, and no
// outliers.
PathExplorer::PathExplorer(z3::context& context, AnsweredQuestions* answered)
    : context_(context), solver_(context, "QF_UFBV"), facts_(context, answered) {}

PathExplorer::Cleanup::Cleanup(PathExplorer& explorer)
    : explorer_(explorer),
      outer_trail_(std::exchange(explorer.trail_, {})),
      outer_depth_(std::exchange(explorer.depth_, 0)),
      outer_witness_(explorer.witness_),
      outer_values_(explorer.values_) {}

PathExplorer::Cleanup::~Cleanup() {
    while (!explorer_.trail_.empty()) explorer_.drop_last();
    explorer_.trail_ = std::move(outer_trail_);
    explorer_.depth_ = outer_depth_;
    explorer_.witness_ = std::move(outer_witness_);
    explorer_.values_ = std::move(outer_values_);
}

void PathExplorer::assume(const z3::expr& fact) {
    const z3::expr simple = fact.simplify();
    solver_.add(simple);
    facts_.assume(simple);
    witness_.reset();
    values_.reset();
}

PathExplorer::Forgetting::Forgetting(PathExplorer& explorer, const std::vector<z3::expr>& terms,
                                     const std::vector<z3::expr>& wanted)
    : explorer_(explorer), terms_(terms) {
    IndependentFacts& facts = explorer.facts_;
    std::vector<z3::expr> implied;
    for (const z3::expr& fact : wanted)
        if (facts.contradicts((!fact).simplify())) implied.push_back(fact);
    forgotten_ = facts.forget_all_but(terms);
    for (const z3::expr& fact : implied) {
        if (facts.contradicts((!fact).simplify())) continue;
        facts.push(fact);
        ++kept_;
    }
    known_ = facts.on_path();
    explorer.forgettings_.push_back(this);
}

PathExplorer::Forgetting::~Forgetting() {
    explorer_.forgettings_.pop_back();
    for (; kept_ > 0; --kept_) explorer_.pop_fact();
    explorer_.facts_.remember(forgotten_);
}

bool PathExplorer::is_ruled_out() {
    if (forgettings_.empty() || witness_) return false;
    return !find_witness(most_work_of_easy_questions);
}

std::size_t PathExplorer::ruled_out_after() {
    // Facts are counted from those that were assumed on.
    const std::size_t assumed = facts_.assumed().size();
    const auto is_possible_after = [&](std::size_t places) {
        std::vector<bool> gone(facts_.on_path(), false);
        for (std::size_t place = 0; place < places; ++place)
            for (const std::size_t fact : forgettings_[place]->forgotten_) gone[fact - assumed] = true;
        Formulas left = facts_.assumed();
        const Formulas path = facts_.of_path(0, gone.size());
        for (std::size_t fact = 0; fact < path.size(); ++fact)
            if (!gone[fact]) left.push_back(path[fact]);
        return EasyQuestions(facts_.distances(), std::move(left)).check() != z3::unsat;
    };
    const auto too_many = static_cast<std::uint32_t>(forgettings_.size() + 1);
    return least_of(1, too_many, is_possible_after) - 1;
}

std::vector<z3::expr> PathExplorer::what_was_missing() {
    std::vector<Formulas> parts;
    std::size_t from = 0;
    for (const Forgetting* place : forgettings_) {
        parts.push_back(facts_.of_path(from, place->known_));
        from = place->known_;
    }
    parts.push_back(facts_.of_path(from, facts_.on_path()));
    const auto speaks_of_what_is_there = [&](std::size_t place, const z3::expr& formula) {
        return facts_.speaks_only_of(forgettings_[place]->terms_, formula);
    };
    auto found = sequence_interpolants(context_, facts_.assumed(), parts, speaks_of_what_is_there);
    if (!found) return {};
    for (std::size_t place = 0; place < found->size(); ++place)
        if (!speaks_of_what_is_there(place, (*found)[place])) return {};
    return *found;
}

/// Most facts come and go without any question to this solver.
z3::solver& PathExplorer::solver_of_path() {
    const std::vector<z3::expr> more = facts_.of_path(in_solver_, facts_.on_path());
    for (const z3::expr& fact : more) {
        solver_.push();
        solver_.add(fact);
    }
    in_solver_ += more.size();
    return solver_;
}

void PathExplorer::pop_fact() {
    facts_.pop();
    if (in_solver_ <= facts_.on_path()) return;
    solver_.pop();
    --in_solver_;
}

Formulas PathExplorer::found_out(std::size_t facts) const {
    Formulas found = facts_.assumed();
    const Formulas path = facts_.of_path(0, facts);
    found.insert(found.end(), path.begin(), path.end());
    return found;
}

bool PathExplorer::hold(const std::optional<z3::model>& values, const Formulas& facts) const {
    return values && std::all_of(facts.begin(), facts.end(),
                                 [&](const z3::expr& fact) { return value_in(values, fact) == true; });
}

/// Whether values lie on the path under way, as far as Z3 can settle it.
bool PathExplorer::find_witness(unsigned limit) {
    const Formulas facts = found_out(facts_.on_path());
    if (hold(values_, facts)) {
        witness_ = values_;
        return true;
    }
    ++questions_;
    if (const auto answer = facts_.ask_by_distances(facts)) {
        if (!answer->contradiction) witness_ = answer->values;
        return !answer->contradiction;
    }
    z3::solver solver = equalities_first(context_).mk_solver();
    solver.set("rlimit", limit);
    for (const z3::expr& fact : facts) solver.add(fact);
    const z3::check_result result = solver.check();
    if (result == z3::sat) witness_ = solver.get_model();
    if (result == z3::unsat && recorder_) recorder_(solver.to_smt2("unsat"));
    return result != z3::unsat;
}

/// None: nothing agrees with it.
std::optional<z3::model> PathExplorer::model_of_what_is_known(const z3::expr& condition) {
    Formulas facts = facts_.remembered();
    facts.push_back(condition);
    return model_of(facts);
}

/// None: they contradict each other.
std::optional<z3::model> PathExplorer::model_of(const Formulas& facts) {
    if (const auto answer = facts_.ask_by_distances(facts)) return answer->values;
    z3::solver solver = equalities_first(context_).mk_solver();
    for (const z3::expr& fact : facts) solver.add(fact);
    ++questions_;
    const z3::check_result result = solver.check();
    if (result == z3::unknown)
        throw std::runtime_error("Z3 cannot settle a path: " + solver.reason_unknown());
    if (result == z3::unsat && recorder_) recorder_(solver.to_smt2("unsat"));
    return result == z3::sat ? std::optional(solver.get_model()) : std::nullopt;
}

z3::model PathExplorer::witness() {
    if (!witness_ && !find_witness()) witness_ = model_of_what_is_known(context_.bool_val(true));
    if (!witness_) throw std::runtime_error("Z3 has no values for a path: " + solver_.reason_unknown());
    return *witness_;
}

PathExplorer::PastPath PathExplorer::path_under_way() const {
    return {found_out(facts_.on_path()), facts_.remembered(), witness_ ? witness_ : values_};
}

z3::model PathExplorer::witness(const PastPath& path) {
    std::optional<z3::model> found = hold(path.values, path.facts) ? path.values : model_of(path.facts);
    if (!found) found = model_of(path.known);
    if (!found) throw std::runtime_error("Z3 has no values for a path that it has taken");
    return *found;
}

std::optional<bool> PathExplorer::value_in(const std::optional<z3::model>& model,
                                           const z3::expr& condition) const {
    if (!model) return std::nullopt;
    const z3::expr value = model->eval(condition, true);
    return value.is_true() || value.is_false() ? std::optional(value.is_true()) : std::nullopt;
}

/// Of the values at hand those that the part does not give, which are of numbers that it does not depend on:
/// all facts hold with the one or with the other.
std::optional<z3::model> PathExplorer::values_with(const std::optional<z3::model>& part) const {
    if (!values_ || !part) return std::nullopt;
    z3::model all(context_);
    for (const z3::model& model : {*values_, *part})
        for (unsigned i = 0; i < model.num_consts(); ++i) {
            z3::func_decl number = model.get_const_decl(i);
            z3::expr value = model.get_const_interp(number);
            all.add_const_interp(number, value);
        }
    return all;
}

/// What the values at hand show to be possible need not be asked.
PathExplorer::Side PathExplorer::side(const z3::expr& condition, bool shown) {
    if (shown) return {true, values_};
    const IndependentFacts::Answer& answer = facts_.ask(condition);
    return {!answer.contradiction, values_with(answer.values)};
}

void PathExplorer::answer(Decision& decision, bool value) {
    decision.answer = value;
    facts_.push(value ? decision.condition : !decision.condition);
}

void PathExplorer::note(Decision& decision) {
    const Settled settled{decision.answer, decision.forced, forgettings_.size()};
    decision.noted = known_.emplace(decision.condition.id(), settled).second;
}

void PathExplorer::forget(const Decision& decision) {
    if (decision.noted) known_.erase(decision.condition.id());
}

void PathExplorer::drop_last() {
    forget(trail_.back());
    if (!trail_.back().forced) pop_fact();
    trail_.pop_back();
}

/// Most conditions come up on many paths.
const z3::expr& PathExplorer::simplified(const z3::expr& asked) {
    const unsigned number = asked.id();
    const auto known = simplified_.find(number);
    if (known != simplified_.end()) return known->second.condition;
    return simplified_.emplace(number, Simplified{asked, asked.simplify()}).first->second.condition;
}

void PathExplorer::decide_anew(const z3::expr& asked) {
    const z3::expr condition = simplified(asked);
    if (condition.is_true() || condition.is_false()) {
        trail_.push_back({asked, condition, condition.is_true(), true, false, {}});
        return;
    }
    // What followed from facts that have been forgotten since need not follow any more.
    if (const auto known = known_.find(condition.id());
        known != known_.end() &&
        (!known->second.forced || known->second.forgettings == forgettings_.size())) {
        trail_.push_back({asked, condition, known->second.answer, true, false, {}});
        return;
    }
    const std::optional<bool> shown = value_in(values_, condition);
    Side yes = side(condition, shown == true);
    if (yes.possible) {
        Side no = side(!condition, shown == false);
        trail_.push_back({asked, condition, true, !no.possible, false, {}});
        if (no.possible) {
            answer(trail_.back(), true);
            trail_.back().otherwise = std::move(no.values);
            values_ = std::move(yes.values);
            if (value_in(witness_, condition) != true) witness_.reset();
        }
    } else {
        trail_.push_back({asked, condition, false, true, false, {}});
    }
    note(trail_.back());
}

bool PathExplorer::decide(const z3::expr& asked) {
    if (depth_ == trail_.size())
        decide_anew(asked);
    else if (!z3::eq(trail_[depth_].asked, asked))
        throw std::logic_error("the same answers led to different decisions");
    return trail_[depth_++].answer;
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
        if (last.forced || !last.answer) {
            drop_last();
            continue;
        }
        forget(last);
        pop_fact();
        answer(last, false);
        note(last);
        witness_.reset();
        values_ = std::move(last.otherwise);
        return true;
    }
    return false;
}

std::optional<z3::model> PathExplorer::refute(const z3::expr& claim) {
    const z3::expr wrong = (!claim).simplify();
    if (facts_.contradicts(wrong)) return std::nullopt;
    const Scope scope(solver_of_path());
    solver_.add(wrong);
    ++questions_;
    switch (solver_.check()) {
        case z3::sat:
            return solver_.get_model();
        case z3::unsat:
            // What has been forgotten rules out what is wrong, but not on all paths that this one stands for.
            if (facts_.has_forgotten()) return model_of_what_is_known(wrong);
            if (recorder_) recorder_(solver_.to_smt2("unsat"));
            return std::nullopt;
        case z3::unknown:
            break;
    }
    throw std::runtime_error("Z3 cannot settle a claim: " + solver_.reason_unknown());
}

std::optional<EasyQuestions> PathExplorer::all_found_out() {
    const auto of_first = [&](std::size_t facts) { return questions_if_possible(found_out(facts)); };
    std::optional<EasyQuestions> found = of_first(facts_.on_path());
    if (found) return found;
    std::size_t most = 0, too_many = facts_.on_path();
    while (too_many - most > 1) {
        const std::size_t middle = most + (too_many - most) / 2;
        if (auto more = of_first(middle)) {
            found = std::move(more);
            most = middle;
        } else {
            too_many = middle;
        }
    }
    return found;
}

std::uint64_t PathExplorer::work() const { return work_of(solver_); }

std::optional<EasyQuestions> PathExplorer::all_known() { return questions_if_possible(facts_.remembered()); }

/// With these facts, and checked; nothing where they contradict each other, or it is too hard to say.
std::optional<EasyQuestions> PathExplorer::questions_if_possible(Formulas facts) {
    EasyQuestions questions(facts_.distances(), std::move(facts));
    ++questions_;
    if (questions.check() != z3::sat) return std::nullopt;
    return questions;
}

}  // namespace halfopen
