// How long an entry lives, and what refreshes it: reference/nats.md 1.8 for conntrack, 3 to 5 for the others.
#include <string>

#include "tests/spec/nat/life.hpp"
#include "tests/spec/policy_rows.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

std::string time_after(const std::string& nat, const std::string& column) {
    Life life(nat);
    life.syn();
    if (column == "SYN") return life.seconds();
    life.syn_ack();
    if (column == "SYNACK") return life.seconds();
    life.out(A, own, peer);
    if (column == "open") return life.seconds();
    if (column == "RST") {
        life.reset();
        return life.seconds();
    }
    life.fin();
    if (column == "FIN") return life.seconds();
    life.ack_of_fin();
    if (column == "ack-of-FIN") return life.seconds();
    life.fin_of_server();
    if (column == "2nd-FIN") return life.seconds();
    life.last_ack();
    return life.seconds();
}

/// "yes": the segment starts the timer over; "no": the entry lives on as it did.
std::string refreshes(const std::string& nat, const std::string& column) {
    Life life(nat);
    if (column == "SYN-again") {
        life.syn();
    } else {
        life.open();
    }
    const std::uint32_t full = life.network.entry().timeout;
    pass_time(life.network.table, 1000);
    if (column == "SYN-again") life.syn();
    if (column == "ACK-out") life.out(A, own, peer);
    if (column == "ACK-in") life.in(A, peer, own);
    if (column == "SYN-out") life.out(S, own + 9'000'000);
    if (column == "SYNACK-in") life.in(SA, peer + 9'000'000, own);
    if (column == "bad-ACK-out") life.out(A, own, peer + 9'000'000);
    if (column == "bad-ACK-in") life.in(A, peer, own + 9'000'000);
    const auto* entry = find_original(life.network.table, client, server);
    if (entry == nullptr) return "gone";
    return entry->timeout == full - 1000 ? "no" : entry->timeout == full ? "yes" : "other";
}

template <class Run>
void check_rows(const std::string& table, Run&& run) {
    check_policy_rows(
        table, [](const std::string&) {}, run);
}

}  // namespace

// Sloppy pf takes the client's FIN for the end of both sides, since it keeps no number of the server
// (pf_tcp_track_sloppy(), "closing of half connections").  AWS, Azure and GCP document one idle time, or few;
// that they hold in every state is assumed.
TEST_CASE("how long an entry lives after each step of a connection, in s", "[table]") {
    check_rows(R"(
                                           SYN SYNACK open   FIN  ack-of-FIN 2nd-FIN last-ACK RST
        linux-2.6.18,linux-2.6.31          120 60     432000 120  60         30      120      10
        linux-3.6,linux-5.10,linux-5.18    120 60     432000 120  60         30      120      10
        linux-6.18,openwrt,pan-os          120 60     432000 120  60         30      120      10
        pf-old,pf,pf-static-port           120 30     86400  900  900        45      90       90
        pf-return-rst                      120 30     86400  900  900        45      90       90
        pf-sloppy                          120 30     86400  45   45         45      90       90
        ovs-userspace                      30  30     86400  900  900        45      30       30
        libalias                           300 86400  86400  90   90         10      10       90
        vpp                                240 240    7440   240  240        240     240      240
        vignat                             10  10     10     10   10         10      10       10
        rfc5382                            240 7440   7440   7440 7440       240     240      240
        aws-nat-gateway                    350 350    350    350  350        350     350      350
        azure-nat-gateway,azure-lb         240 240    240    240  240        240     240      240
        gcp-cloud-nat                      30  1200   1200   30   30         120     120      120)",
               time_after);
}

TEST_CASE("which segments start the timer over", "[table]") {
    check_rows(R"(
                                           SYN-again ACK-out ACK-in SYN-out SYNACK-in bad-ACK-out bad-ACK-in
        linux-2.6.18,linux-2.6.31          yes       yes     yes    no      no        no          no
        linux-3.6,linux-5.10               yes       yes     yes    no      no        no          no
        linux-5.18,linux-6.18              no        yes     yes    no      no        no          no
        openwrt                            no        yes     yes    no      no        yes         yes
        pf-old                             other     yes     yes    no      no        no          no
        pf,pf-static-port,pf-return-rst    other     yes     yes    no      no        no          no
        pf-sloppy                          other     yes     yes    no      yes       yes         yes
        ovs-userspace                      yes       yes     yes    no      no        no          no
        libalias,vpp,vignat,rfc5382        yes       yes     yes    yes     yes       yes         yes
        aws-nat-gateway,azure-nat-gateway  yes       yes     yes    yes     yes       yes         yes
        azure-lb,gcp-cloud-nat             yes       yes     yes    yes     yes       yes         yes)",
               refreshes);
}

// reference/nats.md 1.8, Overrides.
TEST_CASE("what shortens the time of an established entry, by era", "[table]") {
    const auto run = [](const std::string& nat, const std::string& column) {
        Life life(nat);
        if (column == "picked-up") {
            life.out(A, own, peer);
            return life.seconds();
        }
        life.open();
        if (column == "data") life.out(A, own, peer, 100);
        // The handshake's last ACK is the first of them.
        if (column == "3-same-ACKs")
            for (int i = 0; i < 3; ++i) life.out(A, own, peer);
        if (column == "2-same-ACKs")
            for (int i = 0; i < 2; ++i) life.out(A, own, peer);
        if (column == "window-0") life.network.out(A, own, peer, 0, client, std::nullopt, 0);
        if (column == "RST-kept") {
            // Not at td_maxack: since 5.2 the entry stays in ESTABLISHED.
            life.in(A, peer, own);
            life.out(A, own, peer);
            life.out(R, own + 100);
        }
        return std::string(short_name(life.network.entry().state)) + "/" + life.seconds();
    };
    check_rows(R"(
                                data      2-same-ACKs 3-same-ACKs window-0  picked-up RST-kept
        linux-2.6.18            ES/432000 ES/432000   ES/300      ES/432000 432000    CL/10
        linux-2.6.31,linux-3.6  ES/300    ES/432000   ES/300      ES/432000 432000    CL/10
        linux-5.10,linux-5.18   ES/300    ES/432000   ES/300      ES/300    300       ES/10
        linux-6.18              ES/300    ES/432000   ES/300      ES/300    300       ES/10)",
               run);
}

// IGN never refreshes, in whatever state.
TEST_CASE("an ignored SYN or SYN-ACK leaves the time alone in every state") {
    for (const auto* era : eras)
        for (const auto state :
             {TrackState::Established, TrackState::FinWait, TrackState::CloseWait, TrackState::LastAck}) {
            INFO(era << " " << short_name(state));
            Network network = in_state(era, state);
            CHECK(network.out(S, own + 9'000'000).ignored);
            CHECK(network.entry().timeout == 5000);
            CHECK(network.in(SA, peer + 9'000'000, own + 77).ignored);
            CHECK(network.entry().timeout == 5000);
        }
}

TEST_CASE("ASSURED: an entry whose handshake is complete, or in which an ACK has passed after a reply") {
    for (const auto* era : eras) {
        INFO(era);
        Life life(era);
        life.syn();
        life.syn_ack();
        CHECK_FALSE(life.network.entry().assured);
        life.out(A, own, peer);
        CHECK(life.network.entry().assured);
        Life missed(era);
        missed.out(A, own, peer);
        CHECK_FALSE(missed.network.entry().assured);
        missed.in(A, peer, own);
        missed.out(A, own, peer);
        CHECK(missed.network.entry().assured);
    }
}
