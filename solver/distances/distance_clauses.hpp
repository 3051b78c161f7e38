/// Formulas of 32-bit numbers, read as facts about sums.
///
/// What a run finds out is nearly always in what arc of the circle a sum of a few numbers lies, such as
/// X - Y + 1 in [0, 2^31), or that one such distance is no more than another one.
#pragma once

#include <z3++.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "solver/distances/coordinates.hpp"
#include "solver/distances/interval_set.hpp"

namespace halfopen {

inline constexpr std::int64_t circle = std::int64_t{1} << 32U;

/// mod 2^32
constexpr std::int64_t on_circle(std::int64_t number) { return (number % circle + circle) % circle; }

/// Of one context's terms.
class DistanceClauses {
   public:
    struct Linear {
        NumberSum sum{};
        std::int64_t added = 0;  ///< in [0, 2^32)
    };
    /// That the one is no more than the other, both mod 2^32 in [0, 2^32).
    struct NoMore {
        Linear less, more;
    };
    /// That a sum is one of these, mod 2^32: of a sum and its negation one is used.  Or of the parts of what
    /// CyclicDistances::in_order() makes of NoMore one, and whether it holds.
    struct Literal {
        NumberSum sum{};
        IntervalSet in{};
        std::optional<std::size_t> no_more{};  ///< index
        std::size_t part = 0;
        bool holds = true;

        friend bool operator==(const Literal&, const Literal&) = default;
    };
    using Clause = std::vector<Literal>;
    using Clauses = std::vector<Clause>;  ///< none: true; an empty one: false

    /// Nothing where it is of anything else.
    const std::optional<Clauses>& of(const z3::expr& formula);
    const NoMore& no_more(std::size_t index) const { return no_more_[index]; }
    /// In the order in which they were first met.
    const std::vector<z3::expr>& numbers() const { return numbers_; }

   private:
    std::optional<Clauses> read(const z3::expr& formula, bool holds);
    std::optional<Clauses> read_comparison(const z3::expr& formula, bool holds);
    std::optional<std::vector<Clauses>> read_parts(const z3::expr& formula, bool holds);
    std::optional<Clauses> read_bits(const z3::expr& formula, bool holds);
    std::optional<Clauses> read_high_and_low(const z3::expr& high, const z3::expr& low, bool holds);
    Clauses read_order(const NoMore& no_more, bool holds);
    std::optional<Linear> linear(const z3::expr& term);
    std::optional<Linear> linear_sum(const z3::expr& term, std::int64_t times_others);
    std::size_t index_of(const z3::expr& number);

    std::vector<z3::expr> numbers_;
    std::unordered_map<unsigned, std::size_t> indices_;  ///< by the number of the term
    std::vector<NoMore> no_more_;
    struct Read {
        z3::expr formula;  ///< kept, so that its number is not used again
        std::optional<Clauses> clauses;
    };
    std::unordered_map<unsigned, Read> read_;  ///< by the number of the formula
};

}  // namespace halfopen
