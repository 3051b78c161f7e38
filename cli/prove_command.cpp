#include <fmt/format.h>

#include <memory>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/output.hpp"
#include "solver/recovery/prover.hpp"

namespace halfopen::cli {

namespace {

int prove(const ExploreOptions& options) {
    const Scenario scenario = load_scenario(options);
    const Model model(scenario, policy_library());
    const RecoveryProof proof = prove_recovery(model);
    fmt::print("status {} paths {} questions {} rounds {} worst {} ms, {} ms move {}\n", static_cast<int>(proof.status), proof.paths, proof.questions, proof.rounds, proof.worst_ms, proof.elapsed.count(), proof.may_move);
    for (const auto& s : proof.starts) fmt::print("  {}: {} paths, {} ms, {}\n", s.what, s.paths, s.worst_ms, s.rounds);
    for (const auto& o : proof.left_out) fmt::print("  left out {} - {} in {} +{}\n", o.left, o.right, o.first, o.size);
    const auto& run = proof.failure ? proof.failure->run : proof.example;
    if (proof.failure) { fmt::print("FAIL {} {} loop from {}\n", static_cast<int>(proof.failure->kind), proof.failure->start, proof.failure->loop_from); for (auto& [n, v] : proof.failure->numbers) fmt::print("   {} = {}\n", n, v); }
    for (const auto& s : run) { fmt::print("{:>10} {:<10} {}\n", s.ms, s.actor, s.note); for (auto& p : s.packets) fmt::print("                 {}{}\n", p, s.leaked ? " X" : ""); }
    return proof.status == ProofStatus::Proved ? holds : violated;
}

}  // namespace

void add_prove(CLI::App& app, Run& chosen) {
    auto options = std::make_shared<ExploreOptions>();
    CLI::App* command = app.add_subcommand("prove", "prove recovery for all numbers and any number of clients");
    add_explore_options(*command, *options);
    command->callback([options, &chosen] { chosen = [options] { return prove(*options); }; });
}

}  // namespace halfopen::cli
