/// What is known on a path, and questions about it that look at no more of it than they depend on.
///
/// A run of many attempts draws many numbers that have nothing to do with each other, and a question is about
/// one or two of them.  So what decides it are the facts that share a number with it, directly or through
/// others (constraint independence: Cadar, Dunbar, Engler, "KLEE", OSDI 2008, sec. 3.3).  They are few, and
/// the same on many paths: each question is answered once.
#pragma once

#include <z3++.h>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "solver/answered_questions.hpp"
#include "solver/distances/distance_formulas.hpp"
#include "solver/easy_solver.hpp"

namespace halfopen {

class IndependentFacts {
   public:
    /// answered: questions of others that may be equal but for the names of the unknowns; outlives this.
    explicit IndependentFacts(z3::context& context, AnsweredQuestions* answered = nullptr);

    /// Holds on every path.
    void assume(const z3::expr& fact);
    /// Holds on the path under way, until pop().
    void push(const z3::expr& fact);
    void pop();
    std::size_t on_path() const { return facts_.size() - assumed_; }

    /// Of a condition together with what is known: where they agree, values of all that the condition depends
    /// on, if there are some at hand.
    using Answer = DistanceFormulas::Answer;
    /// What is known must not contradict itself: what the condition has nothing to do with is not looked at.
    const Answer& ask(const z3::expr& condition) { return ask(question(condition)); }
    /// The same, asked later: by what is known now.
    struct Question {
        std::vector<unsigned> key;
        Formulas formulas;  ///< the condition first
    };
    Question question(const z3::expr& condition);
    const Answer& ask(const Question& question);
    bool contradicts(const z3::expr& condition) { return ask(condition).contradiction; }
    /// Whether formulas hold together, whatever is known, where that can be told by distances alone.
    std::optional<Answer> ask_by_distances(const Formulas& formulas);
    DistanceFormulas& distances() { return distances_; }

    /// Those that share an unknown with the terms, directly or through others, in the order in which they
    /// came.
    std::vector<z3::expr> related(const std::vector<z3::expr>& terms);

    /// Leaves out of all that is asked, until remember() is called with what it returns, each fact of the
    /// path that speaks of an unknown which is in none of these terms.  Fewer facts allow more paths, never
    /// fewer.
    std::vector<std::size_t> forget_all_but(const std::vector<z3::expr>& terms);
    void remember(const std::vector<std::size_t>& forgotten);
    bool has_forgotten() const;
    /// All that is not forgotten.
    std::vector<z3::expr> remembered() const;
    /// Those that were assumed, and those of the path from its `first`th to before its `last`th, forgotten or
    /// not.
    std::vector<z3::expr> assumed() const;
    std::vector<z3::expr> of_path(std::size_t first, std::size_t last) const;
    /// Whether it speaks of no unknown that is in none of these terms.
    bool speaks_only_of(const std::vector<z3::expr>& terms, const z3::expr& formula);

    void record(std::function<void(const std::string& smt_lib)> recorder) { recorder_ = std::move(recorder); }
    std::size_t questions() const { return questions_; }

   private:
    /// Unknowns, a bit for each in the order in which they are first met; as long as it has to be.
    using Unknowns = std::vector<std::uint64_t>;
    const Unknowns& unknowns_in(const z3::expr& term);
    Unknowns unknowns_in(const std::vector<z3::expr>& terms);
    Answer answer(const Formulas& question);
    Answer ask_z3(const Formulas& question);
    Answer in_context(const QuestionForm& form, const AnsweredQuestions::Answer& known) const;

    z3::context& context_;
    DistanceFormulas distances_;
    /// For what is not of distances.  Goes on from what it has learnt.  One question in twenty takes it fifty
    /// times as long as the others, most for an equality that it could have put in.
    z3::solver solver_;
    z3::tactic for_hard_questions_;
    std::vector<z3::expr> facts_;
    std::vector<const Unknowns*> spoken_of_;  ///< by fact
    std::vector<bool> forgotten_;             ///< by fact
    std::size_t assumed_ = 0;
    /// By the term's number.  The terms are kept, so that no number is used again.
    std::unordered_map<unsigned, Unknowns> unknowns_in_;
    std::size_t unknowns_ = 0;  ///< met so far
    AnsweredQuestions* answered_;
    std::optional<QuestionForms> forms_;               ///< where there are others
    std::map<std::vector<unsigned>, Answer> answers_;  ///< by the condition and the facts that it depends on
    std::vector<z3::expr> kept_;
    std::function<void(const std::string&)> recorder_;
    std::size_t questions_ = 0;
};

}  // namespace halfopen
