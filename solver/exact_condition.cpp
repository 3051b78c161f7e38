#include "solver/exact_condition.hpp"

#include <z3++.h>

#include <stdexcept>
#include <vector>

#include "solver/comparison_holds.hpp"
#include "solver/in_arc.hpp"
#include "solver/z3_reading.hpp"
#include "spec/numbers/concrete_reading.hpp"

namespace halfopen {

namespace {

/// A comparison of the number with one that is given.
struct Asked {
    const Comparison* comparison = nullptr;
    std::uint32_t other = 0;
    bool number_is_left = true;

    template <Reading R>
    typename R::Bool answer(R& r, const typename R::Word& number) const {
        const auto given = r.literal(other);
        return number_is_left ? comparison_holds(r, *comparison, number, given)
                              : comparison_holds(r, *comparison, given, number);
    }
};

std::vector<Asked> asked_of(std::span<const Comparison> comparisons, OriginRole drawn,
                            std::span<const Origin> given) {
    std::vector<Asked> asked;
    for (const Comparison& c : comparisons) {
        for (const Origin& origin : given) {
            if (c.left == drawn && c.right == origin.role) asked.push_back({&c, origin.value, true});
            if (c.right == drawn && c.left == origin.role) asked.push_back({&c, origin.value, false});
        }
    }
    return asked;
}

class Prover {
   public:
    Prover(std::span<const Comparison> comparisons, OriginRole drawn, std::span<const Origin> given)
        : reading_(context_),
          number_(reading_.unknown("number")),
          asked_(asked_of(comparisons, drawn, given)) {
        for (const Asked& question : asked_) answers_.push_back(question.answer(reading_, number_));
    }

    std::size_t comparisons() const { return asked_.size(); }

    z3::expr within(std::span<const Arc> arcs) {
        z3::expr_vector each(context_);
        for (const Arc& arc : arcs) each.push_back(in_arc(context_, reading_.term(number_), arc));
        return each.empty() ? context_.bool_val(false) : z3::mk_or(each);
    }

    /// The number agrees with one of the values.
    z3::expr agrees(std::span<const std::uint32_t> values) {
        z3::expr_vector any(context_);
        ConcreteReading concrete;
        for (const std::uint32_t value : values) {
            z3::expr_vector all(context_);
            for (std::size_t i = 0; i < asked_.size(); ++i)
                all.push_back(asked_[i].answer(concrete, concrete.literal(value)) ? answers_[i]
                                                                                  : !answers_[i]);
            any.push_back(all.empty() ? context_.bool_val(true) : z3::mk_and(all));
        }
        return any.empty() ? context_.bool_val(false) : z3::mk_or(any);
    }

    std::optional<std::uint32_t> counterexample(const z3::expr& claim) {
        z3::solver solver(context_, "QF_BV");
        solver.add(!claim);
        switch (solver.check()) {
            case z3::unsat:
                return std::nullopt;
            case z3::sat:
                return static_cast<std::uint32_t>(
                    solver.get_model().eval(reading_.term(number_), true).get_numeral_uint64());
            case z3::unknown:
                break;
        }
        throw std::runtime_error("Z3 cannot settle whether a condition is exact: " + solver.reason_unknown());
    }

   private:
    z3::context context_;
    Z3Reading reading_;
    Z3Reading::Word number_;
    std::vector<Asked> asked_;
    std::vector<z3::expr> answers_;
};

}  // namespace

ConditionProof prove_condition(const ConditionClaim& claim, std::span<const Comparison> comparisons,
                               OriginRole drawn, std::span<const Origin> given) {
    Prover prover(comparisons, drawn, given);
    const z3::expr within = prover.within(claim.arcs);
    const z3::expr like_inside = prover.agrees(claim.inside);
    const z3::expr like_outside = prover.agrees(claim.outside);
    ConditionProof proof;
    proof.comparisons = prover.comparisons();
    const auto inside = prover.counterexample(z3::implies(within, like_inside && !like_outside));
    const auto outside = prover.counterexample(z3::implies(!within, like_outside && !like_inside));
    proof.inside_always = !inside;
    proof.outside_never = !outside;
    proof.witness = inside ? inside : outside;
    return proof;
}

}  // namespace halfopen
