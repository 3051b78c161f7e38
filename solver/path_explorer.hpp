/// Symbolic execution of code written against a reading, by running it again and again.
///
///   PathExplorer paths(context);
///   paths.assume(invariant);
///   paths.explore([&](Z3Reading& r) { return step(r, state); },
///                 [&](const z3::expr& condition, const State& after) {
///                     if (const auto model = paths.refute(good(after))) report(condition, *model);
///                 });
#pragma once

#include <z3++.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "solver/easy_questions.hpp"
#include "solver/independent_facts.hpp"
#include "solver/z3_reading.hpp"

namespace halfopen {

class PathExplorer final : public PathOracle {
   public:
    /// answered: shared with others, in other contexts as well; outlives this.
    explicit PathExplorer(z3::context& context, AnsweredQuestions* answered = nullptr);

    /// A fact that holds on every path.  Not while exploring.
    void assume(const z3::expr& fact);
    /// Where the code under test chooses between two numbers, take both in turn as decide() does, so that no
    /// term grows with the length of a run.
    void split_choices() { split_choices_ = true; }
    /// Called with each set of assertions that Z3 has found contradictory, in SMT-LIB: a branch that was
    /// left out, or the negation of a claim that holds.
    void record(std::function<void(const std::string& smt_lib)> recorder) {
        facts_.record(recorder);
        recorder_ = std::move(recorder);
    }
    /// What is known on the path under way of the unknowns in these terms (IndependentFacts::related()).
    std::vector<z3::expr> known_of(const std::vector<z3::expr>& terms) { return facts_.related(terms); }
    /// While it lives, what the path under way has found out about unknowns that are in none of these terms
    /// is not known: paths are taken that it would rule out.  Only in `done`, and gone before `done` ends.
    class Forgetting {
       public:
        /// wanted: is known on, where it follows from what was known and not from what is left.
        Forgetting(PathExplorer& explorer, const std::vector<z3::expr>& terms,
                   const std::vector<z3::expr>& wanted = {});
        Forgetting(const Forgetting&) = delete;
        Forgetting& operator=(const Forgetting&) = delete;
        ~Forgetting();

       private:
        friend PathExplorer;
        PathExplorer& explorer_;
        std::vector<z3::expr> terms_;
        std::vector<std::size_t> forgotten_;
        std::size_t kept_ = 0, known_ = 0;  ///< facts: wanted ones, and those of the path until here
    };
    z3::context& context() const { return context_; }
    /// Whether what is known of the path under way, without what has been forgotten, implies it.
    bool is_known(const z3::expr& claim) { return is_known(question_of(claim)); }
    /// The same of what is known now, for whoever may not need the answer.
    using Question = IndependentFacts::Question;
    Question question_of(const z3::expr& claim) { return facts_.question((!claim).simplify()); }
    bool is_known(const Question& question) { return facts_.ask(question).contradiction; }
    /// Whether the path under way is one that only forgetting allows, as far as Z3 sees it easily.
    bool is_ruled_out();
    /// Where it is: of each Forgetting under way, oldest first, a fact about its terms; if each had wanted
    /// its own, the path would have been ruled out.  Empty where no such facts were found.
    std::vector<z3::expr> what_was_missing();
    /// Where it is: after how many of the Forgettings under way, the oldest ones, enough was known to rule it
    /// out still.  By what the others know it is possible.
    std::size_t ruled_out_after();
    /// Values that lie on the path under way.  Only in `done`, or outside of explore().  Where what has been
    /// forgotten rules the path out, they agree with what is known.
    z3::model witness();
    /// A path that has been under way, for witness() later on, when it is known whether one is asked for.
    struct PastPath {
        Formulas facts, known;            ///< all that was found out, and that but for what was forgotten
        std::optional<z3::model> values;  ///< that agree with what was known, where there were any
    };
    PastPath path_under_way() const;
    z3::model witness(const PastPath& path);
    std::size_t questions() const { return questions_ + facts_.questions(); }
    /// What all solvers of the context have done so far, as Z3 counts it: the same on every machine.
    std::uint64_t work() const;

    /// Calls run(Z3Reading&) once for each sequence of decisions that the assumptions allow, "true" first,
    /// and after each run done(condition, result), or done(condition) where run returns nothing.  The
    /// conditions exclude each other and together cover all that was assumed.  Returns the number of paths: 0
    /// where the assumptions contradict each other.  `run` must be deterministic: the same answers must lead
    /// to the same decisions (std::logic_error otherwise).  Decisions are those of the reading that run is
    /// given.  `done` may explore further: what it explores then lies on this path, and its conditions are
    /// those of the further decisions alone.
    template <class Run, class Done>
    std::size_t explore(Run&& run, Done&& done);

    /// In `done`: values that lie on this path and violate the claim; none where the claim holds for all of
    /// the path.  Outside of explore(): the same under the assumptions alone.
    std::optional<z3::model> refute(const z3::expr& claim);

