/// From the text of a policy file to a Policy, without touching the file system.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "spec/policy/policy.hpp"

namespace halfopen {

/// Gives the policy that an `extends` names; place is where it is written.
using ParentResolver = std::function<Policy(const std::string& name, const Place& place)>;

/// file: for messages and Policy::file.  Throws InputError, also from the resolver.
Policy parse_policy(const Vocabulary& words, std::string_view text, const std::string& file,
                    const ParentResolver& parent);

}  // namespace halfopen
