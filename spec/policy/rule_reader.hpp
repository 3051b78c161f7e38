/// One [[rule]] of a policy file, read against a vocabulary.
#pragma once

#include <optional>

#include "spec/policy/policy.hpp"
#include "spec/policy/toml_reader.hpp"

namespace halfopen {

/// What a file says about one rule; how it changes an inherited table is rule_merge.hpp's matter.
struct WrittenRule {
    Rule rule;
    Place id_place;
    bool remove = false;               ///< then only rule.id and rule.place are filled
    std::optional<PlacedText> before;  ///< at most one of before and after
    std::optional<PlacedText> after;
};

/// Throws InputError for anything wrong in it.
WrittenRule read_rule(const Vocabulary& words, const TableReader& table);

}  // namespace halfopen
