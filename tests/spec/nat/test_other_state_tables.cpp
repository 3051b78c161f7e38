// The state tables of the NATs that are not conntrack, cell by cell: reference/nats.md 3, 4.3 and 5.
//
// A connection is led to each state by its two ends; then a segment comes that is just what its sender would
// send next (a SYN: the one sent before), from inside (left) and from outside (right).  NO to CL: as
// test_state_table.cpp has them; CL is what the client's reset has made of an established connection,
// whatever that NAT calls it.  A cell:
//   a state  forwarded and translated, and the connection is in it
//   IGN      forwarded and translated; neither state nor timer changes
//   NEW      deleted, looked up again, and a new one is made
//   del      deleted, and the segment is lost
//   drop     lost;  RST, ACK: and the NAT answers the sender with that
//   inv      a rule drops it as invalid
//   host     it reaches the NAT's own TCP
#include <array>
#include <sstream>
#include <string>

#include "tests/spec/nat/life.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

Life led_to(const std::string& nat, const std::string& state) {
    Life life(nat);
    if (state == "NO") return life;
    life.syn();
    if (state == "SS") return life;
    life.syn_ack();
    if (state == "SR") return life;
    life.out(A, own, peer);
    if (state == "CL") life.reset();
    if (state == "ES" || state == "CL") return life;
    life.fin();
    if (state == "FW") return life;
    life.fin_of_server();
    if (state == "TW") life.last_ack();
    return life;
}

std::string outcome(const Life& life, bool known, const Step& step) {
    if (!step.sent.empty()) return step.sent.front().has(flag::rst) ? "RST" : "ACK";
    switch (step.outcome) {
        case NatOutcome::Leaked:
            return "leak";
        case NatOutcome::ToHost:
            return "host";
        case NatOutcome::DroppedInvalid:
            return "inv";
        case NatOutcome::Dropped:
            return known && life.entry() == nullptr ? "del" : "drop";
        case NatOutcome::Forwarded:
            break;
    }
    REQUIRE(life.entry() != nullptr);
    if (!step.reason.empty()) return "NEW";
    return step.ignored ? "IGN" : short_name(life.entry()->state);
}

std::string cell(const std::string& nat, const std::string& state, std::uint8_t direction,
                 std::uint8_t flags) {
    Life life = led_to(nat, state);
    const std::uint32_t fin = state == "FW" || state == "LA" || state == "TW" ? 1 : 0;
    const std::uint32_t fin_of_server = state == "LA" || state == "TW" ? 1 : 0;
    const bool known = life.entry() != nullptr;
    const std::uint32_t timer = known ? life.entry()->timeout : 0;
    const bool acks = (flags & flag::ack) != 0, syn = (flags & flag::syn) != 0;
    const std::uint32_t next[]{own + fin, peer + fin_of_server};
    const Step step = direction == original ? life.out(flags, syn ? own - 1 : next[0], acks ? next[1] : 0)
                                            : life.in(flags, syn ? peer - 1 : next[1], acks ? next[0] : 0);
    std::string text = outcome(life, known, step);
    if (text == "IGN" && life.entry()->timeout != timer) text += ", timer changed";
    return text;
}

/// Each line: a segment, its cells from inside, its cells from outside.
void check_table(const std::string& nat, const std::string& table) {
    std::istringstream lines(table);
    std::array<std::string, 8> states;
    for (int direction = 0; direction < 2; ++direction)
        for (auto& state : states) REQUIRE(lines >> state);
    for (const auto& [name, flags] : {std::pair{"SYN", S},
                                      {"SYNACK", SA},
                                      {"FIN", FA},
                                      {"ACK", A},
                                      {"RST", R},
                                      {"none", std::uint8_t{0}}}) {
        std::string row;
        REQUIRE(lines >> row);
        REQUIRE(row == name);
        for (const std::uint8_t direction : {original, reply})
            for (const auto& state : states) {
                std::string expected;
                REQUIRE(lines >> expected);
                INFO(nat << (direction == original ? " original " : " reply ") << name << " in " << state);
                CHECK(cell(nat, state, direction, flags) == expected);
            }
    }
}

}  // namespace

