/// What runs need of their timers, held against runs from single combinations of times.
#include "solver/recovery/timer_needs.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <random>
#include <set>
#include <vector>

using namespace halfopen;

namespace {

constexpr auto left_out = TimerZone::Ties::LeftOut;
constexpr std::size_t keepalive = 0, retransmit = 1, next_connect = 2;

/// What an expiry does: each timer is started with so much, stopped (0) or left alone.
using Restarts = std::vector<std::optional<std::uint32_t>>;

/// Timers that start and stop each other, until so many have expired.
struct Clockwork {
    std::vector<Restarts> on_expiry;
    std::size_t expiries;
};

void restart(TimerZone& zone, const Restarts& restarts, std::size_t expired) {
    zone.stop(expired);
    for (std::size_t slot = 0; slot < restarts.size(); ++slot) {
        if (!restarts[slot]) continue;
        zone.stop(slot);
        if (*restarts[slot] > 0) zone.start(slot, *restarts[slot]);
    }
}

using Order = std::vector<std::size_t>;

/// All orders in which a clockwork's timers can expire, and what these need.
class Orders {
   public:
    Orders(const Clockwork& clockwork, const TimerZone& zone)
        : clockwork_(clockwork), needs(follow(zone, clockwork.expiries)) {}

    bool contains(const Order& order) const { return all_.contains(order); }

   private:
    TimerNeeds follow(const TimerZone& now, std::size_t expiries) {
        TimerNeeds found;
        bool ends = true;
        for (std::size_t slot = 0; expiries > 0 && slot < clockwork_.on_expiry.size(); ++slot) {
            if (!now.runs(slot)) continue;
            ends = false;
            TimerZone then = now;
            if (!then.is_first(slot, left_out)) {
                found.need_not_first(now, slot, left_out);
                continue;
            }
            then.expire(slot);
            TimerZone after = then;
            restart(after, clockwork_.on_expiry[slot], slot);
            under_way_.push_back(slot);
            const TimerNeeds later = follow(after, expiries - 1).before_starts(then, after);
            under_way_.pop_back();
            found.join(later.before_expiry(now, {slot, false, left_out}));
        }
        if (ends) {
            all_.insert(under_way_);
            found.end_after(TimerZone::zero, 0);
        }
        return found;
    }

    const Clockwork& clockwork_;
    std::set<Order> all_;
    Order under_way_;

   public:
    const TimerNeeds needs;
};

struct Run {
    Order order;
    std::uint64_t ms = 0;
};

/// From times of which no two that count are the same.
Run run(const Clockwork& clockwork, std::vector<std::optional<std::uint32_t>> left) {
    Run run;
    while (run.order.size() < clockwork.expiries) {
        std::optional<std::size_t> first;
        for (std::size_t slot = 0; slot < left.size(); ++slot)
            if (left[slot] && (!first || *left[slot] < *left[*first])) first = slot;
        if (!first) break;
        const std::uint32_t passed = *left[*first];
        for (auto& one : left)
            if (one) *one -= passed;
        left[*first].reset();
        const Restarts& restarts = clockwork.on_expiry[*first];
        for (std::size_t slot = 0; slot < left.size(); ++slot)
            if (restarts[slot]) left[slot] = *restarts[slot] > 0 ? restarts[slot] : std::nullopt;
        run.order.push_back(*first);
        run.ms += passed;
    }
    return run;
}

TimerZone zone_of(std::uint32_t least, std::uint32_t most, std::uint32_t retransmit_after) {
    TimerZone zone;
    zone.start(keepalive, least, most);
    zone.start(retransmit, retransmit_after);
    return zone;
}

}  // namespace

