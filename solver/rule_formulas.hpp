/// The rules of a policy as formulas over all segments and all that they can meet: the very predicates that
/// the explorer evaluates, read on unknown numbers.
#pragma once

#include <z3++.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "solver/policy_case.hpp"
#include "solver/small_question.hpp"
#include "solver/witness_samples.hpp"
#include "spec/policy/decision_table.hpp"

namespace halfopen {

/// One policy with its final parameters.  Numbers have the same names in all policies of a kind, so that the
/// formulas of two can be compared.  Not for use beyond the context.
class RuleFormulas {
   public:
    RuleFormulas() = default;
    RuleFormulas(const RuleFormulas&) = delete;
    RuleFormulas& operator=(const RuleFormulas&) = delete;
    virtual ~RuleFormulas() = default;

    virtual const Policy& policy() const = 0;
    virtual std::span<const CompiledRule> rules(const PolicyCase& at) const = 0;

    /// Everything but the numbers that can be met: states, directions, flags, with data and without.
    virtual std::vector<PolicyCase> cases() const = 0;
    /// What is true of all that this policy can have brought about (spec/tcp/tcb_invariant.hpp,
    /// spec/nat/entry_invariant.hpp) and of every segment.
    virtual z3::expr possible(const PolicyCase& at) = 0;
    /// The rule's conditions hold.  Nothing of earlier rules.
    z3::expr matches(const PolicyCase& at, const CompiledRule& rule);

    virtual PolicyWitness witness(const PolicyCase& at, const z3::model& model) = 0;

    /// The same of a single segment, without Z3: whether possible() holds, and the first rule that matches.
    virtual bool possible(const PolicyWitness& one) const = 0;
    virtual const CompiledRule* decides(const PolicyWitness& one) const = 0;
    /// witness_samples.hpp.
    virtual PolicyWitness sample(const PolicyCase& at, SampleDraws& draws) const = 0;

    /// Numbers that the predicates compare, for questions in distances (small_question.hpp).
    virtual std::vector<ComparedWith> compared(const PolicyCase& at) const = 0;
    /// What a model should say where it can, the most wanted first: numbers that a person can read.
    virtual std::vector<z3::expr> preferences(const PolicyCase& at) = 0;

   protected:
    virtual z3::context& context() const = 0;
    /// A predicate's formula.
    virtual z3::expr predicate(const PolicyCase& at, std::uint16_t index) = 0;

   private:
    using Key =
        std::tuple<std::size_t, std::uint8_t, std::uint8_t, std::uint32_t, TimestampUse, std::uint16_t>;
    std::map<Key, z3::expr> known_;  ///< every predicate is in many rules
};

std::unique_ptr<RuleFormulas> rule_formulas(z3::context& context, Policy policy);

/// A readable model of what the solver holds to be possible; nothing where that is nothing.  Leaves the
/// solver as it was.  std::runtime_error where Z3 gives up.
std::optional<PolicyWitness> find_witness(z3::solver& solver, RuleFormulas& formulas, const PolicyCase& at);

/// For many small questions: the solver that Z3 picks for QF_BV by itself takes longer to begin with each.
z3::solver incremental_solver(z3::context& context);

/// Whether the solver's assertions and the formula are possible together.  std::runtime_error where Z3 gives
/// up.
bool satisfiable(z3::solver& solver, const z3::expr& formula);

}  // namespace halfopen
