#include "solver/distances/distance_formulas.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "solver/distances/cyclic_distances.hpp"

namespace halfopen {
namespace {

constexpr std::size_t most_points = 256;
/// Paths between two points looked at: some tenth of a second.
constexpr std::size_t most_work = 100'000'000;

/// Each once; those of few numbers first.
std::vector<NumberSum> sums_of(const DistanceClauses& all,
                               const std::vector<const DistanceClauses::Clause*>& clauses) {
    std::vector<NumberSum> sums;
    for (const auto* clause : clauses)
        for (const auto& literal : *clause) {
            if (!literal.no_more) {
                sums.push_back(literal.sum);
                continue;
            }
            const DistanceClauses::NoMore& no_more = all.no_more(*literal.no_more);
            sums.push_back(no_more.less.sum);
            sums.push_back(no_more.more.sum);
        }
    std::sort(sums.begin(), sums.end(), [](const NumberSum& a, const NumberSum& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    sums.erase(std::unique(sums.begin(), sums.end()), sums.end());
    return sums;
}

}  // namespace

/// A question as points and what is said of them.
class DistanceFormulas::Problem {
   public:
    explicit Problem(const DistanceFormulas& formulas) : formulas_(formulas) {}

    /// False: that is no fact about distances.
    bool require(const DistanceClauses::Clause& clause) {
        std::vector<Fact> any;
        for (const DistanceClauses::Literal& literal : clause) {
            const std::optional<Fact> fact = literal.no_more ? part(literal) : apart(literal);
            if (!fact) return false;
            any.push_back(*fact);
        }
        required_.push_back(std::move(any));
        return true;
    }

    /// False: it takes too long.
    bool solve() {
        if (points_.size() > most_points) return false;
        CyclicDistances distances(points_.size(), circle);
        for (auto& any : required_) distances.require(std::move(any));
        const std::size_t pairs = std::max<std::size_t>(1, points_.size() * points_.size());
        answer_ = distances.solve(most_work / pairs);
        return answer_.has_value();
    }
    bool is_contradiction() const { return answer_->contradiction; }
    std::uint64_t value(std::size_t number) const {
        const Coordinate& coordinate = formulas_.coordinates_[number];
        const std::int64_t up = place(place_of(number)) - place(place_of(coordinate.from));
        return static_cast<std::uint64_t>(on_circle(coordinate.down ? -up : up));
    }

   private:
    using Fact = CyclicDistances::Fact;

    /// Of a place moved up by so much.
    std::size_t point(std::size_t place, std::int64_t moved = 0) {
        const auto [at, is_new] = points_.try_emplace({place, moved}, points_.size());
        const std::size_t found = at->second;
        if (is_new && moved != 0) required_.push_back({{point(place), found, IntervalSet(moved, moved)}});
        return found;
    }

    std::optional<Fact> apart(const DistanceClauses::Literal& literal) {
        const std::optional<Ends> between = ends(literal.sum, formulas_.coordinates_);
        if (!between) return std::nullopt;
        const std::size_t from = point(between->from);
        return Fact{from, point(between->to), literal.in};
    }

    /// Of two distances from one place, or to one.
    std::optional<Fact> part(const DistanceClauses::Literal& literal) {
        const auto& [less, more] = formulas_.clauses_.no_more(*literal.no_more);
        const std::optional<Ends> of_less = ends(less.sum, formulas_.coordinates_);
        const std::optional<Ends> of_more = ends(more.sum, formulas_.coordinates_);
        if (!of_less || !of_more) return std::nullopt;
        const CyclicDistances distances(0, circle);
        std::array<Fact, 3> parts;
        if (of_less->to == of_more->to) {
            const std::size_t further = point(of_more->from, on_circle(-more.added));
            const std::size_t nearer = point(of_less->from, on_circle(-less.added));
            parts = distances.in_order(further, nearer, point(of_less->to));
        } else if (of_less->from == of_more->from) {
            const std::size_t nearer = point(of_less->to, less.added);
            const std::size_t further = point(of_more->to, more.added);
            parts = distances.in_order(point(of_less->from), nearer, further);
        } else {
            return std::nullopt;
        }
        return literal.holds ? parts[literal.part] : distances.without(parts[literal.part]);
    }

    std::int64_t place(std::size_t of) const {
        const auto found = points_.find({of, 0});
        return found == points_.end() ? 0 : answer_->points[found->second];
    }

    const DistanceFormulas& formulas_;
    std::map<std::pair<std::size_t, std::int64_t>, std::size_t> points_;  ///< by place and how far from it
    std::vector<std::vector<Fact>> required_;
    std::optional<CyclicDistances::Answer> answer_;
};

std::optional<DistanceFormulas::Answer> DistanceFormulas::ask(const Formulas& formulas) {
    std::vector<const DistanceClauses::Clause*> required;
    for (const z3::expr& formula : formulas) {
        const auto& clauses = clauses_.of(formula);
        if (!clauses) return std::nullopt;
        for (const DistanceClauses::Clause& clause : *clauses) required.push_back(&clause);
    }
    const std::vector<NumberSum> sums = sums_of(clauses_, required);
    coordinates_.resize(clauses_.numbers().size());
    if (!fit(coordinates_, sums)) return std::nullopt;
    Problem problem(*this);
    for (const auto* clause : required)
        if (!problem.require(*clause)) return std::nullopt;
    if (!problem.solve()) return std::nullopt;
    if (problem.is_contradiction()) return Answer{true, std::nullopt};
    z3::model values(context_);
    for (const NumberSum& sum : sums)
        for (const auto& [number, factor] : sum) {
            z3::func_decl unknown = clauses_.numbers()[number].decl();
            z3::expr value = context_.bv_val(problem.value(number), 32);
            values.add_const_interp(unknown, value);
        }
    return Answer{false, values};
}

}  // namespace halfopen