TEST_CASE("pf without a challenge ACK: what is next of each side passes, and the sides decide the state",
          "[table]") {
    check_table("pf-old", R"(
                NO   SS   SR   ES   FW   LA   TW   CL     NO   SS   SR   ES   FW   LA   TW   CL
        SYN     SS   SR   SR   ES   FW   LA   del  del    drop SR   SR   ES   FW   LA   del  del
        SYNACK  drop SR   ES   ES   FW   TW   TW   CL     drop SR   SR   ES   FW   LA   TW   CL
        FIN     drop SR   FW   FW   FW   TW   TW   CL     drop FW   FW   FW   LA   LA   TW   CL
        ACK     drop SR   ES   ES   FW   TW   TW   CL     drop SR   SR   ES   FW   LA   TW   CL
        RST     drop CL   CL   CL   CL   CL   CL   CL     drop CL   CL   CL   CL   CL   CL   CL
        none    drop SR   SR   ES   FW   LA   TW   CL     drop SR   SR   ES   FW   LA   TW   CL)");
}

TEST_CASE("pf of today: the same, but a SYN on a connection draws a challenge ACK of its own", "[table]") {
    for (const auto* nat : {"pf", "pf-static-port"})
        check_table(nat, R"(
                NO   SS   SR   ES   FW   LA   TW   CL     NO   SS   SR   ES   FW   LA   TW   CL
        SYN     SS   SR   SR   ACK  ACK  ACK  del  del    drop SR   SR   ACK  ACK  ACK  del  del
        SYNACK  drop SR   ES   ES   FW   TW   TW   CL     drop SR   SR   ES   FW   LA   TW   CL
        FIN     drop SR   FW   FW   FW   TW   TW   CL     drop FW   FW   FW   LA   LA   TW   CL
        ACK     drop SR   ES   ES   FW   TW   TW   CL     drop SR   SR   ES   FW   LA   TW   CL
        RST     drop CL   CL   CL   CL   CL   CL   CL     drop CL   CL   CL   CL   CL   CL   CL
        none    drop SR   SR   ES   FW   LA   TW   CL     drop SR   SR   ES   FW   LA   TW   CL)");
}

TEST_CASE("pf with return: what has no state is reset, but no reset is", "[table]") {
    check_table("pf-return-rst", R"(
                NO   SS   SR   ES   FW   LA   TW   CL     NO   SS   SR   ES   FW   LA   TW   CL
        SYN     SS   SR   SR   ACK  ACK  ACK  del  del    RST  SR   SR   ACK  ACK  ACK  del  del
        SYNACK  RST  SR   ES   ES   FW   TW   TW   CL     RST  SR   SR   ES   FW   LA   TW   CL
        FIN     RST  SR   FW   FW   FW   TW   TW   CL     RST  FW   FW   FW   LA   LA   TW   CL
        ACK     RST  SR   ES   ES   FW   TW   TW   CL     RST  SR   SR   ES   FW   LA   TW   CL
        RST     drop CL   CL   CL   CL   CL   CL   CL     drop CL   CL   CL   CL   CL   CL   CL
        none    RST  SR   SR   ES   FW   LA   TW   CL     RST  SR   SR   ES   FW   LA   TW   CL)");
}

TEST_CASE("sloppy pf: half a connection is enough, to open it and to close it", "[table]") {
    check_table("pf-sloppy", R"(
                NO   SS   SR   ES   FW   LA   TW   CL     NO   SS   SR   ES   FW   LA   TW   CL
        SYN     SS   SR   SR   ACK  ACK  ACK  del  del    drop SR   SR   ACK  ACK  ACK  del  del
        SYNACK  drop ES   ES   ES   LA   TW   TW   CL     drop SR   SR   ES   LA   LA   TW   CL
        FIN     drop SR   FW   LA   LA   TW   TW   CL     drop FW   FW   FW   LA   LA   TW   CL
        ACK     drop ES   ES   ES   LA   TW   TW   CL     drop SR   SR   ES   LA   LA   TW   CL
        RST     drop CL   CL   CL   CL   CL   CL   CL     drop CL   CL   CL   CL   CL   CL   CL
        none    drop SR   SR   ES   LA   LA   TW   CL     drop SR   SR   ES   LA   LA   TW   CL)");
}

TEST_CASE("Open vSwitch: any segment but a SYN-ACK begins a connection, and a SYN on a closed one another",
          "[table]") {
    check_table("ovs-userspace", R"(
                NO   SS   SR   ES   FW   LA   TW   CL     NO   SS   SR   ES   FW   LA   TW   CL
        SYN     SS   SR   SR   ES   FW   LA   NEW  NEW    drop drop drop ES   FW   LA   host host
        SYNACK  inv  IGN  ES   ES   FW   TW   TW   CL     drop SR   SR   ES   FW   LA   TW   CL
        FIN     SS   IGN  FW   FW   FW   TW   TW   CL     drop FW   FW   FW   LA   LA   TW   CL
        ACK     SS   IGN  ES   ES   FW   TW   TW   CL     drop SR   SR   ES   FW   LA   TW   CL
        RST     SS   CL   CL   CL   CL   CL   CL   CL     drop CL   CL   CL   CL   CL   CL   CL
        none    inv  inv  inv  inv  inv  inv  inv  inv    inv  inv  inv  inv  inv  inv  inv  inv)");
}

