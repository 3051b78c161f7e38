// A trace is a run that could happen: its numbers fit together, its time goes forward, its loop repeats.
#include <catch2/catch.hpp>
#include <deque>

#include "check/concrete_trace.hpp"
#include "spec/world/world_system.hpp"
#include "tests/check/scenario_bench.hpp"
#include "tests/temporary_folder.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

struct Run {
    Model model;
    CheckResult result;

    explicit Run(const Scenario& scenario) : model(scenario, library()) {
        CheckOptions options = verdict_only();
        options.trace = true;
        result = check(model, options);
    }
    const Trace& trace() const { return result.trace; }
};

/// Puts every segment sent on its link and takes every segment that arrives or is lost off it again.
class Wires {
   public:
    explicit Wires(const Model& model) : queues_(model.links().size()) {}

    void follow(const Step& step) {
        using Kind = Step::Kind;
        if (step.kind == Kind::Deliver || step.kind == Kind::Lose || step.kind == Kind::Duplicate) {
            REQUIRE(step.segment);
            REQUIRE(step.link < queues_.size());
            auto& queue = queues_[step.link];
            REQUIRE_FALSE(queue.empty());
            CHECK(queue.front() == wire_form(*step.segment));
            if (step.kind != Kind::Duplicate) queue.pop_front();
            if (step.kind == Kind::Duplicate) queue.push_front(queue.front());
        }
        for (const Emission& emission : step.sent) {
            if (emission.link != no_link) queues_[emission.link].push_back(wire_form(emission.segment));
        }
    }

   private:
    static std::string wire_form(const ConcreteSegment& s) {
        return to_string(s) + " seq " + std::to_string(s.seq.value) + " ack " + std::to_string(s.ack.value);
    }
    std::vector<std::deque<std::string>> queues_;
};

bool same_event(const Step& a, const Step& b) {
    return a.kind == b.kind && a.node == b.node && a.elapsed == b.elapsed && a.timer == b.timer &&
           a.link == b.link && a.rule == b.rule && a.sent.size() == b.sent.size();
}

std::vector<std::byte> packed(WorldSystem& system, const World& world) {
    std::vector<std::byte> bytes;
    system.pack(system.canonical(world), bytes);
    return bytes;
}

void check_run(const Run& run) {
    const Trace& trace = run.trace();
    REQUIRE_FALSE(trace.steps.empty());
    CHECK(trace.steps.front().step.kind == Step::Kind::Fault);
    Wires wires(run.model);
    std::uint64_t now = 0;
    for (const TraceStep& step : trace.steps) {
        CHECK(step.at == now + step.step.elapsed);
        CHECK((step.step.elapsed > 0) == (step.step.kind == Step::Kind::Time));
        now = step.at;
        wires.follow(step.step);
    }
}

}  // namespace

TEST_CASE("The shortest trace into the hang is a run whose segments were all sent before they arrive") {
    const Run run(one_connect());
    REQUIRE(run.result.verdict == explorer::Verdict::Permanent);
    check_run(run);
}

TEST_CASE("Runs with two clients, lost and repeated segments fit together as well") {
    const Settings endless{{"client.syn_never_gives_up", "true"}};
    check_run(Run(founding(endless)));
    check_run(Run(one_connect({{"network.loss", "1"}})));
    check_run(Run(one_connect({{"network.duplication", "1"}})));
    check_run(Run(one_connect({{"nat.policy", "linux-6.18"}})));
    check_run(Run(founding({{"scenario.clients", "1"}})));
}

TEST_CASE("What follows the beginning of the loop comes again, step by step") {
    for (const bool endless : {true, false}) {
        const Run run(endless ? one_connect() : founding({{"scenario.clients", "1"}}));
        const Trace& trace = run.trace();
        REQUIRE(trace.loop);
        REQUIRE(*trace.loop > 0);
        REQUIRE(*trace.loop < trace.steps.size());
        std::uint64_t elapsed = 0;
        for (std::size_t i = *trace.loop; i < trace.steps.size(); ++i) elapsed += trace.steps[i].step.elapsed;
        CHECK(elapsed > 0);  // an endless run, not a storm
        WorldSystem system(run.model, {}, {});
        World world = trace.steps.back().after;
        for (std::size_t i = *trace.loop; i < trace.steps.size(); ++i) {
            const auto successors = system.successors_unrenamed(world);
            const auto again = std::find_if(successors.begin(), successors.end(), [&](const auto& successor) {
                return same_event(successor.first, trace.steps[i].step);
            });
            REQUIRE(again != successors.end());
            world = again->second;
        }
    }
}

