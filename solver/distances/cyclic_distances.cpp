#include "solver/distances/cyclic_distances.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace halfopen {
namespace {

/// That a difference is in the set.
struct LineFact {
    std::size_t difference = 0;  ///< index
    IntervalSet in;
};

struct Difference {
    std::size_t from = 0, to = 0;
};

/// What is left of a problem once some choices have been made.
struct State {
    std::vector<std::int64_t> most;  ///< of number `to` - number `from`, at from * points + to
    std::vector<IntervalSet> left;   ///< by difference
    std::vector<std::vector<LineFact>> any_of;
};

class Search {
   public:
    Search(std::size_t points, const std::vector<Difference>& differences, std::size_t most_steps)
        : points_(points), differences_(differences), steps_left_(most_steps) {}

    /// The numbers of the points; nothing where there are none, or where steps_ran_out().
    std::optional<std::vector<std::int64_t>> solve(State state) {
        if (!propagate(state)) return std::nullopt;
        const auto& left = state.left;
        std::size_t chosen = left.size();
        for (std::size_t i = 0; i < left.size(); ++i)
            if (left[i].parts().size() > 1 &&
                (chosen == left.size() || left[i].parts().size() < left[chosen].parts().size()))
                chosen = i;
        if (chosen < left.size()) {
            const IntervalSet::Part part = left[chosen].parts().front();
            return solve_either(std::move(state), {chosen, IntervalSet(part.first, part.last)});
        }
        if (!state.any_of.empty()) {
            LineFact first = state.any_of.back().front();
            return solve_either(std::move(state), first);
        }
        std::vector<std::int64_t> numbers(points_);
        for (std::size_t point = 0; point < points_; ++point) numbers[point] = state.most[point];
        return numbers;
    }

    bool steps_ran_out() const { return steps_left_ == 0; }

   private:
    /// Where the fact holds or, if there is nothing there, where it does not.
    std::optional<std::vector<std::int64_t>> solve_either(State state, const LineFact& fact) {
        State other = state;
        IntervalSet& left = state.left[fact.difference];
        IntervalSet& otherwise = other.left[fact.difference];
        otherwise = fact.in.without_it(left.first(), left.last()).in_both(left);
        left = left.in_both(fact.in);
        if (auto found = solve(std::move(state)); found || steps_ran_out()) return found;
        return solve(std::move(other));
    }

    /// False: a contradiction, or no step is left.
    bool propagate(State& state) {
        for (bool again = true; again;) {
            again = false;
            for (std::size_t i = 0; i < differences_.size(); ++i) {
                bool narrower = false;
                if (!narrow(state, i, narrower)) return false;
                again |= narrower;
            }
            if (!again && !look_at_choices(state, again)) return false;
        }
        return true;
    }

    /// What is left of one difference, and what the others leave of it.
    bool narrow(State& state, std::size_t i, bool& narrower) {
        const auto [from, to] = differences_[i];
        IntervalSet& left = state.left[i];
        const std::int64_t most = state.most[from * points_ + to], least = -state.most[to * points_ + from];
        if (left.empty()) return false;
        if (left.first() < least || left.last() > most) left = left.in_both(IntervalSet(least, most));
        if (left.empty()) return false;
        narrower = left.first() > least || left.last() < most;
        return (left.first() <= least || at_most(state, to, from, -left.first())) &&
               (left.last() >= most || at_most(state, from, to, left.last()));
    }

    /// Keeps all paths as short as they can be.
    bool at_most(State& state, std::size_t from, std::size_t to, std::int64_t most) {
        if (steps_left_ == 0 || --steps_left_ == 0) return false;
        auto& all = state.most;
        if (all[to * points_ + from] + most < 0) return false;
        for (std::size_t a = 0; a < points_; ++a) {
            const std::int64_t so_far = all[a * points_ + from] + most;
            for (std::size_t b = 0; b < points_; ++b) {
                std::int64_t& known = all[a * points_ + b];
                known = std::min(known, so_far + all[to * points_ + b]);
            }
        }
        return true;
    }

    static bool look_at_choices(State& state, bool& again) {
        for (std::size_t i = 0; i < state.any_of.size();) {
            auto& any = state.any_of[i];
            bool holds = false;
            std::erase_if(any, [&](LineFact& fact) {
                const IntervalSet& left = state.left[fact.difference];
                IntervalSet both = left.in_both(fact.in);
                holds |= both == left;
                const bool is_possible = !both.empty();
                if (is_possible) fact.in = std::move(both);
                return !is_possible;
            });
            if (!holds && any.empty()) return false;
            if (!holds && any.size() == 1) {
                state.left[any.front().difference] = any.front().in;
                holds = again = true;
            }
            if (!holds) {
                ++i;
                continue;
            }
            std::swap(any, state.any_of.back());
            state.any_of.pop_back();
        }
        return true;
    }

