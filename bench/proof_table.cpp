// Explorer and prover on every pair of policies in the library: docs/proof-table.md.
//
//   halfopen_proof_table SPEC-FOLDER CACHE-FOLDER [--threads N] [--write PAGE]
//                        [--only TEXT] [--first N]
//
// CACHE-FOLDER/proofs, verdicts and replays get a line for each question that has been answered, so that a
// run can be ended and taken up.  Remove `proofs` and `replays` where the prover has changed, all where a
// policy has.  The exit status is 1 where prover and explorer do not agree on all that was asked.
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

explorer::Verdict verdict_in(const Fields& f, std::size_t field) {
    const auto named = explorer::verdict_named(f.at(field));
    return named ? *named : throw std::runtime_error("no verdict: " + f.at(field));
}
constexpr const char* wears_out = "wears out";
ExploredPair explored(const Fields& f) {
    return {verdict_in(f, 0), verdict_in(f, 1), f.size() > 3 && f[3] == wears_out};
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

constexpr const char* elsewhere = "elsewhere";

/// One character for a cell of a table.  replay: nothing where there was nothing to try.
char letter(const ExploredPair& e, const FixProof& p, const Fields* replay) {
    switch (agreement(e, p, replay != nullptr && replay->at(0) == elsewhere)) {
        case Agreement::Both:
            return p.status == FixProof::Status::ProvedAlone ? 'a' : 'p';
        case Agreement::WearsOut:
            return 'w';
        case Agreement::Neither:
            return e.wears_out ? 'v' : '.';
        case Agreement::Unsound:
            return '!';
        case Agreement::NotConclusive:
            return '?';
        case Agreement::Confirmed:
            return 'c';
        case Agreement::NotProved:
            break;
    }
    switch (p.status) {
        case FixProof::Status::Inconclusive:
            return 'l';
        case FixProof::Status::NotCovered:
            return 'x';
        default:
            return 'b';
    }
}

/// What is no agreement.
constexpr std::string_view bad = "!?blx";

constexpr const char* key = R"(# Explorer and prover, pair by pair

Written by `cmake --build build --target proof-table`. The founding story with every server policy behind every NAT policy, as
it is and with each fix that helps in it. The explorer's verdict is of the scenario's two clients, which give a `connect()` up at
last (where it has none within two minutes and the proof fails, of one client: one that does not recover is enough); the proof is of its old connections as they are, for all numbers (`own` in [proofs.md](proofs.md)).

| | proof | explorer |
|---|---|---|
| p | for any number of clients | bounded |
| a | for each client whose port nobody else is given | one client: bounded |
| c | fails | bounded, and has a run of what fails where the old connection's timers, state or data or the number of clients is another |
| b | fails | bounded, and has no such run |
| l | a limit was hit first | bounded |
| x | none covers it | bounded |
| . | fails | not bounded |
| w | but for corners (`left out`) | unbounded by corners alone: each round leaves less room in a mapping |
| v | fails, or a limit was hit first | the same |
| ! | proved | **not bounded** |
| ? | | no verdict within two minutes |
| (blank) | not asked | |

Servers with equal rows share one.
)";

/// What has been answered, by question.
struct Book {
    explicit Book(const std::filesystem::path& folder)
        : verdicts(folder / "verdicts"), proofs(folder / "proofs"), replays(folder / "replays") {}
    Answers verdicts, proofs, replays;

    char letter_of(const ProofPair& pair) {
        const std::string question = settings_text(pair);
        const Fields* verdict = verdicts.find(question);
        const Fields* proof = proofs.find(question);
        if (verdict == nullptr || proof == nullptr) return ' ';
        return letter(explored(*verdict), proof_named(*proof), replays.find(question));
    }
};

/// Each question that has been answered badly or otherwise than by a proof, with what is known of it.
std::string reasons(const std::vector<const ProofPair*>& questions, Book& book) {
    std::string text;
    for (const char one : std::string(bad) + "c")
        for (const ProofPair* pair : questions) {
            if (book.letter_of(*pair) != one) continue;
            const std::string question = settings_text(*pair);
            const Fields& proof = *book.proofs.find(question);
            const Fields* replay = book.replays.find(question);
            text += fmt::format("- `{}` {}: {}{}\n", one, question, proof.size() > 2 ? proof[2] : proof[0],
                                replay == nullptr ? "" : fmt::format("; {}", fmt::join(*replay, ", ")));
        }
    return text;
}

std::map<char, std::size_t> counted(const std::vector<const ProofPair*>& questions, Book& book) {
    std::map<char, std::size_t> sums;
    for (const ProofPair* pair : questions) ++sums[book.letter_of(*pair)];
    return sums;
}

