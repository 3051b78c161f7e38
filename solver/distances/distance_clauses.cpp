#include "solver/distances/distance_clauses.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "solver/unknown_term.hpp"

namespace halfopen {
namespace {

using Clause = DistanceClauses::Clause;
using Clauses = DistanceClauses::Clauses;
using Linear = DistanceClauses::Linear;
using Literal = DistanceClauses::Literal;

constexpr unsigned word_bits = 32;
/// Those of a disjunction of conjunctions.
constexpr std::size_t most_clauses = 64;

IntervalSet everything() { return {0, circle - 1}; }

Linear plus(const Linear& a, const Linear& b, std::int64_t times) {
    std::map<std::size_t, std::int64_t> all(a.sum.begin(), a.sum.end());
    for (const auto& [number, factor] : b.sum) all[number] += times * factor;
    Linear both{{}, on_circle(a.added + times * b.added)};
    for (const auto& [number, factor] : all)
        if (factor != 0) both.sum.emplace_back(number, factor);
    return both;
}

/// That the whole is in the set.
Clauses is_in(const Linear& whole, const IntervalSet& set) {
    IntervalSet in = rotated(set, -whole.added, circle);
    if (whole.sum.empty()) return in.contains(0) ? Clauses{} : Clauses{{}};
    NumberSum sum = whole.sum;
    if (sum.front().second < 0) {
        for (auto& [number, factor] : sum) factor = -factor;
        in = mirrored(in, circle);
    }
    if (in.empty()) return Clauses{{}};
    if (in == everything()) return Clauses{};
    return Clauses{{{std::move(sum), std::move(in)}}};
}

void add_to(Clause& clause, const Literal& literal) {
    const auto same = std::find_if(clause.begin(), clause.end(), [&](const Literal& known) {
        return known == literal || (!known.no_more && !literal.no_more && known.sum == literal.sum);
    });
    if (same == clause.end())
        clause.push_back(literal);
    else
        same->in = same->in.in_either(literal.in);
}

/// One of the parts holds.  Nothing where that is too many clauses.
std::optional<Clauses> either(const std::vector<Clauses>& parts) {
    Clauses found{{}};
    for (const Clauses& part : parts) {
        Clauses both;
        for (const Clause& one : found)
            for (const Clause& more : part) {
                Clause any = one;
                for (const Literal& literal : more) add_to(any, literal);
                const bool is_true = std::any_of(any.begin(), any.end(), [](const Literal& literal) {
                    return literal.in == everything();
                });
                if (!is_true) both.push_back(std::move(any));
                if (both.size() > most_clauses) return std::nullopt;
            }
        found = std::move(both);
    }
    return found;
}

/// That some bits of a number are in an interval.
struct BitsFact {
    z3::expr whole;
    unsigned low, high;
    IntervalSet::Part in;
};

std::optional<BitsFact> bits_fact(const z3::expr& formula) {
    if (!formula.is_app() || formula.num_args() != 2) return std::nullopt;
    const bool are_first = formula.arg(1).is_numeral();
    const z3::expr bits = formula.arg(are_first ? 0 : 1), constant = formula.arg(are_first ? 1 : 0);
    if (!constant.is_numeral() || !bits.is_app() || bits.decl().decl_kind() != Z3_OP_EXTRACT)
        return std::nullopt;
    const auto bound = static_cast<std::int64_t>(constant.get_numeral_uint64());
    const std::int64_t most = (std::int64_t{1} << (bits.hi() - bits.lo() + 1)) - 1;
    const auto fact = [&](std::int64_t first, std::int64_t last) {
        return BitsFact{bits.arg(0), bits.lo(), bits.hi(), {first, last}};
    };
    switch (formula.decl().decl_kind()) {
        case Z3_OP_EQ:
            return fact(bound, bound);
        case Z3_OP_ULEQ:
            return are_first ? fact(0, bound) : fact(bound, most);
        default:
            return std::nullopt;
    }
}

}  // namespace

std::size_t DistanceClauses::index_of(const z3::expr& number) {
    const auto [at, is_new] = indices_.try_emplace(number.id(), numbers_.size());
    if (is_new) numbers_.push_back(number);
    return at->second;
}

std::optional<Linear> DistanceClauses::linear(const z3::expr& term) {
    if (!term.is_bv() || term.get_sort().bv_size() != word_bits) return std::nullopt;
    if (term.is_numeral()) return Linear{{}, static_cast<std::int64_t>(term.get_numeral_uint64())};
    if (is_unknown(term)) return Linear{{{index_of(term), 1}}, 0};
    switch (term.decl().decl_kind()) {
        case Z3_OP_BADD:
            return linear_sum(term, 1);
        case Z3_OP_BSUB:
            return linear_sum(term, -1);
        case Z3_OP_BNEG: {
            const std::optional<Linear> part = linear(term.arg(0));
            return part ? std::optional(plus({}, *part, -1)) : std::nullopt;
        }
        case Z3_OP_BMUL: {
            // Z3 writes -x as (2^32 - 1) x.
            const std::optional<Linear> factor = linear(term.arg(0));
            if (term.num_args() != 2 || !factor || !factor->sum.empty() || factor->added != circle - 1)
                return std::nullopt;
            const std::optional<Linear> part = linear(term.arg(1));
            return part ? std::optional(plus({}, *part, -1)) : std::nullopt;
        }
        default:
            return std::nullopt;
    }
}

std::optional<Linear> DistanceClauses::linear_sum(const z3::expr& term, std::int64_t times_others) {
    Linear all;
    for (unsigned i = 0; i < term.num_args(); ++i) {
        const std::optional<Linear> part = linear(term.arg(i));
        if (!part) return std::nullopt;
        all = plus(all, *part, i == 0 ? 1 : times_others);
    }
    return all;
}

std::optional<Clauses> DistanceClauses::read_comparison(const z3::expr& formula, bool holds) {
    std::optional<Linear> a = linear(formula.arg(0)), b = linear(formula.arg(1));
    if (!a || !b) return read_bits(formula, holds);
    bool swaps = false, is_signed = false;
    switch (formula.decl().decl_kind()) {
        case Z3_OP_EQ: {
            const IntervalSet same(0, 0);
            return is_in(plus(*a, *b, -1), holds ? same : same.without_it(0, circle - 1));
        }
        case Z3_OP_SLEQ:
            is_signed = true;
            [[fallthrough]];
        case Z3_OP_ULEQ:
            break;
        case Z3_OP_SGEQ:
            is_signed = true;
            [[fallthrough]];
        case Z3_OP_UGEQ:
            swaps = true;
            break;
        case Z3_OP_SLT:  // not b <= a
            is_signed = true;
            [[fallthrough]];
        case Z3_OP_ULT:
            swaps = true;
            holds = !holds;
            break;
        case Z3_OP_SGT:
            is_signed = true;
            [[fallthrough]];
        case Z3_OP_UGT:
            holds = !holds;
            break;
        default:
            return std::nullopt;
    }
    if (swaps) std::swap(a, b);
    if (is_signed)  // a <= b is, unsigned, a + 2^31 <= b + 2^31
        for (Linear* side : {&*a, &*b}) side->added = on_circle(side->added + circle / 2);
    if (!a->sum.empty() && !b->sum.empty()) return read_order({*a, *b}, holds);
    const bool is_bound_above = b->sum.empty();
    IntervalSet in = is_bound_above ? IntervalSet(0, b->added) : IntervalSet(a->added, circle - 1);
    if (!holds) in = in.without_it(0, circle - 1);
    return is_in(is_bound_above ? *a : *b, in);
}

/// Z3 writes x <= 2^30 as facts of the highest bit and of the others.
std::optional<Clauses> DistanceClauses::read_bits(const z3::expr& formula, bool holds) {
    const std::optional<BitsFact> fact = bits_fact(formula);
    if (!fact) return std::nullopt;
    const std::optional<Linear> whole = linear(fact->whole);
    if (!whole) return std::nullopt;
    const IntervalSet::Part& in = fact->in;
    IntervalSet numbers;
    if (fact->high == word_bits - 1)
        numbers = {in.first << fact->low, ((in.last + 1) << fact->low) - 1};
    else if (fact->low == 0 && fact->high == word_bits - 2)
        numbers = IntervalSet(in.first, in.last).in_either(IntervalSet(in.first, in.last).moved(circle / 2));
    else
        return std::nullopt;
    return is_in(*whole, holds ? numbers : numbers.without_it(0, circle - 1));
}

/// Or together: that the bits from some bit on are so much, and those below in an interval.
std::optional<Clauses> DistanceClauses::read_high_and_low(const z3::expr& high, const z3::expr& low,
                                                          bool holds) {
    const std::optional<BitsFact> above = bits_fact(high), below = bits_fact(low);
    if (!above || !below || above->high != word_bits - 1 || above->in.first != above->in.last ||
        below->low != 0 || below->high + 1 != above->low || !z3::eq(above->whole, below->whole))
        return std::nullopt;
    const std::optional<Linear> whole = linear(above->whole);
    if (!whole) return std::nullopt;
    const std::int64_t from = above->in.first << above->low;
    const IntervalSet numbers(from + below->in.first, from + below->in.last);
    return is_in(*whole, holds ? numbers : numbers.without_it(0, circle - 1));
}

Clauses DistanceClauses::read_order(const NoMore& no_more, bool holds) {
    const std::size_t index = no_more_.size();
    no_more_.push_back(no_more);
    // Two of three.
    const auto part = [&](std::size_t number) { return Literal{{}, {}, index, number, holds}; };
    return {{part(0), part(1)}, {part(0), part(2)}, {part(1), part(2)}};
}

/// Of a conjunction, a disjunction or an implication: each, and whether it holds.
std::optional<std::vector<Clauses>> DistanceClauses::read_parts(const z3::expr& formula, bool holds) {
    const unsigned count = formula.num_args();
    std::vector<Clauses> parts;
    std::vector<bool> is_read(count, false);
    if (formula.is_and())
        for (unsigned i = 0; i < count; ++i)
            for (unsigned j = 0; j < count && !is_read[i]; ++j) {
                if (is_read[j]) continue;
                std::optional<Clauses> both = read_high_and_low(formula.arg(i), formula.arg(j), holds);
                if (!both) continue;
                parts.push_back(std::move(*both));
                is_read[i] = is_read[j] = true;
            }
    for (unsigned i = 0; i < count; ++i) {
        if (is_read[i]) continue;
        const bool is_condition = formula.is_implies() && i == 0;
        std::optional<Clauses> part = read(formula.arg(i), holds != is_condition);
        if (!part) return std::nullopt;
        parts.push_back(std::move(*part));
    }
    return parts;
}

std::optional<Clauses> DistanceClauses::read(const z3::expr& formula, bool holds) {
    if (formula.is_true() || formula.is_false()) return formula.is_true() == holds ? Clauses{} : Clauses{{}};
    if (!formula.is_app()) return std::nullopt;
    const Z3_decl_kind kind = formula.decl().decl_kind();
    if (kind == Z3_OP_NOT) return read(formula.arg(0), !holds);
    if (kind != Z3_OP_AND && kind != Z3_OP_OR && kind != Z3_OP_IMPLIES)
        return formula.num_args() == 2 ? read_comparison(formula, holds) : std::nullopt;
    std::optional<std::vector<Clauses>> read = read_parts(formula, holds);
    if (!read) return std::nullopt;
    const std::vector<Clauses>& parts = *read;
    if ((kind == Z3_OP_AND) != holds) return either(parts);
    Clauses all;
    for (const Clauses& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

const std::optional<Clauses>& DistanceClauses::of(const z3::expr& formula) {
    const unsigned number = formula.id();
    if (const auto known = read_.find(number); known != read_.end()) return known->second.clauses;
    return read_.emplace(number, Read{formula, read(formula, true)}).first->second.clauses;
}

}  // namespace halfopen
