#include "cli/certified_question.hpp"

#include <fmt/format.h>

#include "verifier/fingerprint.hpp"

namespace halfopen::cli {

using verifier::NamedDigest;

verifier::Question question_of(const ExploreOptions& options) {
    return {options.scenario, options.variant, options.fixes, options.set, options.isn == "complete"};
}

std::vector<NamedDigest> digests_of(const Scenario& scenario, const verifier::Question& question) {
    return verifier::fingerprint(scenario, question.fixes, spec_folder());
}

Scenario certified_scenario(const verifier::Claim& claim, const std::string& scenario_file,
                            const std::string& certificate_file) {
    ExploreOptions options;
    options.scenario = scenario_file.empty() ? claim.question.scenario : scenario_file;
    options.variant = claim.question.variant;
    options.fixes = claim.question.fixes;
    options.set = claim.question.settings;
    Scenario scenario = load_scenario(options);
    const std::string changed = verifier::first_difference(claim.files, digests_of(scenario, claim.question));
    if (!changed.empty())
        throw InputError(
            Place{certificate_file, 0, 0},
            fmt::format("is of other files: {}; `halfopen check --certificate` makes a new one", changed));
    return scenario;
}

}  // namespace halfopen::cli
