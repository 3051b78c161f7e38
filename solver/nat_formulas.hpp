/// RuleFormulas of a NAT's policy.
#pragma once

#include <span>

#include "solver/rule_formulas.hpp"
#include "solver/unknowns.hpp"
#include "solver/z3_reading.hpp"
#include "spec/nat/entry_invariant.hpp"
#include "spec/nat/nat.hpp"

namespace halfopen {

class NatFormulas final : public RuleFormulas {
   public:
    NatFormulas(z3::context& context, Policy policy);

    const Nat& nat() const { return nat_; }
    const Policy& policy() const override { return nat_.policy(); }
    std::span<const CompiledRule> rules(const PolicyCase& at) const override;
    std::vector<PolicyCase> cases() const override;
    z3::expr possible(const PolicyCase& at) override;
    PolicyWitness witness(const PolicyCase& at, const z3::model& model) override;
    bool possible(const PolicyWitness& one) const override;
    const CompiledRule* decides(const PolicyWitness& one) const override;
    PolicyWitness sample(const PolicyCase& at, SampleDraws& draws) const override;
    std::vector<ComparedWith> compared(const PolicyCase& at) const override;
    std::vector<z3::expr> preferences(const PolicyCase& at) override;

   protected:
    z3::context& context() const override { return context_; }
    z3::expr predicate(const PolicyCase& at, std::uint16_t index) override;

   private:
    z3::context& context_;
    Nat nat_;
    EntryMarks marks_;
};

/// The members of an entry that are no numbers and that a predicate may look at.
std::span<const Mark<ConntrackEntry<Z3Reading>>> entry_marks();
/// Those that this one looks at, for a segment of this direction (original or reply).
MarkSet marks_read(const NatSettings& settings, NatPredicate predicate, std::uint8_t direction);

}  // namespace halfopen
