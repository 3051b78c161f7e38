/// A mark of a record (`seen_reply`, `last_class`, …) that need not be known.
///
/// Step functions branch on marks, so that they have plain types.  Here one is plain or unknown, and an
/// unknown one is decided when it is looked at, as a comparison of numbers is: those that nobody looks at
/// cost nothing.  What has been decided is a fact of the path, so that the answer stays the same along it.
#pragma once

#include <z3++.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "solver/path_oracle.hpp"

namespace halfopen {

template <class T>
class Z3Mark {
   public:
    Z3Mark() = default;
    Z3Mark(T value) : value_(value) {}  // NOLINT(google-explicit-constructor): as plain as the member was
    /// Any of the first `values` ones.  term: a 32-bit unknown; oracle: outlives this and all copies.
    Z3Mark(z3::expr term, unsigned values, PathOracle* oracle)
        : unknown_(std::make_shared<const Unknown>(Unknown{std::move(term), values, oracle})) {}

    operator T() const {  // NOLINT(google-explicit-constructor)
        if (!unknown_) return value_;
        for (unsigned i = 0; i + 1 < unknown_->values; ++i)
            if (decided(is(static_cast<T>(i)))) return static_cast<T>(i);
        return static_cast<T>(unknown_->values - 1);
    }
    Z3Mark& operator++() { return *this = static_cast<T>(static_cast<T>(*this) + 1); }

    /// Nothing where it is plain.
    std::optional<z3::expr> term() const { return unknown_ ? std::optional(unknown_->term) : std::nullopt; }
    unsigned values() const { return unknown_ ? unknown_->values : 1; }
    /// Of an unknown one, for questions to Z3: it is this value.  The last one is whatever is none of the
    /// others.
    z3::expr is(T value) const {
        const bool last = static_cast<unsigned>(value) + 1 == unknown_->values;
        return last ? !below(value) : unknown_->term == constant(value);
    }
    z3::expr below(T value) const { return z3::ult(unknown_->term, constant(value)); }

    friend bool operator==(const Z3Mark& mark, const T& value) {
        if (!mark.unknown_) return mark.value_ == value;
        return static_cast<unsigned>(value) < mark.values() && mark.decided(mark.is(value));
    }
    /// One decision, where to find out all of it might take several.
    friend bool operator<(const Z3Mark& mark, const T& value) {
        if (!mark.unknown_) return mark.value_ < value;
        return static_cast<unsigned>(value) >= mark.values() || mark.decided(mark.below(value));
    }
    friend bool operator>=(const Z3Mark& mark, const T& value) { return !(mark < value); }
    /// The same mark.  False does not mean that they differ.
    friend bool operator==(const Z3Mark& a, const Z3Mark& b) {
        if (a.unknown_ && b.unknown_) return z3::eq(a.unknown_->term, b.unknown_->term);
        return !a.unknown_ && !b.unknown_ && a.value_ == b.value_;
    }

   private:
    struct Unknown {
        z3::expr term;
        unsigned values;
        PathOracle* oracle;
    };

    z3::expr constant(T value) const {
        z3::context& context = unknown_->term.ctx();
        const auto number = static_cast<unsigned>(value);
        return unknown_->oracle != nullptr ? unknown_->oracle->literal(context, number)
                                           : context.bv_val(number, 32);
    }
    bool decided(const z3::expr& condition) const {
        if (unknown_->oracle == nullptr)
            throw std::logic_error("a mark is unknown, and no oracle decides it");
        return unknown_->oracle->decide(condition);
    }

    T value_{};
    std::shared_ptr<const Unknown> unknown_;
};

}  // namespace halfopen
