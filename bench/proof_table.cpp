// Explorer and prover on every pair of policies in the library: docs/proof-table.md.
//
//   halfopen_proof_table SPEC-FOLDER CACHE-FOLDER [--threads N] [--verdicts-only] [--write PAGE]
//                        [--only TEXT] [--first N]
//
// CACHE-FOLDER/verdicts and CACHE-FOLDER/proofs get a line for each question that has been answered, so that
// a run can be ended and taken up.  Remove `proofs` where the prover has changed, both where a policy has.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <sstream>

#include "check/proof_pairs.hpp"
#include "solver/side_by_side.hpp"

using namespace halfopen;

namespace {

using Fields = std::vector<std::string>;

/// Answers by question, each written down at once.
class Answers {
   public:
    explicit Answers(const std::filesystem::path& file) : file_(file) {
        std::ifstream in(file);
        for (std::string line; std::getline(in, line);) {
            Fields fields;
            std::istringstream text(line);
            for (std::string field; std::getline(text, field, '\t');) fields.push_back(field);
            if (fields.size() > 1) known_[fields.front()] = {fields.begin() + 1, fields.end()};
        }
    }
    /// Stays where it is: a map's nodes do.
    const Fields* find(const std::string& question) {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(question);
        return found == known_.end() ? nullptr : &found->second;
    }
    void add(const std::string& question, const Fields& answer) {
        const std::lock_guard lock(mutex_);
        std::ofstream(file_, std::ios::app) << fmt::format("{}\t{}\n", question, fmt::join(answer, "\t"));
        known_[question] = answer;
        fmt::print("{}  {}\n", question, fmt::join(answer, "  "));
        std::fflush(stdout);
    }

   private:
    std::filesystem::path file_;
    std::map<std::string, Fields> known_;
    std::mutex mutex_;
};

ExploredPair explored(const Fields& f) {
    const auto verdict = [&](std::size_t field) {
        const auto named = explorer::verdict_named(f.at(field));
        return named ? *named : throw std::runtime_error("no verdict: " + f.at(field));
    };
    return {verdict(0), verdict(1), verdict(2)};
}

FixProof proof_named(const Fields& f) {
    using Status = FixProof::Status;
    FixProof proof;
    for (const auto status :
         {Status::Proved, Status::ProvedAlone, Status::NotProved, Status::Inconclusive, Status::NotCovered})
        for (const bool own : {false, true}) {
            FixProof named;
            named.status = status;
            named.own_only = own;
            if (to_string(named) == f.at(0)) proof = named;
        }
    if (proof.status == Status::NotTried) throw std::runtime_error("no result of a proof: " + f.at(0));
    if (f.size() > 2) proof.why = f[2];
    return proof;
}

/// One character for a cell of a table.
std::string letter(const ExploredPair& e, const FixProof& p) {
    switch (agreement(e, p)) {
        case Agreement::Both:
            if (p.status == FixProof::Status::ProvedAlone) return p.own_only ? "a" : "A";
            return p.own_only ? "p" : "P";
        case Agreement::Neither:
            return e.verdict == explorer::Verdict::Bounded ? "1" : ".";
        case Agreement::Unsound:
            return "!";
        case Agreement::NotConclusive:
            return "?";
        case Agreement::NotProved:
            break;
    }
    switch (p.status) {
        case FixProof::Status::Inconclusive:
            return "l";
        case FixProof::Status::NotCovered:
            return "x";
        default:
            return "b";
    }
}

constexpr const char* key = R"(# Explorer and prover, pair by pair

Written by `cmake --build build --target proof-table`. The founding story with every server policy behind every NAT policy, as
it is and with each fix that helps in it. The explorer's verdict is of the scenario's two clients, which give a `connect()` up at
last; the proof is of its old connections as they are, for all numbers (`own` in [proofs.md](proofs.md)).

| | proof | explorer |
|---|---|---|
| p | for any number of clients | bounded |
| a | for each client whose port nobody else is given | one client: bounded |
| b | fails | bounded |
| l | a limit was hit first | bounded |
| x | none covers it | bounded |
| . | none | not bounded |
| ! | proved | **not bounded** |
| ? | | no verdict within two minutes |
| (blank) | not asked | |

Servers with equal rows share one.
)";

std::string cell(const ProofPair& pair, Answers& verdicts, Answers& proofs) {
    const Fields* verdict = verdicts.find(settings_text(pair));
    const Fields* proof = proofs.find(settings_text(pair));
    if (verdict == nullptr || proof == nullptr) return " ";
    return letter(explored(*verdict), proof_named(*proof));
}

