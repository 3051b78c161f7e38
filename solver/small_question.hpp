/// Questions about numbers in sequence space, made small before Z3 sees them.
///
/// Predicates compare few numbers, and nearly always their differences.  So each number is written as its
/// distance from the one that it is compared with, which makes the latter drop out of the formulas; facts
/// about numbers that have no bearing on the question are left away; and a question that has been answered
/// with "impossible" is not asked again, in whatever state or kind of segment it comes up.  None of this
/// changes an answer.
#pragma once

#include <z3++.h>

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace halfopen {

/// A number and the one that it is compared with.
struct ComparedWith {
    std::string number, base;
};

class SmallQuestions {
   public:
    explicit SmallQuestions(z3::context& context) : context_(context) {}

    /// The formula in distances.
    z3::expr in_distances(const z3::expr& formula, std::span<const ComparedWith> pairs) const;

    /// Whether some numbers make the question true, among those that the facts allow.  Both in distances; the
    /// facts must be possible by themselves.  std::runtime_error where Z3 gives up.
    bool possible(const z3::expr& facts, const z3::expr& question);

   private:
    z3::context& context_;
    std::set<unsigned> impossible_;   ///< by the number that Z3 gives a formula,
    std::vector<z3::expr> remember_;  ///< as long as somebody holds it
};

/// Which of several questions about the same numbers are possible, one after the other: Z3 goes on from what
/// it has learnt.
class PossibleQuestions {
   public:
    /// Facts and questions in distances.
    PossibleQuestions(z3::context& context, const z3::expr& facts, std::span<const z3::expr> questions,
                      std::vector<ComparedWith> pairs);

    /// One that is possible and has not been given yet; nothing where there is none.  std::runtime_error
    /// where Z3 gives up.
    std::optional<std::size_t> next();
    /// Numbers, not distances, with which the last one holds.
    z3::model numbers() const;

   private:
    z3::context& context_;
    z3::solver solver_;
    std::vector<z3::expr> asked_;
    std::vector<ComparedWith> pairs_;
    std::optional<z3::model> distances_;
};

}  // namespace halfopen