TEST_CASE("libalias: a link for any segment; a side is open by SYN and closed by FIN or RST, once",
          "[table]") {
    check_table("libalias", R"(
                NO   SS   SR   ES   FW   LA   TW   CL     NO   SS   SR   ES   FW   LA   TW   CL
        SYN     SS   SS   ES   ES   FW   CL   CL   FW     host ES   ES   ES   FW   CL   CL   FW
        SYNACK  SS   SS   ES   ES   FW   CL   CL   FW     host ES   ES   ES   FW   CL   CL   FW
        FIN     SS   CL   FW   FW   FW   CL   CL   FW     host SS   FW   FW   CL   CL   CL   CL
        ACK     SS   SS   ES   ES   FW   CL   CL   FW     host SS   ES   ES   FW   CL   CL   FW
        RST     CL   CL   FW   FW   FW   CL   CL   FW     host FW   FW   FW   CL   CL   CL   CL
        none    SS   SS   ES   ES   FW   CL   CL   FW     host SS   ES   ES   FW   CL   CL   FW)");
}

TEST_CASE(
    "VPP: a session is made by a SYN, established by SYN and ACK of both sides, transitory by one FIN or RST",
    "[table]") {
    check_table("vpp", R"(
                NO   SS   SR   ES   FW   LA   TW   CL     NO   SS   SR   ES   FW   LA   TW   CL
        SYN     SS   SS   SS   ES   CL   CL   CL   CL     drop SS   SS   ES   CL   CL   CL   CL
        SYNACK  drop SS   ES   ES   CL   CL   CL   CL     drop SS   SS   ES   CL   CL   CL   CL
        FIN     drop SS   ES   CL   CL   CL   CL   CL     drop SS   SS   CL   CL   CL   CL   CL
        ACK     drop SS   ES   ES   CL   CL   CL   CL     drop SS   SS   ES   CL   CL   CL   CL
        RST     drop SS   SS   CL   CL   CL   CL   CL     drop SS   SS   CL   CL   CL   CL   CL
        none    drop SS   SS   ES   CL   CL   CL   CL     drop SS   SS   ES   CL   CL   CL   CL)");
}

TEST_CASE("VigNAT: any segment from inside makes a flow, and flags are not looked at", "[table]") {
    check_table("vignat", R"(
                NO   SS   SR   ES   FW   LA   TW   CL     NO   SS   SR   ES   FW   LA   TW   CL
        SYN     ES   ES   ES   ES   ES   ES   ES   ES     drop ES   ES   ES   ES   ES   ES   ES
        SYNACK  ES   ES   ES   ES   ES   ES   ES   ES     drop ES   ES   ES   ES   ES   ES   ES
        FIN     ES   ES   ES   ES   ES   ES   ES   ES     drop ES   ES   ES   ES   ES   ES   ES
        ACK     ES   ES   ES   ES   ES   ES   ES   ES     drop ES   ES   ES   ES   ES   ES   ES
        RST     ES   ES   ES   ES   ES   ES   ES   ES     drop ES   ES   ES   ES   ES   ES   ES
        none    ES   ES   ES   ES   ES   ES   ES   ES     drop ES   ES   ES   ES   ES   ES   ES)");
}

TEST_CASE("RFC 5382 with RFC 6146's states: SYN, V6 and V4 FIN RCV, TRANS", "[table]") {
    check_table("rfc5382", R"(
                NO   SS   SR   ES   FW   LA   TW   CL     NO   SS   SR   ES   FW   LA   TW   CL
        SYN     SS   SS   ES   ES   FW   IGN  IGN  ES     drop ES   ES   ES   FW   IGN  IGN  ES
        SYNACK  drop IGN  ES   ES   FW   IGN  IGN  ES     drop ES   ES   ES   FW   IGN  IGN  ES
        FIN     drop IGN  FW   FW   FW   IGN  IGN  ES     drop IGN  CW   CW   LA   IGN  IGN  ES
        ACK     drop IGN  ES   ES   FW   IGN  IGN  ES     drop IGN  ES   ES   FW   IGN  IGN  ES
        RST     drop IGN  CL   CL   FW   IGN  IGN  IGN    drop IGN  CL   CL   FW   IGN  IGN  IGN
        none    drop IGN  ES   ES   FW   IGN  IGN  ES     drop IGN  ES   ES   FW   IGN  IGN  ES)");
}