void write_page(const std::string& page, const std::vector<ProofPair>& pairs, const std::vector<Fix>& fixes,
                Answers& verdicts, Answers& proofs) {
    std::vector<std::string> nats;
    for (const ProofPair& pair : pairs)
        if (std::find(nats.begin(), nats.end(), pair.nat) == nats.end()) nats.push_back(pair.nat);
    std::string text = key;
    std::map<std::string, std::size_t> sums;
    std::vector<std::string> headings{""};
    for (const Fix& fix : fixes) headings.push_back(fix.name);
    for (const std::string& fix : headings) {
        std::map<std::string, std::vector<std::string>> row_of;  // cells by server
        for (const ProofPair& pair : pairs) {
            if (pair.fix != fix) continue;
            row_of[pair.server].resize(nats.size(), "-");
            const auto column = std::find(nats.begin(), nats.end(), pair.nat) - nats.begin();
            const std::string one = cell(pair, verdicts, proofs);
            row_of[pair.server][static_cast<std::size_t>(column)] = one;
            ++sums[one];
        }
        std::map<std::vector<std::string>, std::vector<std::string>> servers_of;
        for (const auto& [server, row] : row_of) servers_of[row].push_back(server);
        text += fmt::format("\n## {}\n\n```\n", fix.empty() ? "As it is" : "`" + fix + "`");
        for (std::size_t i = 0; i < nats.size(); ++i) text += fmt::format("{:>2} {}\n", i + 1, nats[i]);
        for (std::size_t i = 0; i < nats.size(); ++i) text += fmt::format("{:>3}", i + 1);
        text += "\n";
        for (const auto& [row, servers] : servers_of) {
            for (const std::string& one : row) text += fmt::format("{:>3}", one);
            text += fmt::format("   {}\n", fmt::join(servers, ", "));
        }
        text += "```\n";
    }
    text += "\n## In all\n\n";
    for (const auto& [one, count] : sums)
        text += fmt::format("- {}: {} pairs\n", one == " " ? "not asked" : "`" + one + "`", count);
    std::ofstream(page) << text;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() < 2) return fmt::print(stderr, "see the head of proof_table.cpp\n"), 2;
    unsigned threads = 1;
    bool verdicts_only = false;
    std::string page, only;
    std::size_t first = SIZE_MAX;
    for (std::size_t i = 2; i < arguments.size(); ++i) {
        if (arguments[i] == "--threads") threads = static_cast<unsigned>(std::stoul(arguments.at(++i)));
        if (arguments[i] == "--verdicts-only") verdicts_only = true;
        if (arguments[i] == "--write") page = arguments.at(++i);
        if (arguments[i] == "--only") only = arguments.at(++i);
        if (arguments[i] == "--first") first = std::stoul(arguments.at(++i));
    }
    const std::filesystem::path spec = arguments[0], cache = arguments[1];
    std::filesystem::create_directories(cache);
    Answers verdicts(cache / "verdicts"), proofs(cache / "proofs");
    const PolicyLibrary library(spec / "policies");
    const Scenario scenario = read_scenario(spec / "scenarios" / "founding.toml");
    const std::vector<Fix> fixes = fixes_that_help(scenario, FixLibrary(spec / "policies"));
    const std::vector<ProofPair> pairs = proof_pairs(scenario, fixes, library);

    std::vector<const ProofPair*> questions;
    std::set<std::string> seen;
    for (const ProofPair& pair : pairs)
        if (seen.insert(settings_text(pair)).second) questions.push_back(&pair);
    // In no order, so that a run which is ended has sampled all servers and NATs; the same each time.
    std::shuffle(questions.begin(), questions.end(), std::mt19937(1));
    PairProver prover(scenario, library);
    fmt::print("{} pairs, {} questions\n", pairs.size(), questions.size());
    side_by_side(std::min(first, questions.size()), threads, [&](std::size_t i) {
        const ProofPair& pair = *questions[i];
        const std::string question = settings_text(pair);
        if (!only.empty() && question.find(only) == std::string::npos) return;
        const Scenario asked = scenario_of(pair, scenario, library);
        if (verdicts.find(question) == nullptr) {
            const ExploredPair e = explore_pair(asked, library, std::chrono::seconds(120));
            verdicts.add(question, {std::string(to_string(e.verdict)), std::string(to_string(e.one_client)),
                                    std::string(to_string(e.endless))});
        }
        if (verdicts_only || proofs.find(question) != nullptr) return;
        const auto begin = std::chrono::steady_clock::now();
        const FixProof proof = prover.prove(pair);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        proofs.add(question, {to_string(proof), fmt::format("{:.1f}", seconds.count()), proof.why});
    });
    if (!page.empty()) write_page(page, pairs, fixes, verdicts, proofs);
    return 0;
}