TEST_CASE("One connect() loops with the very same numbers, through states that are the same") {
    const Run run(one_connect());
    const Trace& trace = run.trace();
    REQUIRE(trace.loop);
    WorldSystem system(run.model, {}, {});
    CHECK(packed(system, trace.steps[*trace.loop - 1].after) == packed(system, trace.steps.back().after));
    for (std::size_t i = *trace.loop; i < trace.steps.size(); ++i) CHECK(trace.steps[i].step.draws.empty());
}

TEST_CASE("The hang is the one of the report: SYN, ACK of the old connection, RST that is not translated") {
    const Run run(one_connect());
    const Trace& trace = run.trace();
    bool syn = false, old_ack = false, leaked_rst = false;
    std::uint32_t acknowledged = 0;
    for (std::size_t i = *trace.loop; i < trace.steps.size(); ++i) {
        const Step& step = trace.steps[i].step;
        for (const Emission& emission : step.sent) {
            if (step.node.kind == NodeRef::Kind::Client && emission.segment.flags == flag::syn) syn = true;
            if (step.node.kind == NodeRef::Kind::Server) {
                old_ack = syn && emission.segment.flags == flag::ack;
                acknowledged = emission.segment.ack.value;
            }
        }
        if (step.outcome && *step.outcome == NatOutcome::Leaked) {
            leaked_rst = old_ack && step.segment->flags == flag::rst;
            CHECK(step.segment->seq.value == acknowledged);
            CHECK((step.tag_bits & tag::leak) != 0);
        }
    }
    CHECK(leaked_rst);
}

TEST_CASE("A bounded scenario's trace ends recovered and shows the worst time") {
    const Run run(one_connect({{"nat.policy", "linux-6.18"}}));
    REQUIRE(run.result.verdict == explorer::Verdict::Bounded);
    const Trace& trace = run.trace();
    CHECK_FALSE(trace.loop);
    CHECK(recovery_marks(run.model, trace.steps.back().after) == 3);
    std::uint64_t counted = 0;
    for (const TraceStep& step : trace.steps) counted += step.step.duration();
    CHECK(counted == run.result.worst_ms);
}

TEST_CASE("A run that no numbers take is none: worlds are told apart by sums of two comparisons then") {
    // Draws from corners leave no room for the next ones where each SYN is judged, as Open vSwitch did up to
    // 2.13.
    const TemporaryFolder folder;
    std::string judges_each_syn =
        "name = \"judges-each-syn\"\ntitle = \"a test\"\nextends = \"ovs-userspace\"\n";
    for (const std::string rule : {"syn-again", "syn-from-server-again", "syn-from-server"})
        judges_each_syn += "[[rule]]\nid = \"" + rule + "\"\nremove = true\n";
    const Scenario scenario = founding({{"server.policy", "gvisor-2018"},
                                        {"server.idle_close", "6min"},
                                        {"nat.policy", folder.write("judges-each-syn.toml", judges_each_syn)},
                                        {"scenario.clients", "1"}});
    CheckOptions options = verdict_only();
    options.trace = options.prove_coverage = true;
    options.isn = IsnMode::Complete;
    const Model model(scenario, library());
    const CheckResult result = check(model, options);
    CHECK(result.verdict == explorer::Verdict::Unbounded);
    CHECK(result.trace.loop);
    CHECK(result.proof.joint);
    options.judged = [](const WorldExploration&, const explorer::Judgement&) {};
    CHECK_THROWS_AS(check(model, options), NoSuchRun);
}

TEST_CASE(
    "A trace is made where a run's numbers have another canonical form than the states that it stands for") {
    // A client's host that is silent where it has no connection: old and new numbers of both clients are
    // alive at once, and renaming has to choose again (canonical_values()).
    const TemporaryFolder folder;
    std::filesystem::copy(spec_folder + "/policies", folder.path(), std::filesystem::copy_options::recursive);
    folder.write(
        "endpoints/silent-when-closed.toml",
        "name = \"silent-when-closed\"\ntitle = \"no reset where no connection is\"\n"
        "extends = \"linux-6.1\"\n\n[[rule]]\nid = \"closed-any\"\nstate = \"CLOSED\"\n"
        "segment = [\"SYN\", \"SYN-ACK\", \"FIN\", \"ACK\", \"NONE\"]\ndo = \"drop\"\nsource = \"test\"\n");
    const PolicyLibrary policies(folder.path());
    const Model model(changed(read_scenario(spec_folder + "/scenarios/tuple-collapse.toml"),
                              {{"target.policy", "gvisor-2018"},
                               {"first.policy", "silent-when-closed"},
                               {"second.policy", "silent-when-closed"},
                               {"zoneA.host_policy", "silent-when-closed"},
                               {"zoneB.host_policy", "silent-when-closed"}}),
                      policies);
    CheckOptions options = verdict_only();
    options.trace = true;
    const CheckResult result = check(model, options);
    CHECK(result.verdict == explorer::Verdict::Permanent);
    REQUIRE(result.trace.loop);
    CHECK(result.trace.steps.size() > 80);
}
