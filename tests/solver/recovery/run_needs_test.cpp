/// What the steps of one connection need of its timers.
#include "solver/recovery/run_needs.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "solver/recovery/connection_timers.hpp"
#include "tests/solver/both_readings.hpp"

using namespace halfopen;
using namespace halfopen::testing;

namespace {

constexpr FairEvent at_nat{FairEvent::Kind::Deliver, TcpTimer::Retransmit, Hop::ToNat};
constexpr FairEvent keepalive_expires{FairEvent::Kind::ServerTimer, TcpTimer::Keepalive};
constexpr FairEvent client_retransmits{FairEvent::Kind::ClientTimer, TcpTimer::Retransmit};

Model founding() {
    return Model(read_scenario(std::string(HALFOPEN_SOURCE_DIR) + "/spec/scenarios/founding.toml"),
                 shipped_policies());
}

/// A segment is on its way to a NAT whose mapping has so much left.
Connection with_mapping(std::uint32_t least, std::uint32_t most) {
    Connection now;
    now.links[static_cast<std::size_t>(Hop::ToNat)].resize(1);
    now.table.entries.resize(1);
    now.table.entries.front().timeout = most;
    now.times.start(entry_slot, least, most);
    return now;
}

TimerZone times(std::uint32_t keepalive_least, std::uint32_t keepalive_most) {
    TimerZone zone;
    zone.start(slot_of(client_retransmits), 3'000);
    zone.start(slot_of(keepalive_expires), keepalive_least, keepalive_most);
    return zone;
}

}  // namespace

// nf_tcp_handle_invalid() lowers a time-out of 120 s or more, and no other.
TEST_CASE("What a mapping has left, where it is known, stays what it is when a segment comes by", "[prove]") {
    const Model model = founding();
    const FairRun run(model);
    const Connection known = with_mapping(90'000, 90'000);
    const TimerNeeds needs = needs_before({}, run, known, at_nat, known.times);
    CHECK(needs.are_met_by(known.times));
    CHECK_FALSE(needs.are_met_by(with_mapping(150'000, 150'000).times));
    CHECK_FALSE(needs.are_met_by(with_mapping(60'000, 90'000).times));

    const Connection of_any_age = with_mapping(0, 90'000);
    const TimerNeeds none = needs_before({}, run, of_any_age, at_nat, of_any_age.times);
    CHECK(none.are_met_by(with_mapping(0, 150'000).times));
}

TEST_CASE("Where nothing is on its way a timer that does not expire has to stay behind", "[prove]") {
    const Model model = founding();
    const FairRun run(model);
    Connection now;
    now.times = times(10'000, 20'000);
    TimerNeeds needs;
    need_no_others(needs, run, now, std::vector<FairEvent>{client_retransmits});
    CHECK(needs.are_met_by(times(5'000, 99'000)));
    CHECK_FALSE(needs.are_met_by(times(1'000, 99'000)));

    TimerNeeds either;
    need_no_others(either, run, now, std::vector<FairEvent>{client_retransmits, keepalive_expires});
    CHECK(either.are_met_by(times(1'000, 99'000)));
}

TEST_CASE("While segments are on their way a timer that is not due has to have something left", "[prove]") {
    const Model model = founding();
    const FairRun run(model);
    Connection now = with_mapping(90'000, 90'000);
    now.times.start(slot_of(keepalive_expires), 0, 60'000);
    TimerNeeds needs;
    need_no_others(needs, run, now, std::vector<FairEvent>{at_nat});
    CHECK(needs.are_met_by(with_mapping(1, 1).times));
    CHECK_FALSE(needs.are_met_by(with_mapping(0, 0).times));
}

TEST_CASE("A step from a timer's expiry needs the others to come later, and nothing of what it starts anew",
          "[prove]") {
    const Model model = founding();
    const FairRun run(model);
    Connection now;
    now.times = times(10'000, 20'000);
    TimerZone after = now.times;
    REQUIRE(after.is_first(slot_of(client_retransmits), run.ties()));
    after.expire(slot_of(client_retransmits));
    after.start(slot_of(client_retransmits), 6'000);
    TimerNeeds later;  // the next retransmission comes before the keepalive timer again
    later.need_not_first(after, slot_of(keepalive_expires), run.ties());
    const TimerNeeds needs = needs_before(later, run, now, client_retransmits, after);
    CHECK(needs.are_met_by(times(9'000, 99'000)));
    CHECK_FALSE(needs.are_met_by(times(8'000, 99'000)));
}