    /// In `done`: all that was found out on the path under way, forgotten or not; where that contradicts
    /// itself as much of it as does not, from the beginning.  Has been checked; nothing where that is too
    /// hard.
    std::optional<EasyQuestions> all_found_out();
    /// The same of what is known of it, without what has been forgotten.
    std::optional<EasyQuestions> all_known();

    bool decide(const z3::expr& asked) override;
    bool splits_choices() const override { return split_choices_; }
    bool certainly_false(const z3::expr& condition) override { return simplified(condition).is_false(); }

   private:
    struct Decision {
        /// As the run put it together: unlike its simplified form it is the same term in every run, because
        /// simplification may sort by the numbers of terms, which are used again.
        z3::expr asked;
        z3::expr condition;
        bool answer;
        bool forced;  ///< the other answer is impossible here
        bool noted;   ///< it is the one that known_ has the answer from
        /// Where it is not forced and has been answered with yes: values_ for no.
        std::optional<z3::model> otherwise;
    };

    /// Leaves no trace of an exploration, also when run or done throws.
    class Cleanup {
       public:
        explicit Cleanup(PathExplorer& explorer);
        Cleanup(const Cleanup&) = delete;
        Cleanup& operator=(const Cleanup&) = delete;
        ~Cleanup();

       private:
        PathExplorer& explorer_;
        std::vector<Decision> outer_trail_;
        std::size_t outer_depth_;
        std::optional<z3::model> outer_witness_, outer_values_;
    };

    const z3::expr& simplified(const z3::expr& asked);
    std::optional<bool> value_in(const std::optional<z3::model>& model, const z3::expr& condition) const;
    /// An answer to a decision: whether it is possible, and values_ on that side.
    struct Side {
        bool possible = false;
        std::optional<z3::model> values;
    };
    Side side(const z3::expr& condition, bool shown);
    std::optional<z3::model> values_with(const std::optional<z3::model>& part) const;
    std::optional<EasyQuestions> questions_if_possible(Formulas facts);
    z3::solver& solver_of_path();
    void pop_fact();
    /// What was assumed and the first so many facts of the path, forgotten or not.
    Formulas found_out(std::size_t facts) const;
    bool hold(const std::optional<z3::model>& values, const Formulas& facts) const;
    bool find_witness(unsigned limit = 0);
    std::optional<z3::model> model_of_what_is_known(const z3::expr& condition);
    std::optional<z3::model> model_of(const Formulas& facts);
    void decide_anew(const z3::expr& asked);
    void answer(Decision& decision, bool value);
    void note(Decision& decision);
    void forget(const Decision& decision);
    void drop_last();
    void check_complete() const;
    z3::expr condition() const;
    bool next_path();

    z3::context& context_;
    z3::solver solver_;            ///< what was assumed, and the first in_solver_ facts of the path
    IndependentFacts facts_;       ///< all that holds on the path under way
    std::size_t in_solver_ = 0;    ///< each with a scope
    std::vector<Decision> trail_;  ///< of the path under way; each one that is not forced is a fact
    std::size_t depth_ = 0;        ///< decisions that the present run has met
    struct Settled {
        bool answer = false, forced = false;
        std::size_t forgettings = 0;
    };
    /// Conditions that are settled on the path under way, by the number of their term, which lives in a
    /// trail.
    std::unordered_map<unsigned, Settled> known_;
    struct Simplified {
        z3::expr asked;  ///< kept, so that its number is not used again
        z3::expr condition;
    };
    std::unordered_map<unsigned, Simplified> simplified_;  ///< what has been asked, by the number of its term
    std::vector<const Forgetting*> forgettings_;           ///< under way
    std::optional<z3::model> witness_;  ///< values on the path under way, where Z3 has given some
    /// Values that agree with what has not been forgotten of the path under way, where Z3 has given some.
    std::optional<z3::model> values_;
    bool split_choices_ = false;
    std::function<void(const std::string&)> recorder_;
    std::size_t questions_ = 0;
};

template <class Run, class Done>
std::size_t PathExplorer::explore(Run&& run, Done&& done) {
    // Within `done` the path under way is known to be possible.
    if (facts_.on_path() == 0) {
        if (!witness_ && !find_witness()) return 0;
        values_ = witness_;
    }
    const Cleanup cleanup(*this);
    std::size_t paths = 0;
    do {
        depth_ = 0;
        Z3Reading reading(context_, this);
        if constexpr (std::is_void_v<std::invoke_result_t<Run&, Z3Reading&>>) {
            run(reading);
            check_complete();
            done(condition());
        } else {
            auto result = run(reading);
            check_complete();
            done(condition(), std::move(result));
        }
        ++paths;
    } while (next_path());
    return paths;
}

}  // namespace halfopen
