/// How a policy's own rules change the rules that it inherits.
#pragma once

#include <vector>

#include "spec/policy/rule_reader.hpp"

namespace halfopen {

/// More rules than any policy needs, and few enough that a decision table of them stays small.
inline constexpr std::size_t most_rules = 1000;

/// In file order: a rule with an inherited id replaces that rule in place (or moves to its before/after);
/// `remove` deletes it; any other rule goes to its before/after, or else in front of all inherited rules.
/// Throws InputError for duplicate ids and for ids that do not exist.
std::vector<Rule> merge_rules(std::vector<Rule> inherited, std::vector<WrittenRule> written);

}  // namespace halfopen