    std::size_t points_;
    const std::vector<Difference>& differences_;
    std::size_t steps_left_;
};

/// The circle from one of its points on.
class Line {
   public:
    Line(std::size_t points, std::size_t begin, std::int64_t modulus) : begin_(begin), modulus_(modulus) {
        state.most.assign(points * points, modulus - 1);
        for (std::size_t point = 0; point < points; ++point)
            state.most[point * points + point] = state.most[point * points] = 0;
    }

    void require(const std::vector<CyclicDistances::Fact>& any) {
        if (any.size() == 1) {
            const LineFact only = on_line(any.front());
            state.left[only.difference] = state.left[only.difference].in_both(only.in);
            return;
        }
        std::vector<LineFact> facts;
        facts.reserve(any.size());
        for (const CyclicDistances::Fact& fact : any) facts.push_back(on_line(fact));
        state.any_of.push_back(std::move(facts));
    }

    std::vector<Difference> differences;
    State state;

   private:
    /// That at which it begins is the first one.
    std::size_t number_of(std::size_t point) const {
        return point == begin_ ? 0 : point == 0 ? begin_ : point;
    }

    LineFact on_line(const CyclicDistances::Fact& fact) {
        std::size_t from = number_of(fact.from), to = number_of(fact.to);
        IntervalSet in = fact.distances;
        if (from > to) {
            std::swap(from, to);
            in = fact.along_the_line ? in.negated() : mirrored(in, modulus_);
        }
        if (from != 0 && !fact.along_the_line) in = in.in_either(in.moved(-modulus_));
        const auto [at, is_new] = index_.try_emplace({from, to}, differences.size());
        if (is_new) {
            differences.push_back({from, to});
            state.left.emplace_back(from == 0 ? 0 : 1 - modulus_, modulus_ - 1);
        }
        return {at->second, std::move(in)};
    }

    std::size_t begin_;
    std::int64_t modulus_;
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> index_;  ///< of a difference
};

}  // namespace

CyclicDistances::CyclicDistances(std::size_t points, std::int64_t modulus)
    : points_(points), modulus_(modulus) {}

// Whichever of them the circle begins between or at.
std::array<CyclicDistances::Fact, 3> CyclicDistances::in_order(std::size_t first, std::size_t second,
                                                               std::size_t third) const {
    const IntervalSet up(0, modulus_ - 1), further_up(1, modulus_ - 1);
    return {{{first, second, up, true}, {second, third, up, true}, {third, first, further_up, true}}};
}

CyclicDistances::Fact CyclicDistances::without(const Fact& fact) const {
    Fact other = fact;
    other.distances = fact.distances.without_it(fact.along_the_line ? 1 - modulus_ : 0, modulus_ - 1);
    return other;
}

void CyclicDistances::require(std::vector<Fact> any) {
    bool holds = false;
    std::erase_if(any, [&](const Fact& fact) {
        if (fact.from == fact.to) holds |= fact.distances.contains(0);
        return fact.from == fact.to;
    });
    if (!holds) required_.push_back(std::move(any));
}

/// The circle begins at the point of which most is asked, since from there no distance is of two differences.
std::size_t CyclicDistances::beginning() const {
    std::vector<std::size_t> asked_of(points_, 0);
    for (const auto& any : required_)
        for (const Fact& fact : any) {
            ++asked_of[fact.from];
            ++asked_of[fact.to];
        }
    return static_cast<std::size_t>(std::max_element(asked_of.begin(), asked_of.end()) - asked_of.begin());
}

std::optional<CyclicDistances::Answer> CyclicDistances::solve(std::size_t most_steps) const {
    if (points_ == 0) return Answer{!required_.empty(), {}};
    const std::size_t begin = beginning();
    Line line(points_, begin, modulus_);
    for (const auto& any : required_) line.require(any);
    Search search(points_, line.differences, most_steps);
    auto numbers = search.solve(std::move(line.state));
    if (!numbers && search.steps_ran_out()) return std::nullopt;
    if (!numbers) return Answer{true, {}};
    std::swap((*numbers)[0], (*numbers)[begin]);
    return Answer{false, std::move(*numbers)};
}

}  // namespace halfopen
