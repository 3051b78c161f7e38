// The table of reference/nats.md section 7, as what a whole run comes to: the NAT has lost its table, one
// client connects from its old port, and a FreeBSD 7 server still holds the old connection, at RCV.NXT = X.
// The server answers with an ACK of X, the client with RST(X), and the NAT's version decides about that one.
#include <catch2/catch.hpp>

#include "tests/check/scenario_bench.hpp"

using namespace halfopen;
using namespace halfopen::test;
using explorer::Verdict;

namespace {

constexpr std::uint32_t window = 65'536;  // RCV.WND of a FreeBSD 7 server
constexpr std::uint32_t half = 0x8000'0000;
constexpr std::uint32_t hole = 0xFFFF'FFFF;  // ISS = RCV.NXT - 1

struct Era {
    const char* nat;
    Verdict verdict;
    std::vector<Interval> losing;
    const char* fates;  // see fates()
};

// X is after td_end = ISS + 1 in serial order just where ISS - X lies in [2^31 - 1, 2^32 - 2].
const std::vector<Interval> after_x{{window, half - 1 - window}, {hole, 1}};
const std::vector<Interval> before_x{{half - 1, std::uint64_t{half} + 1}};
const std::vector<Interval> only_the_hole{{hole, 1}};

const std::vector<Era> eras{
    {"linux-2.6.18", Verdict::Permanent, after_x, "rrrH rrH HHr"},
    {"linux-2.6.31", Verdict::Permanent, after_x, "rrrH rrH HHr"},
    {"linux-3.6", Verdict::Permanent, after_x, "rrrH rrH HHr"},
    {"linux-5.10", Verdict::Bounded, only_the_hole, "rrrH rrr rrr"},
    {"linux-5.18", Verdict::Permanent, before_x, "HHHH rrr rrH"},
    {"linux-6.18", Verdict::Bounded, only_the_hole, "rrrH rrr rrr"},
};

Scenario founding_behind(const std::string& nat, bool be_liberal) {
    return one_connect(
        {{"nat.policy", nat}, {"nat.nf_conntrack_tcp_be_liberal", be_liberal ? "true" : "false"}});
}

/// For ISS left of RCV.NXT (far, near, two, one), in the window (its first and last), just right of it, far
/// right of it, and on both sides of the place where serial order turns round: hangs, or recovers.
std::string fates(const LosingNumbers& losing) {
    std::string text;
    for (const std::uint32_t distance : {0U - 0x4000'0000U, 0U - 1000U, 0U - 2U, hole, 0U, window - 1, window,
                                         0x4000'0000U, half - 2, half - 1}) {
        text += loses(losing, distance) ? 'H' : 'r';
        if (distance == hole || distance == window) text += ' ';
    }
    return text;
}

std::uint64_t total(const std::vector<Interval>& intervals) {
    std::uint64_t sum = 0;
    for (const Interval& interval : intervals) sum += interval.size;
    return sum;
}

}  // namespace

TEST_CASE("Which ISS hang behind which NAT: opposite halves for 2010 and 2022, none between and after") {
    for (const Era& era : eras) {
        DYNAMIC_SECTION(era.nat) {
            const CheckResult result = checked(founding_behind(era.nat, false), exact_counts());
            CHECK(result.stopped == explorer::StopReason::Complete);
            CHECK(result.verdict == era.verdict);
            REQUIRE(result.losing.size() == 1);
            const LosingNumbers& losing = result.losing.front();
            CHECK(losing.rcv_nxt == 1'000'000'000);  // the server's RCV.NXT is the client's old SND.NXT
            CHECK(losing.client == 0);
            CHECK(losing.met_client == 0);
            CHECK(losing.intervals == era.losing);
            CHECK(losing.count == total(era.losing));
            CHECK(fates(losing) == era.fates);
            CHECK(result.corners_complete);
        }
    }
}

TEST_CASE("be_liberal lets the RST through in every era; only RFC 5961's own hole is left") {
    for (const Era& era : eras) {
        DYNAMIC_SECTION(era.nat) {
            const CheckResult result = checked(founding_behind(era.nat, true), exact_counts());
            CHECK(result.verdict == Verdict::Bounded);
            CHECK_FALSE(result.properties.leak);
            REQUIRE(result.losing.size() == 1);
            CHECK(result.losing.front().intervals == only_the_hole);
            REQUIRE(result.corners.size() == 1);
            CHECK(result.corners.front().condition == "ISS = RCV.NXT - 1");
            CHECK(result.corners.front().count == 1);
            CHECK(result.corners.front().verdict == Verdict::Permanent);
            CHECK(result.corner_values == 1);
        }
    }
}

TEST_CASE("Where the RST is not accepted it leaks: conntrack calls it INVALID, which is not dropped") {
    for (const Era& era : eras) {
        DYNAMIC_SECTION(era.nat) {
            const CheckResult result = checked(founding_behind(era.nat, false), verdict_only());
            CHECK(result.properties.leak == (era.verdict == Verdict::Permanent));
            CHECK_FALSE(result.properties.cross);
            CHECK_FALSE(result.properties.collateral);
            CHECK(result.best_ms == 3'000);  // the SYN retransmission after the RST
            CHECK(result.worst_ms.has_value() == (era.verdict == Verdict::Bounded));
        }
    }
}

TEST_CASE("Dropping INVALID instead of leaking it cures nothing") {
    for (const Era& era : eras) {
        DYNAMIC_SECTION(era.nat) {
            Scenario scenario = changed(founding_behind(era.nat, false), {{"nat.invalid", "dropped"}});
            const CheckResult result = checked(scenario, verdict_only());
            CHECK(result.verdict == era.verdict);
            CHECK_FALSE(result.properties.leak);
        }
    }
}