TEST_CASE("A timer that is not the first has to stay behind one that is", "[prove]") {
    TimerNeeds needs;
    needs.need_not_first(zone_of(10'000, 20'000, 3'000), keepalive, left_out);
    CHECK(needs.are_met_by(zone_of(3'000, 99'000, 3'000)));
    CHECK_FALSE(needs.are_met_by(zone_of(2'999, 99'000, 3'000)));
}

TEST_CASE("What is needed of a timer that a step starts is needed of no earlier one", "[prove]") {
    TimerNeeds needs;
    const TimerZone before = zone_of(10'000, 20'000, 3'000);
    TimerZone after = before;
    after.start(keepalive, 60'000);
    needs.need_not_first(after, keepalive, left_out);
    const TimerNeeds then = needs.before_starts(before, after);
    CHECK(then.are_met_by(zone_of(0, 99'000, 59'999)));
    CHECK_FALSE(then.are_met_by(zone_of(0, 99'000, 60'000)));
}

TEST_CASE("An order of two timers takes nothing of the distance that they leave behind", "[prove]") {
    TimerZone before = zone_of(10'000, 20'000, 3'000);
    TimerZone after = before;
    REQUIRE(after.is_first(retransmit, left_out));
    after.expire(retransmit);
    TimerNeeds needs;
    needs.need_not_due(keepalive);
    const TimerNeeds then = needs.before_expiry(before, {retransmit, false, left_out});
    CHECK(then.are_met_by(zone_of(0, 99'000, 99'000)));
}

TEST_CASE("A distance that only an order of other timers keeps small needs what it is made up of",
          "[prove]") {
    constexpr std::size_t longer = 2, shorter = 3;
    const auto times = [](bool near_first, bool outlives_other) {
        TimerZone zone;
        for (const std::size_t slot : {keepalive, retransmit, longer, shorter}) zone.start(slot, 0, 99'000);
        if (near_first) REQUIRE(zone.outlives(retransmit, longer, -5'000));
        if (outlives_other) REQUIRE(zone.outlives(shorter, keepalive, 3'000));
        return zone;
    };
    // longer <= retransmit + 5000 < keepalive + 5000 <= shorter + 2000
    const TimerZone before = times(true, true);
    TimerZone then = before;
    REQUIRE(then.is_first(retransmit, left_out));
    REQUIRE(then.bound(longer, shorter) <= TimerZone::reached(2'000));
    TimerNeeds needs;
    needs.need(longer, shorter, TimerZone::reached(2'000));
    const TimerNeeds found = needs.before_expiry(before, {retransmit, false, left_out});
    CHECK(found.are_met_by(before));
    CHECK_FALSE(found.are_met_by(times(false, true)));
    CHECK_FALSE(found.are_met_by(times(true, false)));
}

TEST_CASE("The longest run ends after the timer that it waited for last", "[prove]") {
    TimerNeeds needs;
    needs.end_after(TimerZone::zero, 100);
    needs.end_after(next_connect, 500);
    TimerZone now;
    now.start(keepalive, 0, 9'000);
    now.start(next_connect, 1'000, 7'000);
    CHECK(needs.longest_ms(now) == 7'500);
    // Until the keepalive timer expires, and from there on.
    CHECK(needs.before_expiry(now, {keepalive, false, left_out}).longest_ms(now) == 9'100);
}

TEST_CASE("From times that meet what runs need, no other order of timers comes, and none takes longer",
          "[prove]") {
    std::mt19937 random(20'261'127);
    const auto any = [&](std::uint32_t least, std::uint32_t most) {
        return std::uniform_int_distribution<std::uint32_t>(least, most)(random);
    };
    std::size_t elsewhere = 0, refused = 0;
    for (int round = 0; round < 400; ++round) {
        const std::size_t timers = any(2, 4);
        Clockwork clockwork{std::vector<Restarts>(timers, Restarts(timers)), any(1, 5)};
        for (Restarts& restarts : clockwork.on_expiry)
            for (auto& one : restarts)
                if (any(0, 2) == 0) one = 10 * any(0, 6);
        // Timers of the beginning never expire together with others: what they have left ends in a digit of
        // their own.
        TimerZone zone;
        for (std::size_t slot = 0; slot < timers; ++slot) {
            const std::uint32_t least = any(0, 12);
            zone.start(slot, 10 * least, 10 * (least + any(1, 6)));
        }
        const Orders orders(clockwork, zone);
        for (int sample = 0; sample < 60; ++sample) {
            std::vector<std::optional<std::uint32_t>> left;
            TimerZone times;
            bool inside = true;
            for (std::size_t slot = 0; slot < timers; ++slot) {
                left.push_back(10 * any(0, 18) + static_cast<std::uint32_t>(slot) + 1);
                times.start(slot, *left.back());
                inside &= *left.back() >= zone.least(slot) && *left.back() <= zone.most(slot);
            }
            const bool met = orders.needs.are_met_by(times);
            if (inside) CHECK(met);
            refused += met ? 0 : 1;
            if (!met) continue;
            elsewhere += inside ? 0 : 1;
            const Run one = run(clockwork, left);
            CHECK(orders.contains(one.order));
            CHECK(one.ms <= orders.needs.longest_ms(times));
        }
    }
    CHECK(elsewhere > 1'000);
    CHECK(refused > 1'000);
}
