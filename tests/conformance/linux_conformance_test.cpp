// The recorded behaviour of a real Linux 6.18 against the policies of that name.
#include <catch2/catch.hpp>

#include "tests/conformance/files.hpp"

using namespace halfopen;
using namespace halfopen::conformance;

namespace {

void require_agreement(const FileVerdict& verdict) {
    INFO(conform_text({verdict}, 3));
    CHECK(verdict.disagreed == 0);
    CHECK(verdict.outside == 0);
    CHECK(verdict.cases_agreed == verdict.cases);
}

}  // namespace

TEST_CASE("conntrack of Linux 6.18 does what its policy says, on every recorded segment") {
    const auto sample =
        test::conform(read_vectors(test::vectors("conntrack-linux-6.18-sample.jsonl")), "linux-6.18");
    CHECK(sample.cases == 800);
    CHECK(sample.agreed == 5232);
    require_agreement(sample);
}

TEST_CASE("TCP of Linux 6.18 answers every probe as its policy says") {
    const auto sample =
        test::conform(read_vectors(test::vectors("endpoint-linux-6.18-sample.jsonl")), "linux-6.18");
    CHECK(sample.cases == 486);
    require_agreement(sample);
}

TEST_CASE("TCP of Linux 6.18 treats timestamps as its policy says") {
    const auto verdict =
        test::conform(read_vectors(test::vectors("endpoint-linux-6.18-timestamps.jsonl")), "linux-6.18");
    CHECK(verdict.cases == 1200);
    CHECK(verdict.tally.judged[static_cast<std::size_t>(Aspect::ReplyTimestamp)] > 300);
    require_agreement(verdict);
}

TEST_CASE(
    "conntrack of Linux 6.18 does what its policy says in every cell, at every limit, with two clients and "
    "in real time") {
    const auto verdict = test::conform(read_vectors(test::vectors("nat-linux-6.18.jsonl")), "linux-6.18");
    CHECK(verdict.agreed > 4000);
    CHECK(verdict.tally.judged[static_cast<std::size_t>(Aspect::HostAnswer)] > 100);
    require_agreement(verdict);
}

TEST_CASE(
    "behind `ct state invalid drop` what is INVALID goes nowhere, and what is not reaches whom it would") {
    const auto observed = read_vectors(test::vectors("drop-invalid-linux-6.18.jsonl"));
    const auto verdict = test::conform(observed, "linux-6.18");
    CHECK(verdict.agreed > 400);
    require_agreement(verdict);
    // From outside, for nobody: answered where it opens a connection with the NAT host or is picked up as
    // one.
    std::size_t answered = 0, dropped = 0;
    for (const NatSequence& sequence : observed.nat_sequences) {
        const NatObservation& first = sequence.steps.front();
        if (!first.outbound && first.answer) ++(first.answer->empty() ? dropped : answered);
    }
    CHECK(answered > 2);
    CHECK(dropped > 10);
    // A NAT host without the rule would have let through, or answered, what this one dropped.
    Vectors without_rule = observed;
    for (NatSequence& sequence : without_rule.nat_sequences) sequence.config.erase("invalid");
    CHECK(test::conform(without_rule, "linux-6.18").disagreed > 40);
}

TEST_CASE("A client that comes again within SYN_SENT passes conntrack of Linux 6.18 as its policy says") {
    const auto verdict =
        test::conform(read_vectors(test::vectors("second-attempt-linux-6.18.jsonl")), "linux-6.18");
    CHECK(verdict.agreed > 400);
    require_agreement(verdict);
}

