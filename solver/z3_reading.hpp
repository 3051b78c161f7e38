/// The solver's reading: the same predicates and step functions as the explorer runs, on Z3 bit-vectors.
#pragma once

#include <z3++.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "solver/path_oracle.hpp"
#include "solver/z3_mark.hpp"
#include "spec/numbers/reading.hpp"

namespace halfopen {

/// A 32-bit vector.  The tag keeps positions in sequence space and sizes apart.
///
/// A z3::expr cannot be made without a context; a record such as Tcb<Z3Reading> must be.  So a default-made
/// vector is the literal 0 without a term, and gets one from the reading that it is first used with.
template <class Tag>
class Z3Bits {
   public:
    Z3Bits() = default;
    explicit Z3Bits(z3::expr term) : term_(std::move(term)) {}

    /// Nothing: the literal 0.
    const std::optional<z3::expr>& term() const { return term_; }

    /// The same term.  False does not mean that the numbers differ: ask the solver that.
    friend bool operator==(const Z3Bits& a, const Z3Bits& b) {
        if (a.term_ && b.term_) return z3::eq(*a.term_, *b.term_);
        return a.is_zero() && b.is_zero();
    }

   private:
    bool is_zero() const { return !term_ || (term_->is_numeral() && term_->get_numeral_uint64() == 0); }

    std::optional<z3::expr> term_;
};

/// Word and Size are 32-bit vectors, Bool is a formula.  Copies are cheap and share the context and the
/// oracle, both of which must outlive them.
class Z3Reading {
   public:
    using Word = Z3Bits<struct WordTag>;
    using Size = Z3Bits<struct SizeTag>;
    using Bool = z3::expr;
    template <class T>
    using Mark = Z3Mark<T>;

    /// Without an oracle only constant conditions can be decided.
    explicit Z3Reading(z3::context& context, PathOracle* oracle = nullptr)
        : context_(&context), oracle_(oracle) {}

    /// A number of which nothing is known.  Equal names are equal numbers.
    Word unknown(const char* name) const { return Word(context_->bv_const(name, 32)); }
    Size unknown_size(const char* name) const { return Size(context_->bv_const(name, 32)); }
    /// A mark of which only is known that it is one of the first `values` ones.
    template <class T>
    Z3Mark<T> unknown_mark(const std::string& name, unsigned values) const {
        return Z3Mark<T>(context_->bv_const(name.c_str(), 32), values, oracle_);
    }
    /// For questions to Z3 that no reading asks.
    template <class Tag>
    z3::expr term(const Z3Bits<Tag>& bits) const {
        return bits.term() ? *bits.term() : constant(0);
    }
    template <class T>
    z3::expr term(const Z3Mark<T>& mark) const {
        if (const std::optional<z3::expr> unknown = mark.term()) return *unknown;
        return constant(static_cast<std::uint32_t>(static_cast<T>(mark)));
    }

    Word literal(std::uint32_t k) const { return Word(constant(k)); }
    Size size(std::uint32_t k) const { return Size(constant(k)); }
    Word plus(const Word& a, std::uint32_t k) const { return Word(term(a) + constant(k)); }
    Word advance(const Word& a, const Size& n) const { return Word(term(a) + term(n)); }
    Word retreat(const Word& a, const Size& n) const { return Word(term(a) - term(n)); }
    Size distance(const Word& a, const Word& b) const { return Size(term(a) - term(b)); }
    Size sum(const Size& a, const Size& b) const { return Size(term(a) + term(b)); }

    Bool before(const Word& a, const Word& b) const { return z3::slt(term(a) - term(b), constant(0)); }
    Bool equal(const Word& a, const Word& b) const { return term(a) == term(b); }
    Bool within(const Word& a, const Word& b, const Size& n) const {
        return z3::ult(term(a) - term(b), term(n));
    }
    Bool less(const Size& a, const Size& b) const { return z3::ult(term(a), term(b)); }
    Bool truth(bool b) const { return context_->bool_val(b); }
    Bool both(const Bool& p, const Bool& q) const { return p && q; }
    Bool either(const Bool& p, const Bool& q) const { return p || q; }
    Bool negate(const Bool& p) const { return !p; }
    Word choose(const Bool& p, const Word& a, const Word& b) const {
        if (oracle_ != nullptr && oracle_->splits_choices()) return oracle_->decide(p) ? a : b;
        return Word(z3::ite(p, term(a), term(b)));
    }
    Size choose_size(const Bool& p, const Size& a, const Size& b) const {
        if (oracle_ != nullptr && oracle_->splits_choices()) return oracle_->decide(p) ? a : b;
        return Size(z3::ite(p, term(a), term(b)));
    }

    bool decide(const Bool& p) const {
        if (oracle_ != nullptr) return oracle_->decide(p);
        const z3::expr condition = p.simplify();
        if (condition.is_true()) return true;
        if (condition.is_false()) return false;
        throw std::logic_error("a condition on unknown numbers, and no oracle to decide it");
    }
    bool certainly_false(const Bool& p) const {
        return oracle_ != nullptr ? oracle_->certainly_false(p) : p.simplify().is_false();
    }

   private:
    z3::expr constant(std::uint32_t k) const {
        return oracle_ != nullptr ? oracle_->literal(*context_, k) : context_->bv_val(k, 32);
    }

    z3::context* context_;
    PathOracle* oracle_;
};

static_assert(Reading<Z3Reading>);

}  // namespace halfopen
