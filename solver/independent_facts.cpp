#include "solver/independent_facts.hpp"

#include <algorithm>

#include "solver/unknown_term.hpp"

namespace halfopen {
namespace {

/// In what Z3 counts, which is the same on every machine: some milliseconds.
constexpr unsigned most_work_at_first = 30'000;

using Unknowns = std::vector<std::uint64_t>;

constexpr std::size_t bits_a_word = 64;

bool overlap(const Unknowns& a, const Unknowns& b) {
    const std::size_t shared = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < shared; ++i)
        if ((a[i] & b[i]) != 0) return true;
    return false;
}

bool includes(const Unknowns& all, const Unknowns& some) {
    for (std::size_t i = 0; i < some.size(); ++i)
        if ((some[i] & ~(i < all.size() ? all[i] : 0)) != 0) return false;
    return true;
}

void merge(Unknowns& all, const Unknowns& more) {
    if (all.size() < more.size()) all.resize(more.size());
    for (std::size_t i = 0; i < more.size(); ++i) all[i] |= more[i];
}

}  // namespace

// QF_UFBV: see PathExplorer.
IndependentFacts::IndependentFacts(z3::context& context, AnsweredQuestions* answered)
    : context_(context),
      distances_(context),
      solver_(context, "QF_UFBV"),
      for_hard_questions_(equalities_first(context)),
      answered_(answered) {
    if (answered != nullptr) forms_.emplace(*answered);
    solver_.set("rlimit", most_work_at_first);
}

void IndependentFacts::assume(const z3::expr& fact) {
    // The parts of a conjunction may be about different numbers.
    if (fact.is_and()) {
        for (unsigned i = 0; i < fact.num_args(); ++i) assume(fact.arg(i));
        return;
    }
    push(fact);
    ++assumed_;
}

void IndependentFacts::push(const z3::expr& fact) {
    facts_.push_back(fact);
    spoken_of_.push_back(&unknowns_in(fact));
    forgotten_.push_back(false);
}

void IndependentFacts::pop() {
    facts_.pop_back();
    spoken_of_.pop_back();
    forgotten_.pop_back();
}

IndependentFacts::Unknowns IndependentFacts::unknowns_in(const std::vector<z3::expr>& terms) {
    Unknowns all;
    for (const z3::expr& term : terms) merge(all, unknowns_in(term));
    return all;
}

bool IndependentFacts::speaks_only_of(const std::vector<z3::expr>& terms, const z3::expr& formula) {
    return includes(unknowns_in(terms), unknowns_in(formula));
}

std::vector<z3::expr> IndependentFacts::assumed() const {
    return {facts_.begin(), facts_.begin() + static_cast<std::ptrdiff_t>(assumed_)};
}

std::vector<z3::expr> IndependentFacts::of_path(std::size_t first, std::size_t last) const {
    const auto path = facts_.begin() + static_cast<std::ptrdiff_t>(assumed_);
    return {path + static_cast<std::ptrdiff_t>(first), path + static_cast<std::ptrdiff_t>(last)};
}

std::vector<std::size_t> IndependentFacts::forget_all_but(const std::vector<z3::expr>& terms) {
    const Unknowns about = unknowns_in(terms);
    std::vector<std::size_t> found;
    for (std::size_t i = assumed_; i < facts_.size(); ++i) {
        if (forgotten_[i] || includes(about, *spoken_of_[i])) continue;
        forgotten_[i] = true;
        found.push_back(i);
    }
    return found;
}

void IndependentFacts::remember(const std::vector<std::size_t>& forgotten) {
    for (const std::size_t i : forgotten) forgotten_[i] = false;
}

bool IndependentFacts::has_forgotten() const {
    return std::find(forgotten_.begin(), forgotten_.end(), true) != forgotten_.end();
}

std::vector<z3::expr> IndependentFacts::remembered() const {
    std::vector<z3::expr> found;
    for (std::size_t i = 0; i < facts_.size(); ++i)
        if (!forgotten_[i]) found.push_back(facts_[i]);
    return found;
}

const IndependentFacts::Unknowns& IndependentFacts::unknowns_in(const z3::expr& term) {
    const unsigned number = term.id();
    if (const auto known = unknowns_in_.find(number); known != unknowns_in_.end()) return known->second;
    Unknowns found;
    if (is_unknown(term)) {
        found.resize(unknowns_ / bits_a_word + 1);
        found.back() |= std::uint64_t{1} << unknowns_++ % bits_a_word;
    } else if (term.is_app()) {
        for (unsigned i = 0; i < term.num_args(); ++i) merge(found, unknowns_in(term.arg(i)));
    }
    kept_.push_back(term);
    return unknowns_in_.emplace(number, std::move(found)).first->second;
}

