/// Questions about numbers in sequence space, made small before Z3 sees them.
///
/// Predicates compare few numbers, and nearly always their differences.  So each number is written as its
/// distance from the one that it is compared with, which makes the latter drop out of the formulas; facts
/// about numbers that have no bearing on the question are left away; and a question that has been answered
/// with "impossible" is not asked again, in whatever state or kind of segment it comes up.  None of this
/// changes an answer.
#pragma once

#include <z3++.h>

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

    /// Values (of distances) with which the question holds, among those that the facts allow; nothing where
    /// there are none.  Both in distances; the facts must be possible by themselves.  Numbers that have no
    /// bearing on the question have no value.  std::runtime_error where Z3 gives up.
    std::optional<z3::model> model(const z3::expr& facts, const z3::expr& question);

   private:
    z3::context& context_;
    std::set<unsigned> impossible_;   ///< by the number that Z3 gives a formula,
    std::vector<z3::expr> remember_;  ///< as long as somebody holds it
};

}  // namespace halfopen
