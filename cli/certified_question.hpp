/// A scenario as the command line names it, and as a certificate does.
#pragma once

#include <string>
#include <vector>

#include "cli/common.hpp"
#include "spec/world/scenario.hpp"
#include "verifier/claim.hpp"

namespace halfopen::cli {

verifier::Question question_of(const ExploreOptions& options);

/// Of the files that decide what `scenario` means, which has everything in `question` applied.
std::vector<verifier::NamedDigest> digests_of(const Scenario& scenario, const verifier::Question& question);

/// The scenario that a claim is about, with everything applied; scenario_file: where to find it instead of
/// where the claim says, or empty.  Throws InputError where it is not to be had, or where a file that it
/// depends on is not what it was.  certificate_file is for messages.
Scenario certified_scenario(const verifier::Claim& claim, const std::string& scenario_file,
                            const std::string& certificate_file);

}  // namespace halfopen::cli
