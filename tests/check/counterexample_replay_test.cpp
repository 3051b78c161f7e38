/// What defeats a proof is looked for in worlds of the scenario: found as a whole run, or not.
#include "check/counterexample_replay.hpp"

#include <catch2/catch.hpp>

#include "check/replay_report.hpp"
#include "solver/recovery/prover.hpp"
#include "spec/world/recovery.hpp"
#include "tests/check/scenario_bench.hpp"
#include "tests/temporary_folder.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

/// freebsd-7 without an ear for resets: nothing ends an old connection, however the NAT passes them.
class DeafServer {
   public:
    std::string file() const { return file_.string(); }

   private:
    TemporaryFolder folder_;
    std::filesystem::path file_ =
        folder_.write("deaf.toml",
                      "name = \"deaf\"\ntitle = \"hears no reset\"\nextends = \"freebsd-7\"\n"
                      "[[rule]]\nid = \"deaf\"\nstate = \"ESTABLISHED\"\nsegment = \"RST\"\n"
                      "do = \"drop\"\nsource = \"a test\"\n");
};

Settings deaf(const DeafServer& server) {
    return {{"nat.nf_conntrack_tcp_be_liberal", "true"},
            {"client.syn_never_gives_up", "true"},
            {"server.policy", server.file()},
            {"server.keepalive", "false"}};
}

Replay replayed(const Scenario& scenario, const std::string& start) {
    ProofOptions options;
    options.lemmas = false;
    options.only = start;
    const RecoveryProof proof = prove_recovery(Model(scenario, library()), options);
    const std::vector<Replay> replays = replay_counterexamples(scenario, library(), proof, verdict_only());
    const auto found = std::find_if(replays.begin(), replays.end(),
                                    [&](const Replay& replay) { return replay.start == start; });
    REQUIRE(found != replays.end());
    return *found;
}

std::uint64_t like_it(const Replay& replay) {
    std::uint64_t sum = 0;
    for (const ReplayTry& tried : replay.tries) sum += tried.like_it;
    return sum;
}

/// The client that is about to connect() where the counterexample begins never has its connection back.
void never_recovers(const Replay& replay) {
    REQUIRE(replay.trace);
    REQUIRE(replay.trace->loop);
    REQUIRE(replay.begins <= replay.trace->steps.size());
    bool somebody_stays_out = false;
    for (std::size_t client = 0; client < replay.model->clients().size(); ++client) {
        bool recovers = false;
        for (std::size_t i = replay.begins; i < replay.trace->steps.size(); ++i)
            recovers |= has_recovered(*replay.model, replay.trace->steps[i].after, client);
        somebody_stays_out |= !recovers;
    }
    CHECK(somebody_stays_out);
}

}  // namespace

TEST_CASE("The counterexample to a server that hears no reset is found in the scenario itself, as a loop") {
    const DeafServer server;
    const Replay replay = replayed(founding(deaf(server)), "server in ESTABLISHED");
    CHECK(replay.outcome == Replay::Outcome::Found);
    CHECK(replay.tries.size() == 1);
    CHECK(replay.tries.front().set.empty());
    never_recovers(replay);
    CHECK(*replay.trace->loop < replay.trace->steps.size());
    const std::string text = replay_report({replay}, {});
    CHECK_THAT(text, Catch::Contains("server in ESTABLISHED") && Catch::Contains("found after"));
    CHECK(found_run_json({replay})["trace"].size() == replay.trace->steps.size());
}

TEST_CASE("Where no client has had a connection the same counterexample is not reachable") {
    const DeafServer server;
    const Replay replay = replayed(changed(founding(deaf(server)), {{"client.old_connection", "none"}}),
                                   "server in ESTABLISHED");
    CHECK(replay.outcome == Replay::Outcome::NotReachable);
    CHECK_FALSE(replay.trace);
    CHECK(like_it(replay) == 0);
    CHECK(replay.tries.size() > 2);
    for (const ReplayTry& tried : replay.tries) CHECK(tried.worlds > 1);
    CHECK_THAT(replay_report({replay}, {}), Catch::Contains("not reachable in the bounded configuration"));
    CHECK(found_run_json({replay}).is_null());
}

TEST_CASE("A handshake that the fault has cut defeats the repaired kernel in a scenario made for it") {
    const Replay replay = replayed(founding({{"nat.policy", "linux-6.18"}}), "server in SYN_RCVD");
    CHECK(replay.outcome == Replay::Outcome::Found);
    CHECK(replay.half_open);
    never_recovers(replay);
    // The client believes that it is connected; nobody will ever say otherwise.
    CHECK(*replay.trace->loop == replay.trace->steps.size());
    CHECK(replay.trace->steps.back().after.clients.front().tcb.state == TcpState::Established);
    CHECK(replay.trace->steps.back().after.servers.front().connections.empty());
    const SettingList& set = replay.tries.back().set;
    CHECK(std::find(set.begin(), set.end(),
                    std::pair<std::string, std::string>{"client.server_state", "SYN_RCVD"}) != set.end());
}

TEST_CASE("That others may meet an old connection does no harm to two clients where it closes after 6 min") {
    const Replay replay = replayed(founding({{"server.idle_close", "6min"}}), "server in ESTABLISHED");
    CHECK(replay.with_others);
    CHECK(replay.outcome == Replay::Outcome::Recovers);
    CHECK(like_it(replay) > 0);
    CHECK_FALSE(replay.trace);
}

TEST_CASE("Where every path recovers there is nothing to look for") {
    ProofOptions options;
    options.lemmas = false;
    options.own = true;
    const Scenario scenario = founding({{"server.policy", "teardown"}});
    const RecoveryProof proof = prove_recovery(Model(scenario, library()), options);
    CHECK(replay_counterexamples(scenario, library(), proof, verdict_only()).empty());
}
