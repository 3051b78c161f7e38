/// Recovery for all numbers: what holds, what does not, and that the proof can fail.
#include "solver/recovery/prover.hpp"

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <utility>

#include "solver/recovery/path_search.hpp"
#include "tests/solver/both_readings.hpp"
#include "tests/temporary_folder.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

Model founding(const Settings& settings) {
    Scenario scenario = read_scenario(std::string(HALFOPEN_SOURCE_DIR) + "/spec/scenarios/founding.toml");
    for (const auto& [key, value] : settings) apply_setting(scenario, key, value);
    return {std::move(scenario), shipped_policies()};
}

RecoveryProof proof_of(const Settings& settings, ProofOptions options = {}) {
    options.lemmas = false;
    return prove_recovery(founding(settings), options);
}

bool recovers_from(const StartResult& start) {
    return !start.failure && start.syn_sent && !start.syn_sent->failure;
}
bool recovers_from_everything(const RecoveryProof& proof) {
    return !proof.starts.empty() && std::all_of(proof.starts.begin(), proof.starts.end(), recovers_from);
}

const StartResult& from(const RecoveryProof& proof, const std::string& what) {
    for (const StartResult& start : proof.starts)
        if (start.what == what) return start;
    throw std::invalid_argument("nothing begins with " + what);
}

ProofOptions just(const std::string& start) {
    ProofOptions options;
    options.only = start;
    return options;
}

const Settings teardown{{"server.policy", "teardown"}};
const Settings be_liberal{{"nat.nf_conntrack_tcp_be_liberal", "true"}};

}  // namespace

TEST_CASE("A server that tears old connections down at a SYN gives every client its connection at once") {
    const RecoveryProof proof = proof_of(teardown);
    CHECK(recovers_from_everything(proof));
    CHECK(proof.worst_ms == 0);
    CHECK(proof.rounds == 1);
    CHECK(proof.left_out.empty());
    CHECK_FALSE(proof.example.empty());
    CHECK(proof.starts.size() > 10);
}

TEST_CASE("From what cannot be nothing is proved, and each start that recovers has a run to show") {
    const Model model = founding(teardown);
    const FairRun run(model);
    z3::context context;
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(10);
    for (LeftBehind start : left_behind(context, run, model.scenario().fault)) {
        for (const Begin begin : {Begin::Connect, Begin::SynSent}) {
            INFO(start.what);
            const auto searched = [&] { return StartSearch(context, run, start, {}, {}, end).paths(begin); };
            const PathSearch possible = searched();
            CHECK_FALSE(possible.failure);
            CHECK_FALSE(possible.example.empty());
            const z3::expr known = start.known;
            start.known = known && !known;
            const PathSearch impossible = searched();
            REQUIRE(impossible.failure);
            CHECK(impossible.failure->kind == FailureKind::Vacuous);
            start.known = known;
        }
    }
}

TEST_CASE("What a client that connects comes to is not asked again where its SYNs were lost before") {
    const Model model = founding(teardown);
    const FairRun run(model);
    z3::context context;
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(10);
    for (const LeftBehind& start : left_behind(context, run, model.scenario().fault)) {
        if (start.what != "server in FIN_WAIT_2") continue;
        StartSearch both(context, run, start, {}, {}, end);
        CHECK_FALSE(both.paths(Begin::Connect).failure);
        const PathSearch after = both.paths(Begin::SynSent);
        const PathSearch alone = StartSearch(context, run, start, {}, {}, end).paths(Begin::SynSent);
        CHECK_FALSE(after.failure);
        CHECK_FALSE(after.example.empty());
        CHECK(after.worst_ms == alone.worst_ms);
        CHECK(after.questions < alone.questions);
        return;
    }
    FAIL("nothing begins in FIN_WAIT_2");
}

// Where the needs of states that were followed from other times are met, the worst time is a bound.
TEST_CASE("A proof shows a run though none takes as long as the proof allows") {
    ProofOptions options;
    options.own = true;
    const RecoveryProof proof = proof_of({{"server.policy", "linux-3.0"},
                                          {"nat.policy", "linux-6.18"},
                                          {"server.keepalive", "true"},
                                          {"server.keepalive_idle", "60s"}},
                                         options);
    const StartResult& idle = from(proof, "server in ESTABLISHED");
    CHECK_FALSE(idle.failure);
    REQUIRE_FALSE(proof.example.empty());
    CHECK(proof.example.back().ms < idle.worst_ms);
}

