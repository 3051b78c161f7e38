#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <unordered_set>

#include "check/counterexample_replay.hpp"
#include "check/proof_report.hpp"
#include "check/replay_report.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"

namespace halfopen::cli {

namespace {

struct ProveOptions : ExploreOptions {
    std::string server, nat;  ///< policies in place of the scenario's
    std::string smt;
    std::string from;
    bool coincidences = false;
};

/// One file for each question, each of which another solver has to call unsatisfiable.
std::function<void(const std::string&)> smt_writer(const std::string& folder) {
    if (folder.empty()) return {};
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || !std::filesystem::is_empty(folder, error) || error)
        throw InputError("--smt: " + folder +
                         " is not an empty folder that can be written to; give a new one");
    auto seen = std::make_shared<std::unordered_set<std::string>>();
    return [folder, seen](const std::string& smt_lib) {
        if (!seen->insert(smt_lib).second) return;
        const std::string file = fmt::format("{}/{:05}.smt2", folder, seen->size());
        std::ofstream out(file);
        out << "(set-logic QF_BV)\n" << smt_lib;
        if (!out.flush()) throw InputError("--smt: cannot write " + file);
    };
}

int prove(ProveOptions options) {
    if (!options.server.empty()) policy_of_option(PolicyKind::Endpoint, options.server, "--server");
    if (!options.nat.empty()) policy_of_option(PolicyKind::Nat, options.nat, "--nat");
    if (!options.server.empty()) options.set.insert(options.set.begin(), "server.policy=" + options.server);
    if (!options.nat.empty()) options.set.insert(options.set.begin(), "nat.policy=" + options.nat);
    const Scenario scenario = load_scenario(options);
    const Model model(scenario, policy_library());
    ProofOptions with;
    with.coincidences = options.coincidences;
    with.only = options.from;
    with.record = smt_writer(options.smt);
    CheckOptions limits = check_options(options);
    const auto begin = std::chrono::steady_clock::now();
    // What defeats it is tried in the rest of the time.
    if (limits.limits.timeout) with.timeout = *limits.limits.timeout * 3 / 4;
    Output output(options.output);
    const RecoveryProof proof = prove_recovery(model, with);
    if (limits.limits.timeout)
        *limits.limits.timeout -=
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    const std::vector<Replay> replays = replay_counterexamples(scenario, policy_library(), proof, limits);
    end_progress(options.quiet);
    if (wants_json(options)) {
        nlohmann::ordered_json json = proof_json(model, proof);
        json["replays"] = replay_json(replays);
        output.write(json.dump(2) + "\n");
    } else {
        output.write(
            proof_report(model, proof) +
            replay_report(replays, {use_color(options), !options.no_fold, false, terminal_width(options)}));
    }
    const bool hangs = std::any_of(replays.begin(), replays.end(), [](const Replay& replay) {
        return replay.outcome == Replay::Outcome::Found;
    });
    if (hangs) return violated;
    if (proof.status == ProofStatus::Inconclusive) return inconclusive;
    return proof.status == ProofStatus::Proved ? holds : violated;
}

}  // namespace

void add_prove(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<ProveOptions>();
    CLI::App* command =
        app.add_subcommand("prove", "prove recovery for all numbers and any number of clients");
    add_explore_options(*command, *options);
    command->add_option("--server", options->server, "the servers' policy, in place of the scenario's")
        ->type_name(argument::endpoint);
    command->add_option("--nat", options->nat, "the NATs' policy, in place of the scenario's")
        ->type_name(argument::nat);
    command
        ->add_option("--smt", options->smt,
                     "a new folder that gets each question as an SMT-LIB file for another solver")
        ->type_name(argument::folder);
    command
        ->add_option("--from", options->from,
                     "begin with nothing but this, e.g. \"server in SYN_RCVD\"; that is no proof of all")
        ->type_name("START");
    command->add_flag("--coincidences", options->coincidences,
                      "let timers of the old connection expire even while segments are on their way");
    command->footer(
        "Exit status: 0 proved, 1 not proved or a run found that hangs, 2 wrong input, 3 inconclusive.\n"
        "Example: halfopen prove founding --fix be-liberal");
    command->callback([options, &chosen] { chosen = [options] { return prove(*options); }; });
}

}  // namespace halfopen::cli
