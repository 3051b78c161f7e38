/// A policy's rules made ready for use: by state and segment class, parameter guards already decided.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "spec/policy/policy.hpp"

namespace halfopen {

/// A rule's predicates and actions as indices; guards by parameters have been decided when the table was
/// made.
struct CompiledRule {
    std::uint16_t rule = 0;  ///< index into Policy::rules
    std::vector<Condition> predicates;
    std::vector<Action> actions;
};

/// Immutable; made once for each policy with its final parameter values.
class DecisionTable {
   public:
    explicit DecisionTable(const Policy& policy) : DecisionTable(policy, vocabulary(policy.kind)) {}
    DecisionTable(const Policy& policy, const Vocabulary& words);

    /// Rules to try in order.  direction: direction_original or direction_reply (endpoint policies:
    /// direction_original).
    std::span<const CompiledRule> rules(std::size_t state, std::size_t segment,
                                        std::uint8_t direction) const {
        return cells_[(state * segments_ + segment) * 2 + (direction == direction_reply ? 1 : 0)];
    }

   private:
    std::size_t segments_;
    std::vector<std::vector<CompiledRule>> cells_;
};

/// The first rule whose predicates all hold.  holds(predicate index) -> R::Bool is the owner's single
/// definition of each predicate; null where no rule matches (a table that `lint` calls total never gives
/// that).
template <class R, class Holds>
const CompiledRule* first_match(R& r, std::span<const CompiledRule> rules, Holds&& holds) {
    for (const CompiledRule& rule : rules) {
        auto all = r.truth(true);
        for (const Condition& c : rule.predicates) {
            // A concrete reading thus compares (and notes) no more than needed.
            if (r.certainly_false(all)) break;
            const auto p = holds(c.index);
            all = r.both(all, c.negated ? r.negate(p) : p);
        }
        if (!r.certainly_false(all) && r.decide(all)) return &rule;
    }
    return nullptr;
}

}  // namespace halfopen
