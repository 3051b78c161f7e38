/// Which files a policy is made of.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "spec/policy/policy_library.hpp"

namespace halfopen {

/// The policy's own file, then those that it extends, nearest first.  Throws InputError as
/// PolicyLibrary::load() does.
std::vector<std::filesystem::path> files_of_policy(const PolicyLibrary& library, PolicyKind kind,
                                                   std::string_view name);

}  // namespace halfopen