std::vector<z3::expr> IndependentFacts::related(const std::vector<z3::expr>& terms) {
    Unknowns about = unknowns_in(terms);
    std::vector<bool> chosen(facts_.size(), false);
    for (bool more = true; more;) {
        more = false;
        for (std::size_t i = 0; i < facts_.size(); ++i) {
            if (chosen[i] || forgotten_[i] || !overlap(*spoken_of_[i], about)) continue;
            chosen[i] = more = true;
            merge(about, *spoken_of_[i]);
        }
    }
    Formulas found;
    for (std::size_t i = 0; i < facts_.size(); ++i)
        if (chosen[i]) found.push_back(facts_[i]);
    return found;
}

IndependentFacts::Question IndependentFacts::question(const z3::expr& condition) {
    Question question{{}, related({condition})};
    for (const z3::expr& fact : question.formulas) question.key.push_back(fact.id());
    std::sort(question.key.begin(), question.key.end());
    question.key.erase(std::unique(question.key.begin(), question.key.end()), question.key.end());
    question.key.push_back(condition.id());
    question.formulas.insert(question.formulas.begin(), condition);
    return question;
}

const IndependentFacts::Answer& IndependentFacts::ask(const Question& question) {
    if (const auto known = answers_.find(question.key); known != answers_.end()) return known->second;
    ++questions_;
    return answers_.emplace(question.key, answer(question.formulas)).first->second;
}

/// Of these unknowns.
IndependentFacts::Answer IndependentFacts::in_context(const QuestionForm& form,
                                                      const AnsweredQuestions::Answer& known) const {
    if (known.contradiction || known.values.empty()) return {known.contradiction, std::nullopt};
    z3::model values(context_);
    for (std::size_t i = 0; i < form.unknowns.size(); ++i) {
        z3::func_decl unknown = form.unknowns[i].decl();
        z3::expr value = form.unknowns[i].is_bool()
                             ? context_.bool_val(known.values[i] != 0)
                             : context_.bv_val(known.values[i], form.unknowns[i].get_sort().bv_size());
        values.add_const_interp(unknown, value);
    }
    return {false, values};
}

IndependentFacts::Answer IndependentFacts::answer(const Formulas& question) {
    if (auto found = ask_by_distances(question)) return std::move(*found);
    const std::optional<QuestionForm> form = forms_ ? (*forms_)(question) : std::nullopt;
    if (!form) return ask_z3(question);
    if (const auto known = answered_->find(form->key)) return in_context(*form, *known);
    const Answer found = ask_z3(question);
    AnsweredQuestions::Answer answer{found.contradiction, {}};
    if (found.values)
        for (const z3::expr& unknown : form->unknowns) {
            const z3::expr value = found.values->eval(unknown, true);
            answer.values.push_back(unknown.is_bool() ? (value.is_true() ? 1 : 0)
                                                      : value.get_numeral_uint64());
        }
    answered_->add(form->key, answer);
    return found;
}

std::optional<IndependentFacts::Answer> IndependentFacts::ask_by_distances(const Formulas& formulas) {
    std::optional<Answer> found = distances_.ask(formulas);
    if (found && found->contradiction && recorder_) {
        z3::solver solver(context_);
        for (const z3::expr& formula : formulas) solver.add(formula);
        recorder_(solver.to_smt2("unsat"));
    }
    return found;
}

IndependentFacts::Answer IndependentFacts::ask_z3(const Formulas& question) {
    // Nothing where Z3 has given up.
    const auto asked = [&](z3::solver& solver) -> std::optional<Answer> {
        for (const z3::expr& formula : question) solver.add(formula);
        switch (solver.check()) {
            case z3::sat:
                return Answer{false, solver.get_model()};
            case z3::unsat:
                if (recorder_) recorder_(solver.to_smt2("unsat"));
                return Answer{true, std::nullopt};
            case z3::unknown:
                break;
        }
        return std::nullopt;
    };
    solver_.push();
    std::optional<Answer> found = asked(solver_);
    solver_.pop();
    if (found) return *found;
    z3::solver solver = for_hard_questions_.mk_solver();
    found = asked(solver);
    // What Z3 cannot settle is no contradiction: a path too many is sound, a path too few is not.
    return found ? *found : Answer{};
}

}  // namespace halfopen
