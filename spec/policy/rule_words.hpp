/// The words inside a rule, looked up in a vocabulary.  Each throws InputError at the word, with the nearest
/// name.
#pragma once

#include "spec/policy/policy.hpp"
#include "spec/policy/toml_reader.hpp"

namespace halfopen {

/// A state's name, "*", or "synchronized" (RFC 9293 §3.10.7.4: ESTABLISHED and all after it).
std::uint32_t state_set(const Vocabulary& words, const PlacedText& name);
/// A segment class' name or "*".
std::uint32_t segment_set(const Vocabulary& words, const PlacedText& name);
/// A predicate or a flag parameter, or "not " and one of these.
Condition condition(const Vocabulary& words, const PlacedText& term);
/// An action's name, with a state behind it where it takes one.
Action action_of(const Vocabulary& words, const PlacedText& text);

}  // namespace halfopen
