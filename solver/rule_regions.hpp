/// Where two decision tables of a kind can say different things: which rule of the one and which of the other
/// may decide the same segment and act in different words.
///
/// What the tables say in the same words is found without Z3, and without a formula: most of two policies
/// that are related, and all of two that are the same.
#pragma once

#include <z3++.h>

#include <cstddef>
#include <vector>

#include "solver/rule_formulas.hpp"

namespace halfopen {

/// A rule with the formula of what it is the first to match.
struct RuleRegion {
    const CompiledRule* rule;  ///< null: what no rule matches
    z3::expr matches, first;
};

/// Of a case's rules in their order; those that match nothing are left out.
std::vector<RuleRegion> rule_regions(z3::context& context, RuleFormulas& table, const PolicyCase& at);

/// Indices into the regions of two tables.
struct UnlikePair {
    std::size_t before, after;
};

/// Those that act in different words, but for those that cannot overlap because whatever the one matches has
/// come to an earlier rule of the other.
std::vector<UnlikePair> unlike_pairs(const RuleFormulas& old_table, const std::vector<RuleRegion>& before,
                                     const RuleFormulas& new_table, const std::vector<RuleRegion>& after,
                                     const PolicyCase& at);

/// True only if there is no such pair, by the words of the rules alone.
bool says_the_same(const RuleFormulas& old_table, const RuleFormulas& new_table, const PolicyCase& at);

}  // namespace halfopen
