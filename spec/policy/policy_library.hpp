/// Reads policy files and resolves what they extend.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "spec/policy/policy.hpp"

namespace halfopen {

/// The folders endpoints/ and nats/ with one TOML file for each policy, named after it.
/// Format: docs/policy-format.md.  Every function throws InputError for anything wrong in a file.
class PolicyLibrary {
   public:
    explicit PolicyLibrary(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// name: a policy's name, or a path ending in .toml (its `extends` is then looked up beside it, then
    /// here).
    Policy load(PolicyKind kind, std::string_view name) const;
    /// Names of all policies of that kind, sorted.
    std::vector<std::string> names(PolicyKind kind) const;
    const std::filesystem::path& folder() const { return folder_; }

   private:
    std::filesystem::path folder_;
};

}  // namespace halfopen
