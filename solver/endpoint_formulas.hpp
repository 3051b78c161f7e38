/// RuleFormulas of an endpoint's policy.
#pragma once

#include "solver/rule_formulas.hpp"
#include "solver/unknowns.hpp"
#include "solver/z3_reading.hpp"
#include "spec/tcp/endpoint.hpp"

namespace halfopen {

class EndpointFormulas final : public RuleFormulas {
   public:
    EndpointFormulas(z3::context& context, Policy policy);

    const Endpoint& endpoint() const { return endpoint_; }
    const Policy& policy() const override { return endpoint_.policy(); }
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
    Endpoint endpoint_;
};

/// The members of a TCB that are no numbers and that a predicate may look at.
std::span<const Mark<Tcb<Z3Reading>>> tcb_marks();
/// A TCB in the case's state, all of its numbers unknown.  names: set to those of its members that are
/// numbers.
Tcb<Z3Reading> unknown_tcb(const Z3Reading& r, const PolicyCase& at, std::set<std::string>* names = nullptr);
/// A segment with these flags and that much data, all of its numbers unknown.  names: set to those of its
/// members that are numbers.
Segment<Z3Reading> unknown_segment(const Z3Reading& r, const PolicyCase& at,
                                   std::set<std::string>* names = nullptr);
/// The one that a model stands for.
ConcreteSegment segment_of(z3::context& context, const PolicyCase& at, const z3::model& model);

}  // namespace halfopen