TEST_CASE("AWS: what is unknown or expired is reset towards the client", "[table]") {
    check_table("aws-nat-gateway", R"(
                NO   SS   SR   ES   FW   LA   TW   CL     NO   SS   SR   ES   FW   LA   TW   CL
        SYN     SS   SS   ES   ES   ES   ES   ES   ES     drop SS   ES   ES   ES   ES   ES   ES
        SYNACK  RST  SS   ES   ES   ES   ES   ES   ES     drop ES   ES   ES   ES   ES   ES   ES
        FIN     RST  SS   ES   ES   ES   ES   ES   ES     drop SS   ES   ES   ES   ES   ES   ES
        ACK     RST  SS   ES   ES   ES   ES   ES   ES     drop SS   ES   ES   ES   ES   ES   ES
        RST     drop SS   ES   ES   ES   ES   ES   ES     drop SS   ES   ES   ES   ES   ES   ES
        none    RST  SS   ES   ES   ES   ES   ES   ES     drop SS   ES   ES   ES   ES   ES   ES)");
}

TEST_CASE("Azure NAT gateway: the same towards either side, but no SYN from outside", "[table]") {
    check_table("azure-nat-gateway", R"(
                NO   SS   SR   ES   FW   LA   TW   CL     NO   SS   SR   ES   FW   LA   TW   CL
        SYN     SS   SS   ES   ES   ES   ES   ES   ES     drop SS   ES   ES   ES   ES   ES   ES
        SYNACK  RST  SS   ES   ES   ES   ES   ES   ES     RST  ES   ES   ES   ES   ES   ES   ES
        FIN     RST  SS   ES   ES   ES   ES   ES   ES     RST  SS   ES   ES   ES   ES   ES   ES
        ACK     RST  SS   ES   ES   ES   ES   ES   ES     RST  SS   ES   ES   ES   ES   ES   ES
        RST     drop SS   ES   ES   ES   ES   ES   ES     drop SS   ES   ES   ES   ES   ES   ES
        none    RST  SS   ES   ES   ES   ES   ES   ES     RST  SS   ES   ES   ES   ES   ES   ES)");
}

TEST_CASE("Azure's load balancer: the same in silence", "[table]") {
    check_table("azure-lb", R"(
                NO   SS   SR   ES   FW   LA   TW   CL     NO   SS   SR   ES   FW   LA   TW   CL
        SYN     SS   SS   ES   ES   ES   ES   ES   ES     drop SS   ES   ES   ES   ES   ES   ES
        SYNACK  drop SS   ES   ES   ES   ES   ES   ES     drop ES   ES   ES   ES   ES   ES   ES
        FIN     drop SS   ES   ES   ES   ES   ES   ES     drop SS   ES   ES   ES   ES   ES   ES
        ACK     drop SS   ES   ES   ES   ES   ES   ES     drop SS   ES   ES   ES   ES   ES   ES
        RST     drop SS   ES   ES   ES   ES   ES   ES     drop SS   ES   ES   ES   ES   ES   ES
        none    drop SS   ES   ES   ES   ES   ES   ES     drop SS   ES   ES   ES   ES   ES   ES)");
}

TEST_CASE("GCP: FINs and RSTs lead to TIME_WAIT, out of which a SYN makes a new connection", "[table]") {
    check_table("gcp-cloud-nat", R"(
                NO   SS   SR   ES   FW   LA   TW   CL     NO   SS   SR   ES   FW   LA   TW   CL
        SYN     SS   SS   ES   ES   FW   NEW  NEW  NEW    drop SS   ES   ES   FW   IGN  IGN  IGN
        SYNACK  drop SS   ES   ES   FW   IGN  IGN  IGN    drop ES   ES   ES   FW   IGN  IGN  IGN
        FIN     drop SS   FW   FW   TW   IGN  IGN  IGN    drop SS   FW   FW   TW   IGN  IGN  IGN
        ACK     drop SS   ES   ES   FW   IGN  IGN  IGN    drop SS   ES   ES   FW   IGN  IGN  IGN
        RST     drop TW   TW   TW   TW   TW   TW   TW     drop TW   TW   TW   TW   TW   TW   TW
        none    drop SS   ES   ES   FW   IGN  IGN  IGN    drop SS   ES   ES   FW   IGN  IGN  IGN)");
}
