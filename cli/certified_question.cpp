#include "cli/certified_question.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "verifier/fingerprint.hpp"

namespace halfopen::cli {

namespace {

using verifier::NamedDigest;

/// The first file of which `certified` and `now` differ, in words; empty where none.
std::string difference(const std::vector<NamedDigest>& certified, const std::vector<NamedDigest>& now) {
    const auto has = [](const std::vector<NamedDigest>& list, auto&& is_it) {
        return std::any_of(list.begin(), list.end(), is_it);
    };
    for (const NamedDigest& file : certified) {
        if (has(now, [&](const NamedDigest& f) { return f == file; })) continue;
        const bool is_there = has(now, [&](const NamedDigest& f) { return f.name == file.name; });
        return file.name + (is_there ? " is not what it was" : " has no part in the scenario any more");
    }
    for (const NamedDigest& file : now) {
        if (!has(certified, [&](const NamedDigest& f) { return f == file; }))
            return file.name + " had no part in the scenario";
    }
    return certified == now ? "" : "its list of files is out of order";
}

}  // namespace

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
    const std::string changed = difference(claim.files, digests_of(scenario, claim.question));
    if (!changed.empty())
        throw InputError(Place{certificate_file, 0, 0},
                         fmt::format("is of other files: {} when it was made; `halfopen check --certificate` "
                                     "makes a new one",
                                     changed));
    return scenario;
}

}  // namespace halfopen::cli
