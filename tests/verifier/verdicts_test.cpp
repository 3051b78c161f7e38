// What a search found is believed by something that does not search.
#include <catch2/catch.hpp>

#include "tests/verifier/forgery.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

std::string verdict_of(const Certified& certified) {
    INFO(lie_in(certified.file, certified.model));
    CHECK(lie_in(certified.file, certified.model).empty());
    return std::string(to_string(certified.verdict));
}

}  // namespace

TEST_CASE("A certificate of each verdict is verified") {
    CHECK(verdict_of(Certified(shipped("founding", {{"nat.nf_conntrack_tcp_be_liberal", "true"}}))) ==
          "bounded");
    CHECK(verdict_of(Certified(shipped("founding", {{"client.syn_never_gives_up", "true"}}))) == "permanent");
    CHECK(verdict_of(Certified(shipped("keepalive-refreshed"))) == "unbounded");
    CHECK(verdict_of(Certified(
              shipped("ack-war", {{"left.data_retransmit", "200ms"}, {"network.loss", "1"}}))) == "storm");
}

TEST_CASE("A certificate of all numbers, corners included, is verified") {
    CHECK(verdict_of(Certified(shipped("time-wait-mismatch"), true)) == "bounded");
    CHECK(verdict_of(Certified(shipped("forgotten-idle-flow"), true)) == "unbounded");
    CHECK(verdict_of(Certified(
              shipped("founding", {{"scenario.clients", "1"}, {"client.syn_never_gives_up", "true"}}),
              true)) == "permanent");
}

TEST_CASE("A certificate of a world with timestamps is verified") {
    CHECK(verdict_of(Certified(shipped("paws-on-syn"))) == "permanent");
}

TEST_CASE("A path into a trap is a run of real numbers, round after round") {
    // Clients that give up draw new numbers each time, which the canonical form renames.
    const Certified certified(shipped("keepalive-refreshed"));
    const Certificate certificate(certified.file, "test.cert");
    CHECK(certificate.counts().path_states > certificate.counts().loop_begin + 1);
    CHECK(lie_in(certified.file, certified.model).empty());
}

TEST_CASE("The verifier computes every transition again") {
    const Certified certified(shipped("keepalive-refreshed"));
    const Verification result = verified(certified.file, certified.model);
    const Certificate certificate(certified.file, "test.cert");
    CHECK(result.states == certificate.counts().states);
    CHECK(result.transitions >= certificate.counts().targets);
}

TEST_CASE("Verification stops when asked to, and has then proved nothing") {
    const Certified certified(shipped("keepalive-refreshed"));
    std::stop_source stop;
    stop.request_stop();
    CHECK(verifier::verify(Certificate(certified.file, "test.cert"), certified.model, stop.get_token())
              .interrupted);
}
