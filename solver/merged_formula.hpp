/// Code written against a reading as one formula: for predicates, which may decide on their way but change
/// nothing.
#pragma once

#include <z3++.h>

#include <utility>
#include <vector>

#include "solver/z3_reading.hpp"

namespace halfopen {

/// Leads through all sequences of answers that are not ruled out by constants.  Asks no solver: a path that
/// no numbers allow only makes the formula longer.
class EveryAnswer final : public PathOracle {
   public:
    explicit EveryAnswer(z3::context& context) : context_(context) {}

    bool decide(const z3::expr& asked) override {
        const z3::expr condition = asked.simplify();
        if (condition.is_true()) return true;
        if (condition.is_false()) return false;
        if (depth_ == trail_.size()) trail_.push_back({condition, true});
        return trail_[depth_++].answer;
    }
    /// What has been decided on this run.
    z3::expr condition() const {
        z3::expr all = context_.bool_val(true);
        for (const Decision& d : trail_) all = all && (d.answer ? d.condition : !d.condition);
        return all;
    }
    /// False where every sequence has had its run.
    bool next() {
        depth_ = 0;
        while (!trail_.empty() && !trail_.back().answer) trail_.pop_back();
        if (trail_.empty()) return false;
        trail_.back().answer = false;
        return true;
    }

   private:
    struct Decision {
        z3::expr condition;
        bool answer;
    };
    z3::context& context_;
    std::vector<Decision> trail_;
    std::size_t depth_ = 0;
};

/// predicate(Z3Reading&) -> z3::expr, which may use decide().
template <class Predicate>
z3::expr merged_formula(z3::context& context, Predicate&& predicate) {
    EveryAnswer answers(context);
    z3::expr merged = context.bool_val(false);
    do {
        Z3Reading r(context, &answers);
        const z3::expr holds = predicate(r);
        merged = merged || (answers.condition() && holds);
    } while (answers.next());
    return merged.simplify();
}

}  // namespace halfopen