std::string sums_text(const std::map<char, std::size_t>& sums) {
    std::string text;
    for (const auto& [one, count] : sums)
        text += fmt::format("- {}: {}\n", one == ' ' ? "not asked" : fmt::format("`{}`", one), count);
    return text;
}

void write_page(const std::string& page, const std::vector<ProofPair>& pairs,
                const std::vector<const ProofPair*>& questions, const std::vector<Fix>& fixes, Book& book) {
    std::vector<std::string> nats;
    for (const ProofPair& pair : pairs)
        if (std::find(nats.begin(), nats.end(), pair.nat) == nats.end()) nats.push_back(pair.nat);
    std::string text = key;
    std::vector<std::string> headings{""};
    for (const Fix& fix : fixes) headings.push_back(fix.name);
    for (const std::string& fix : headings) {
        std::map<std::string, std::vector<std::string>> row_of;  // cells by server
        for (const ProofPair& pair : pairs) {
            if (pair.fix != fix) continue;
            row_of[pair.server].resize(nats.size(), "-");
            const auto column = std::find(nats.begin(), nats.end(), pair.nat) - nats.begin();
            row_of[pair.server][static_cast<std::size_t>(column)] = book.letter_of(pair);
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
    text += "\n## In all\n\nOf the different questions, each once:\n\n" + sums_text(counted(questions, book));
    text += "\n## What is not proved\n\n" + reasons(questions, book);
    std::ofstream(page) << text;
}

std::string seconds_since(std::chrono::steady_clock::time_point begin) {
    return fmt::format("{:.1f}",
                       std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
}

/// Asks what is not known yet: the prover, the explorer, and of what fails where it should not the explorer
/// again.
void answer(const ProofPair& pair, const std::string& question, const Scenario& scenario,
            const PolicyLibrary& library, PairProver& prover, Book& book) {
    constexpr std::chrono::seconds patience(120);
    std::optional<RecoveryProof> whole;
    if (book.proofs.find(question) == nullptr) {
        const auto begin = std::chrono::steady_clock::now();
        ProvedPair proved = prover.prove(pair);
        whole = std::move(proved.whole);
        book.proofs.add(question, {to_string(proved.proof), seconds_since(begin), proved.proof.why});
    }
    const Fields* const verdict = book.verdicts.find(question);
    const FixProof proof = proof_named(*book.proofs.find(question));
    // What is claimed may be another than when it was explored.
    std::optional<explorer::Verdict> known;
    if (verdict != nullptr && explored(*verdict).one_client == explorer::Verdict::Inconclusive)
        known = explored(*verdict).verdict;
    if (verdict == nullptr || (known && one_client_counts(*known, proof))) {
        const auto begin = std::chrono::steady_clock::now();
        const ExploredPair e =
            explore_pair(scenario_of(pair, scenario, library), library, proof, patience, known);
        Fields said{std::string(to_string(e.verdict)), std::string(to_string(e.one_client)),
                    seconds_since(begin)};
        if (e.wears_out) said.emplace_back(wears_out);
        book.verdicts.add(question, said);
    }
    if (book.letter_of(pair) != 'b' || book.replays.find(question) != nullptr) return;
    if (!whole) whole = prover.prove(pair).whole;
    const Replay replay = prover.try_counterexample(pair, *whole, patience);
    std::string settings;
    if (!replay.tries.empty())
        for (const auto& [setting, value] : replay.tries.back().set)
            settings += fmt::format(" {}={}", setting, value);
    book.replays.add(question, {found_elsewhere(replay) ? elsewhere : std::string(to_string(replay.outcome)),
                                replay.start + settings});
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() < 2) return fmt::print(stderr, "see the head of proof_table.cpp\n"), 2;
    unsigned threads = 1;
    std::string page, only;
    std::size_t first = SIZE_MAX;
    for (std::size_t i = 2; i < arguments.size(); ++i) {
        if (arguments[i] == "--threads") threads = static_cast<unsigned>(std::stoul(arguments.at(++i)));
        if (arguments[i] == "--write") page = arguments.at(++i);
        if (arguments[i] == "--only") only = arguments.at(++i);
        if (arguments[i] == "--first") first = std::stoul(arguments.at(++i));
    }
    const std::filesystem::path spec = arguments[0], cache = arguments[1];
    std::filesystem::create_directories(cache);
    Book book(cache);
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
        answer(*questions[i], question, scenario, library, prover, book);
    });
    questions.resize(std::min(first, questions.size()));
    if (!page.empty()) write_page(page, pairs, questions, fixes, book);
    const auto sums = counted(questions, book);
    fmt::print("{}{}", reasons(questions, book), sums_text(sums));
    return std::any_of(sums.begin(), sums.end(),
                       [](const auto& sum) { return bad.find(sum.first) != std::string_view::npos; });
}
