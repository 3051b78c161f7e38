/// Policies as a command line names them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "spec/policy/policy.hpp"

namespace halfopen::cli {

/// NAME, endpoints/NAME, nats/NAME, or a .toml file.  Where a name is in both folders, both are given.  A
/// file's kind is that of its folder if that is called endpoints or nats, else the one that can read it.
/// Throws InputError where there is no such policy.
std::vector<Policy> policies_named(const std::string& name);
/// The only policy of that name.  Throws InputError where there are two.
Policy policy_named(const std::string& name);
/// Two policies of one kind.  A name that is in both folders is taken from that of the other.
std::pair<Policy, Policy> two_policies(const std::string& first, const std::string& second);

/// Of a name that is in none of `all`: the nearest, or where it does belong.
InputError unknown_policy(std::string_view what, const std::string& name, std::vector<std::string> all);

/// setting: KEY=VALUE of --set.  Throws InputError.
void set_parameter_of(Policy& policy, const std::string& setting);

/// Every policy of the library.
std::vector<Policy> all_policies();

}  // namespace halfopen::cli