TEST_CASE(
    "A server's reset between two SYNs of a connect() makes conntrack of Linux 6.18 lose the handshake that "
    "follows") {
    const Vectors observed = read_vectors(test::vectors("given-up-linux-6.18.jsonl"));
    const auto verdict = test::conform(observed, "linux-6.18");
    CHECK(verdict.agreed > 300);
    require_agreement(verdict);
    // The client hears the SYN-ACK, and its ACK leaves with the address that it has inside.
    std::size_t wedged = 0;
    for (const NatSequence& sequence : observed.nat_sequences) {
        const auto synack = std::find_if(sequence.steps.begin(), sequence.steps.end(), [](const auto& step) {
            return step.segment.flags == (flag::syn | flag::ack);
        });
        REQUIRE(synack + 1 < sequence.steps.end());
        const NatObservation& ack = *(synack + 1);
        wedged += synack->forwarded && ack.source && ack.source->ip == sequence.clients.front() ? 1 : 0;
    }
    CHECK(wedged > 3);
}

TEST_CASE("TCP of Linux 6.18 goes through whole connections as its policy says") {
    const auto verdict =
        test::conform(read_vectors(test::vectors("connections-linux-6.18.jsonl")), "linux-6.18");
    CHECK(verdict.agreed > 2500);
    CHECK(verdict.tally.judged[static_cast<std::size_t>(Aspect::Timer)] > 2500);
    require_agreement(verdict);
}

TEST_CASE("TCP of Linux 6.18 treats windows, and timestamps of whole connections, as its policy says") {
    const auto verdict = test::conform(read_vectors(test::vectors("windows-linux-6.18.jsonl")), "linux-6.18");
    CHECK(verdict.cases > 200);
    CHECK(verdict.tally.judged[static_cast<std::size_t>(Aspect::ReplyTimestamp)] > 500);
    require_agreement(verdict);
}

TEST_CASE("TCP of Linux 6.18 takes and refuses what a segment echoes as its policy says; 6.1 would not") {
    const auto observed = read_vectors(test::vectors("timestamp-echo-linux-6.18.jsonl"));
    const auto verdict = test::conform(observed, "linux-6.18");
    CHECK(verdict.cases > 100);
    CHECK(verdict.tally.judged[static_cast<std::size_t>(Aspect::ReplyClock)] > 200);
    require_agreement(verdict);
    CHECK(test::conform(observed, "linux-6.1").disagreed > 20);
}

TEST_CASE(
    "TCP of Linux 6.18 keeps a doubled wait as its policy says; one that began anew would be found out") {
    const auto observed = read_vectors(test::vectors("backoff-linux-6.18.jsonl"));
    require_agreement(test::conform(observed, "linux-6.18"));
    Policy forgets = test::policy(PolicyKind::Endpoint, "linux-6.18");
    forgets.set("keeps_backoff", "false");
    CHECK(conform(observed, forgets, forgets).disagreed > 5);
}

TEST_CASE("what Linux 6.18 does rarely its policy does as well") {
    const auto verdict = test::conform(read_vectors(test::vectors("rare-linux-6.18.jsonl")), "linux-6.18");
    CHECK(verdict.cases == 19);
    require_agreement(verdict);
}

TEST_CASE("real clients that come back to a real server pass the NAT as its policy says") {
    require_agreement(
        test::conform(read_vectors(test::vectors("end-to-end-linux-6.18.jsonl")), "linux-6.18"));
}

TEST_CASE("the recorded segments tell the eras apart: no older NAT agrees with all of them") {
    const auto observed = read_vectors(test::vectors("conntrack-linux-6.18-sample.jsonl"));
    for (const auto* name : {"linux-2.6.18", "linux-2.6.31", "linux-3.6", "linux-5.10", "linux-5.18"}) {
        INFO(name);
        CHECK(test::conform(observed, name).disagreed > 0);
    }
}

TEST_CASE("the recorded probes tell stacks apart: a wrong policy is found out") {
    const auto observed = read_vectors(test::vectors("endpoint-linux-6.18-sample.jsonl"));
    for (const auto* name : {"linux-2.6.24", "freebsd-7", "freebsd-14"}) {
        INFO(name);
        CHECK(test::conform(observed, name).disagreed > 5);
    }
}
