#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/policy_name.hpp"
#include "conformance/conform.hpp"
#include "conformance/coverage.hpp"

namespace halfopen::cli {

namespace {

struct ConformOptions : ReportTo {
    std::vector<std::string> files;
    std::string policy;
    std::string host = "linux-6.18";
    std::size_t first = 5;
    bool coverage = false;
};

/// file: vectors of that kind.
Policy policy_for(PolicyKind kind, const std::string& name, const std::string& file) {
    const bool nat = kind == PolicyKind::Nat;
    for (Policy& policy : policies_named(name))
        if (policy.kind == kind) return std::move(policy);
    throw InputError({file, 0, 0},
                     fmt::format("is about {}, and {} is {} policy", nat ? "a NAT" : "an endpoint",
                                 in_quotes(name), nat ? "an endpoint's" : "a NAT's"));
}

int run_conform(const ConformOptions& options) {
    const bool json = wants_json(options);
    Output output(options.output);
    const Policy host = policy_of_option(PolicyKind::Endpoint, options.host, "--host");
    std::vector<conformance::FileVerdict> verdicts;
    for (const std::string& file : options.files) {
        const auto vectors = conformance::read_vectors(file);
        verdicts.push_back(conform(vectors, policy_for(vectors.kind, options.policy, file), host));
    }
    std::vector<conformance::Coverage> covered;
    if (options.coverage)
        for (const PolicyKind kind : {PolicyKind::Endpoint, PolicyKind::Nat})
            if (std::any_of(verdicts.begin(), verdicts.end(), [&](const auto& v) { return v.kind == kind; }))
                covered.push_back(
                    coverage(verdicts, policy_for(kind, options.policy, options.files.front())));
    output.write(json ? conform_json(verdicts, options.first, covered)
                      : conform_text(verdicts, options.first) + coverage_text(covered));
    const bool disagrees =
        std::any_of(verdicts.begin(), verdicts.end(), [](const auto& v) { return v.disagreed > 0; });
    return disagrees ? violated : holds;
}

}  // namespace

void add_conform(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<ConformOptions>();
    CLI::App* command = app.add_subcommand("conform", "hold what a real kernel did against a policy");
    command->add_option("vectors", options->files, "files of observations, one JSON object a line")
        ->type_name(argument::file)
        ->required();
    command
        ->add_option("--policy", options->policy,
                     "an endpoint's or a NAT's policy, as the vectors are about the one or the other")
        ->type_name(argument::policy)
        ->required();
    command->add_option("--host", options->host, "the endpoint policy of the NAT host's own TCP")
        ->type_name(argument::endpoint)
        ->capture_default_str();
    add_count(*command, "--first", options->first, 0, 1'000'000, "show so many disagreements of each file")
        ->capture_default_str();
    command->add_flag(
        "--coverage", options->coverage,
        "list which rules and cells of the policy the observations put to the test, and which not");
    add_report_options(*command, *options);
    command->footer(
        "Exit status: 0 no disagreement, 1 a disagreement, 2 an input error.\n"
        "Example: halfopen conform tests/conformance/vectors/nat-linux-6.18.jsonl --policy linux-6.18");
    command->callback([options, &chosen] { chosen = [options] { return run_conform(*options); }; });
}

}  // namespace halfopen::cli
