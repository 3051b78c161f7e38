/// Who answers what step functions ask of unknown numbers.
#pragma once

#include <z3++.h>

#include <cstdint>
#include <unordered_map>

namespace halfopen {

/// Answers decisions.  The one in use is PathExplorer (solver/path_explorer.hpp), which sees to it that every
/// possible sequence of answers gets its turn.
class PathOracle {
   public:
    PathOracle() = default;
    PathOracle(const PathOracle&) = delete;
    PathOracle& operator=(const PathOracle&) = delete;
    virtual ~PathOracle() = default;
    /// condition: as the code under test put it together, which may be a constant.
    virtual bool decide(const z3::expr& condition) = 0;
    /// Whether a choice between two numbers is to be decided as well, instead of becoming a term.
    virtual bool splits_choices() const { return false; }
    /// Whether it is false whatever the numbers are, as far as is seen without a solver.
    virtual bool certainly_false(const z3::expr& condition) { return condition.simplify().is_false(); }

    /// The same term for equal numbers, always of one context: Z3 reads each from its digits anew.
    const z3::expr& literal(z3::context& context, std::uint32_t k) {
        const auto known = literals_.find(k);
        return known != literals_.end() ? known->second
                                        : literals_.emplace(k, context.bv_val(k, 32)).first->second;
    }

   private:
    std::unordered_map<std::uint32_t, z3::expr> literals_;
};

}  // namespace halfopen
