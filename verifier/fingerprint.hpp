/// What a question depends on beside the program: the contents of files.
#pragma once

#include <filesystem>
#include <vector>

#include "spec/policy/fix.hpp"
#include "spec/policy/policy_library.hpp"
#include "spec/world/scenario.hpp"
#include "verifier/claim.hpp"

namespace halfopen::verifier {

/// The scenario's file, the files of the fixes applied, and the file of every policy of its nodes with those
/// that it extends, by name, each once.  `scenario` has everything applied.  spec_folder holds policies/ and
/// scenarios/; files in it go by their path from there, others by their last part.  Throws InputError.
std::vector<NamedDigest> fingerprint(const Scenario& scenario, const std::vector<std::string>& fixes,
                                     const std::filesystem::path& spec_folder);

/// The first file of which two fingerprints differ and how, in words: "\"nats/vpp.toml\" is not what it was".
/// Empty where they are the same.
std::string first_difference(const std::vector<NamedDigest>& then, const std::vector<NamedDigest>& now);

}  // namespace halfopen::verifier