TEST_CASE("Without its lemmas a proof is not called one") {
    CHECK(proof_of(teardown).status == ProofStatus::NotProved);
}

TEST_CASE("Behind a liberal NAT every client recovers for all but one of 2^32 numbers") {
    const RecoveryProof proof = proof_of(be_liberal);
    CHECK(recovers_from_everything(proof));
    CHECK(proof.left_out == std::vector<LeftOut>{{"ISS", "RCV.NXT", 0xFFFFFFFF, 1}});
    CHECK(from(proof, "server in ESTABLISHED").worst_ms == 3000);
    CHECK(from(proof, "server in ESTABLISHED").rounds == 2);
    // The last SYN of a connect() may be the one that ends the old connection: the next one begins 99 s
    // later.
    CHECK(from(proof, "server in ESTABLISHED").syn_sent->worst_ms == 99'000);
    CHECK(proof.may_move);
}

TEST_CASE("The founding story itself has no proof, but a run that goes round for ever") {
    Settings settings{{"client.syn_never_gives_up", "true"}};
    const RecoveryProof proof = proof_of(settings, just("server in ESTABLISHED"));
    const StartResult& start = from(proof, "server in ESTABLISHED");
    REQUIRE(start.failure);
    CHECK(start.failure->kind == FailureKind::Loop);
    CHECK(start.failure->loop_from > 0);
    CHECK(start.failure->run.size() > start.failure->loop_from);
}

TEST_CASE(
    "A connect() whose last SYN is thrown away in TIME_WAIT leaves the NAT an entry that the next one does "
    "not get "
    "past") {
    const RecoveryProof proof = proof_of({{"nat.policy", "linux-6.18"}}, just("server in TIME_WAIT"));
    const StartResult& start = from(proof, "server in TIME_WAIT");
    CHECK_FALSE(start.failure);  // from the first SYN on there is time enough
    REQUIRE(start.syn_sent);
    REQUIRE(start.syn_sent->failure);
    CHECK(start.syn_sent->failure->syn_sent);
    CHECK(start.syn_sent->failure->kind == FailureKind::Stuck);
    CHECK(start.syn_sent->failure->run.front().note == "SYN retransmission timeout");
}

TEST_CASE("The scenario's own clients send their first SYN when the NAT works") {
    ProofOptions options = just("server in ESTABLISHED");
    options.own = true;
    CHECK_FALSE(from(proof_of(teardown, options), "server in ESTABLISHED").syn_sent);
}

TEST_CASE("A server that has lost its rule for resets has no proof behind a liberal NAT") {
    const test::TemporaryFolder folder;
    const auto file =
        folder.write("deaf.toml",
                     "name = \"deaf\"\ntitle = \"hears no reset\"\nextends = \"freebsd-7\"\n"
                     "[[rule]]\nid = \"deaf\"\nstate = \"ESTABLISHED\"\nsegment = \"RST\"\ndo = \"drop\"\n"
                     "source = \"a test\"\n");
    Settings settings = be_liberal;
    settings.emplace_back("client.syn_never_gives_up", "true");
    settings.emplace_back("server.keepalive", "false");
    settings.emplace_back("server.policy", file);
    const RecoveryProof proof = proof_of(settings, just("server in ESTABLISHED"));
    const StartResult& start = from(proof, "server in ESTABLISHED");
    REQUIRE(start.failure);
    // The reset closes the NAT's entry but not the connection, which somebody else may meet next, or this
    // client again for ever.
    REQUIRE(start.with_others);
    CHECK(start.with_others->kind == FailureKind::Moved);
    CHECK(start.failure->kind == FailureKind::Loop);
}

TEST_CASE("A handshake that a fault has cut is no part of the claim, and does defeat the repaired kernel") {
    const Settings repaired{{"nat.policy", "linux-6.18"}};
    ProofOptions options;
    options.own = true;
    const RecoveryProof proof = proof_of(repaired, options);
    CHECK_FALSE(from(proof, "server in ESTABLISHED").failure);
    CHECK_FALSE(from(proof, "server in ESTABLISHED").half_open);
    const StartResult& cut = from(proof, "server in SYN_RCVD");
    CHECK(cut.half_open);
    REQUIRE(cut.failure);
    CHECK(cut.failure->kind == FailureKind::Stuck);
}

TEST_CASE("Where the old connections are half-open themselves, they are what the claim is about") {
    const Settings half_open{{"nat.policy", "linux-6.18"}, {"client.server_state", "SYN_RCVD"}};
    ProofOptions options = just("server in SYN_RCVD");
    options.most_questions = 300;
    const StartResult start = from(proof_of(half_open, options), "server in SYN_RCVD");
    CHECK_FALSE(start.half_open);
    CHECK(start.own);
    CHECK(start.failure);
}

TEST_CASE(
    "A keepalive of 60 s helps a client alone, in the explorer's worst time; others may keep the connection "
    "alive",
    "[.slow]") {
    const Settings keepalive{{"server.keepalive", "true"}, {"server.keepalive_idle", "60s"}};
    const RecoveryProof proof = proof_of(keepalive, just("server in ESTABLISHED"));
    const StartResult& start = from(proof, "server in ESTABLISHED");
    CHECK_FALSE(start.failure);
    CHECK(start.worst_ms == 1'038'000);
    REQUIRE(start.with_others);
    CHECK(start.with_others->kind == FailureKind::Moved);
}

TEST_CASE("A server that closes idle connections helps a client alone") {
    const StartResult start = from(proof_of({{"server.idle_close", "6min"}}, just("server in ESTABLISHED")),
                                   "server in ESTABLISHED");
    CHECK_FALSE(start.failure);
    CHECK(start.with_others);
}

TEST_CASE(
    "Behind a NAT that has kept its table every client recovers in 9 s, and leaves a handshake at most") {
    const std::string start = "server in ESTABLISHED, the mapping without numbers";
    const RecoveryProof proof = proof_of({{"fault.table", "restored"}}, just(start));
    CHECK_FALSE(from(proof, start).failure);
    CHECK_FALSE(from(proof, start).with_others);
    CHECK(proof.worst_ms == 9000);
    CHECK(from(proof, start).leaves_half_open);
}

TEST_CASE(
    "A server that tears old connections down does so behind a kept table too, whatever has become of it") {
    const Settings kept{{"server.policy", "teardown"}, {"fault.table", "kept"}};
    const RecoveryProof proof = prove_recovery(founding(kept));
    REQUIRE(proof.entries);
    CHECK(proof.entries->holds());
    CHECK(proof.status == ProofStatus::ProvedAlone);
    CHECK(proof.own == ProofStatus::Proved);
    CHECK(proof.worst_ms == 3000);
    CHECK(proof.syn_sent_worst_ms == 99'000);
    std::size_t any = 0, none = 0;
    for (const StartResult& start : proof.starts) {
        INFO(start.what);
        if (!start.half_open) CHECK(recovers_from(start));
        any += start.what.ends_with(", any mapping") ? 1 : 0;
        none += start.what.ends_with(", no mapping") ? 1 : 0;
        CHECK(start.mapped != start.what.ends_with(", no mapping"));
    }
    CHECK(any == 13);
    CHECK(none == 13);
}

TEST_CASE("From each state of a kept mapping a run is found, and none from what cannot be") {
    const Model model = founding({{"server.policy", "teardown"}, {"fault.table", "kept"}});
    const FairRun run(model);
    z3::context context;
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(10);
    std::set<TrackState> states;
    for (LeftBehind start : left_behind(context, run, model.scenario().fault)) {
        if (start.what != "server in ESTABLISHED, any mapping") continue;
        for (const TrackState state : std::exchange(start.entries, {})) {
            states.insert(state);
            start.entries = {state};
            for (const Begin begin : {Begin::Connect, Begin::SynSent}) {
                INFO(to_string(state));
                const PathSearch possible = StartSearch(context, run, start, {}, {}, end).paths(begin);
                CHECK_FALSE(possible.failure);
                CHECK_FALSE(possible.example.empty());
            }
        }
        start.known = start.known && !start.known;
        const PathSearch impossible = StartSearch(context, run, start, {}, {}, end).paths(Begin::Connect);
        REQUIRE(impossible.failure);
        CHECK(impossible.failure->kind == FailureKind::Vacuous);
    }
    using enum TrackState;
    CHECK(states == std::set{Established, FinWait, CloseWait, LastAck, TimeWait, Close});
}

TEST_CASE("A kept mapping in its handshake can wedge a client for good, which is no part of the claim") {
    const Model model = founding({{"server.policy", "teardown"}, {"fault.table", "kept"}});
    const FairRun run(model);
    z3::context context;
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(10);
    for (LeftBehind start : left_behind(context, run, model.scenario().fault)) {
        if (start.what != "no connection at the server, a mapping in its handshake") continue;
        CHECK(start.half_open);
        start.entries = {TrackState::SynRecv};
        const PathSearch found = StartSearch(context, run, start, {}, {}, end).paths(Begin::Connect);
        REQUIRE(found.failure);
        CHECK(found.failure->kind == FailureKind::Stuck);
        CHECK(found.failure->entry == TrackState::SynRecv);
        return;
    }
    FAIL("nothing begins with a mapping in its handshake");
}

TEST_CASE("The scenario's own idle connections have a mapping whose numbers are theirs") {
    ProofOptions options;
    options.own = true;
    options.half_open = false;
    const RecoveryProof kept = proof_of({{"fault.table", "kept"}}, options);
    REQUIRE_FALSE(kept.starts.empty());
    CHECK(kept.starts.front().own);
    CHECK(kept.starts.front().what == "server in ESTABLISHED, the mapping idle");
    CHECK_FALSE(kept.starts.front().failure);
}

TEST_CASE("A mapping that may be gone when the client comes back is the founding story again") {
    const StartResult start =
        from(proof_of({{"fault.table", "kept"}}, just("server in ESTABLISHED, no mapping")),
             "server in ESTABLISHED, no mapping");
    REQUIRE(start.failure);
    CHECK(start.failure->kind == FailureKind::Loop);
}

TEST_CASE("Attempts that fail alike are seen to go round, however new their numbers are") {
    const StartResult start = from(proof_of({}, just("server in ESTABLISHED")), "server in ESTABLISHED");
    REQUIRE(start.failure);
    CHECK(start.failure->kind == FailureKind::Loop);
}

TEST_CASE("A mapping that moves leaves behind what was on its way to its old port") {
    const std::string start = "no connection at the server, the mapping without numbers";
    const StartResult result = from(proof_of({{"fault.table", "restored"}}, just(start)), start);
    // Delivered at the new port, the old SYN-ACK would defeat one handshake after the other.
    CHECK_FALSE(result.failure);
    CHECK(result.worst_ms == 3000);
}

namespace {

bool cvc5_is_installed() {
    if (std::system("cvc5 --version >/dev/null 2>&1") == 0) return true;
    WARN("skipped: cvc5 is not installed");
    return false;
}

std::string answer_of_cvc5(const std::string& file) {
    const std::string command = "cvc5 " + file + " 2>&1";
    FILE* pipe = popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    char answer[64] = {};
    const char* line = fgets(answer, sizeof answer, pipe);
    pclose(pipe);
    return line != nullptr ? line : "";
}

/// Every question that a whole proof rests on, its two lemmas' among them.
void check_with_cvc5(const Settings& fix) {
    if (!cvc5_is_installed()) return;
    const test::TemporaryFolder folder;
    std::size_t questions = 0;
    ProofOptions options;
    options.record = [&](const std::string& smt_lib) {
        ++questions;
        INFO(smt_lib);
        CHECK(answer_of_cvc5(folder.write("question.smt2", "(set-logic QF_BV)\n" + smt_lib)) == "unsat\n");
    };
    const RecoveryProof proof = prove_recovery(founding(fix), options);
    CHECK(proof.status == ProofStatus::Proved);
    CHECK(questions > 200);
}

}  // namespace

TEST_CASE("Another solver agrees on each question that the proof of teardown rests on") {
    check_with_cvc5(teardown);
}

TEST_CASE("Another solver agrees on each question that the proof of be-liberal rests on", "[.slow]") {
    check_with_cvc5(be_liberal);
}

TEST_CASE("What is left at the founding story's server stays within what the proofs start from") {
    const Model model(read_scenario(std::string(HALFOPEN_SOURCE_DIR) + "/spec/scenarios/founding.toml"),
                      shipped_policies());
    const FairRun run(model);
    z3::context context;
    const Induction induction = server_invariant(context, run);
    for (const std::string& failure : induction.failures) UNSCOPED_INFO(failure);
    CHECK(induction.holds());
    CHECK(induction.paths > induction.cases);
}

TEST_CASE("A proof whose time is up says so at once, whatever Z3 is in the middle of") {
    const Model model(read_scenario(std::string(HALFOPEN_SOURCE_DIR) + "/spec/scenarios/founding.toml"),
                      shipped_policies());
    for (const int ms : {1, 300}) {
        ProofOptions options;
        options.timeout = std::chrono::milliseconds(ms);
        const RecoveryProof proof = prove_recovery(model, options);
        CHECK(proof.status == ProofStatus::Inconclusive);
        // Loaded machines are slow; without interrupts the lemmas alone took ten seconds there.
        CHECK(proof.elapsed < std::chrono::milliseconds(ms + 1500));
    }
}
