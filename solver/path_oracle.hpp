/// Who answers what step functions ask of unknown numbers.
#pragma once

#include <z3++.h>

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
};

}  // namespace halfopen
