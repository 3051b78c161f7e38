/// Values of a policy's parameters, read from a file or from the command line and checked against the
/// vocabulary.
#pragma once

#include <string>
#include <string_view>

#include "spec/policy/policy.hpp"
#include "spec/policy/toml_reader.hpp"

namespace halfopen {

/// Lists longer than this are refused.
inline constexpr std::size_t longest_parameter_list = 64;

ParameterValue default_value(const ParameterTerm& term);
/// Throws InputError at the node (or the list's element) that has the wrong type or is out of range.
ParameterValue parameter_from_toml(const ParameterTerm& term, const toml::node& node,
                                   const std::string& file);
/// Throws InputError at place.
ParameterValue parameter_from_text(const ParameterTerm& term, std::string_view text, const Place& place);
/// As parameter_from_text() reads it: "true", "7200000", "3000,6000", a choice's name.
std::string to_text(const ParameterTerm& term, const ParameterValue& value);

/// The vocabulary's parameter of that name; InputError at place, with the nearest name, where there is none.
const ParameterTerm& parameter_term(const Vocabulary& words, std::string_view name, const Place& place);

/// Policy::set() for a given vocabulary.
void set_parameter(Policy& policy, const Vocabulary& words, std::string_view name, std::string_view text,
                   const Place& place = {});

}  // namespace halfopen
