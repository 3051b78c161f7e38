// pf_tcp_track_full() and Open vSwitch's tcp_conn_update() on both sides of each of their limits:
// reference/nats.md 3.1, 5.
//
//   ok    forwarded, and the timer starts over
//   loose forwarded without belief: the timer goes on
//   drop  lost (Open vSwitch: invalid)
#include <sstream>
#include <string>

#include "tests/spec/nat/tracked_pair.hpp"

using namespace halfopen;
using namespace halfopen::test;

namespace {

constexpr std::array stacks{"pf-old", "pf", "ovs-userspace"};

/// Both sides have granted 60,000 octets; the receiver's largest window was 50,000.
std::string verdict(const std::string& nat, std::uint8_t direction, SideState side, std::uint8_t flags,
                    std::int64_t seq, std::int64_t ack, std::uint32_t length) {
    Network network = in_state(nat, TrackState::Established);
    auto& e = network.table.entries.front();
    for (auto& p : e.peers) p.side = side;
    e.peers[1 - direction].td_maxwin = 50'000;
    const auto number = [](std::uint32_t base, std::int64_t offset) {
        return base + static_cast<std::uint32_t>(offset);
    };
    const std::uint32_t s = number(direction == original ? own : peer, seq);
    const std::uint32_t a = (flags & flag::ack) == 0 ? 0 : number(direction == original ? peer : own, ack);
    const Step step =
        direction == original ? network.out(flags, s, a, length) : network.in(flags, s, a, length);
    if (step.outcome != NatOutcome::Forwarded) return "drop";
    return network.entry().timeout == 5000 ? "loose" : "ok";
}

/// Each line: what it is about, SEG.SEQ and SEG.ACK from what is next of each side, SEG.LEN, and the
/// verdicts.
void check_window(std::uint8_t flags, const std::string& table, SideState side = SideState::Established) {
    std::istringstream lines(table);
    std::string what;
    std::int64_t seq = 0, ack = 0;
    std::uint32_t length = 0;
    while (lines >> what >> seq >> length >> ack)
        for (const auto* nat : stacks) {
            std::string expected;
            REQUIRE(lines >> expected);
            for (const std::uint8_t direction : {original, reply}) {
                INFO(nat << (direction == original ? " original " : " reply ") << what);
                CHECK(verdict(nat, direction, side, flags, seq, ack, length) == expected);
            }
        }
}

}  // namespace

TEST_CASE("pf's window test on both sides of its limits: text", "[table]") {
    //       what                    seq   len     ack  pf-old pf   ovs
    check_window(A, R"(
             1:up-to-the-grant     59900   100       0  ok     ok   ok
             1:beyond-it           59901   100       0  drop   drop drop
             2:a-window-old       -50000   100       0  ok     ok   ok
             2:older              -50001   100       0  drop   drop drop
             3:ack-far-ahead           0   100   67035  ok     ok   ok
             3:farther                 0   100   67036  drop   drop drop
             4:ack-far-behind          0   100  -67035  ok     ok   ok
             4:farther                 0   100  -67036  drop   drop drop)");
}

TEST_CASE("pf's window test: without text the number is not looked at, but a reset's is", "[table]") {
    check_window(A, R"(
             empty-far-ahead     9000000     0       0  ok     ok   ok
             empty-far-behind   -9000000     0       0  ok     ok   ok
             3:ack-far-ahead           0     0   67035  ok     ok   ok
             3:farther                 0     0   67036  drop   drop drop
             4:farther                 0     0  -67036  drop   drop drop)");
    check_window(R, R"(
             two-behind               -2     0       0  drop   drop drop
             one-behind               -1     0       0  ok     ok   ok
             next                      0     0       0  ok     ok   ok
             one-ahead                 1     0       0  ok     ok   ok
             two-ahead                 2     0       0  drop   drop drop)");
    // OpenBSD of today believes a RST,ACK in the window whose acknowledgement is exact.
    check_window(RA, R"(
             in-window            -50000     0       0  drop   ok   drop
             older                -50001     0       0  drop   drop drop
             one-ahead                 1     0       0  ok     ok   ok
             two-ahead                 2     0       0  drop   drop drop
             in-window,inexact    -50000     0       1  drop   drop drop
             next,inexact              0     0   67035  ok     ok   ok
             next,absurd               0     0   67036  drop   drop drop)");
}

TEST_CASE("pf's window test: OpenBSD of today counts data only, so that a FIN may lie beyond the grant",
          "[table]") {
    check_window(FA, R"(
             text-up-to-the-grant  59900   100       0  drop   ok   drop
             text-beyond-it        59901   100       0  drop   drop drop
             a-FIN-alone           60000     0       0  drop   ok   drop
             one-farther           60001     0       0  drop   drop drop)");
}

TEST_CASE("pf's loose match, once both sides are nearly closed", "[table]") {
    check_window(A, R"(
             in-window                 0   100       0  ok     ok   ok
             1:beyond-the-grant    59901   100       0  loose  loose loose
             1:by-67,035          126935   100       0  loose  loose loose
             1:by-more            126936   100       0  drop   drop drop
             2:older              -50001   100       0  loose  loose loose
             2:by-67,035          -67035   100       0  loose  loose loose
             2:by-more            -67036   100       0  drop   drop drop
             any-acknowledgement       0   100 9000000  loose  loose loose)",
                 SideState::FinWait2);
}
