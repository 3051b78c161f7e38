/// What is known of timers, held against every single combination of times that they can have left.
#include "solver/recovery/timer_zone.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <vector>

using namespace halfopen;

namespace {

using Times = std::map<std::size_t, std::int32_t>;  ///< what each running timer has left

/// All that timers can have left, one by one, in `parts` of a ms: what holds of all times holds of these too,
/// where strict orders of fewer timers than there are parts are asked for.
class Combinations {
   public:
    explicit Combinations(std::uint32_t parts = 1) : parts_(parts) {}

    void start(std::size_t slot, std::uint32_t least, std::uint32_t most) {
        std::set<Times> next;
        for (Times times : all_)
            for (std::uint32_t left = least * parts_; left <= most * parts_; ++left) {
                times[slot] = static_cast<std::int32_t>(left);
                next.insert(times);
            }
        all_ = next;
    }
    void stop(std::size_t slot) {
        std::set<Times> next;
        for (Times times : all_) {
            times.erase(slot);
            next.insert(times);
        }
        all_ = next;
    }
    /// False: there are none.
    bool outlives(std::size_t longer, std::size_t shorter, std::int32_t by) {
        std::set<Times> next = all_;
        std::erase_if(next, [&](const Times& times) {
            return times.at(longer) - times.at(shorter) < by * static_cast<std::int32_t>(parts_);
        });
        if (next.empty()) return false;
        all_ = next;
        return true;
    }
    void forget_least(std::size_t slot) {
        std::set<Times> next;
        for (Times times : all_)
            for (; times[slot] >= 0; --times[slot]) next.insert(times);
        all_ = next;
    }
    /// False: it is the first in none of them.
    bool expire(std::size_t slot, bool at_once, TimerZone::Ties ties = TimerZone::Ties::Possible) {
        const auto known = [&](std::size_t other) {
            const Times& one = *all_.begin();
            return std::all_of(all_.begin(), all_.end(), [&](const Times& times) {
                return times.at(other) - times.at(slot) == one.at(other) - one.at(slot);
            });
        };
        std::set<std::size_t> strictly_later;
        for (const auto& [other, left] : *all_.begin())
            if (!at_once && ties == TimerZone::Ties::LeftOut && !known(other)) strictly_later.insert(other);
        std::set<Times> next;
        for (Times times : all_) {
            const std::int32_t passes = times.at(slot);
            if (at_once && passes > 0) continue;
            if (std::any_of(times.begin(), times.end(), [&](const auto& t) {
                    return t.second < passes || (t.second == passes && strictly_later.count(t.first) > 0);
                }))
                continue;
            for (auto& [other, left] : times) left -= passes;
            next.insert(times);
        }
        if (next.empty()) return false;
        all_ = next;
        return true;
    }
    const std::set<Times>& all() const { return all_; }

    /// As TimerZone has it: twice the ms, plus one where they are reached.
    std::int64_t bound(std::int32_t most) const {
        const auto parts = static_cast<std::int32_t>(parts_);
        const std::int32_t down = most / parts - (most % parts < 0 ? 1 : 0);
        return down * parts == most ? 2 * std::int64_t{down} + 1 : 2 * (std::int64_t{down} + 1);
    }

   private:
    std::uint32_t parts_;
    std::set<Times> all_{Times{}};
};

/// The tightest bounds of all combinations, in the order of TimerZone::bounds().
std::vector<std::int64_t> bounds_of(const Combinations& combinations) {
    const std::set<Times>& all = combinations.all();
    std::vector<std::size_t> rows;
    for (const auto& [slot, left] : *all.begin()) rows.push_back(slot);
    rows.push_back(TimerZone::slots);
    const auto at = [](const Times& times, std::size_t row) {
        return row == TimerZone::slots ? 0 : times.at(row);
    };
    std::vector<std::int64_t> bounds;
    for (const std::size_t a : rows)
        for (const std::size_t b : rows) {
            if (a == b) continue;
            std::int32_t most = INT32_MIN;
            for (const Times& times : all) most = std::max(most, at(times, a) - at(times, b));
            bounds.push_back(combinations.bound(most));
        }
    return bounds;
}

}  // namespace

TEST_CASE("Timers that were started together keep their distance when one of unknown age expires",
          "[prove]") {
    TimerZone zone;
    constexpr std::size_t old = 0, syn = 1, entry = 2;
    zone.start(old, 0, 7'200'000);
    zone.start(syn, 3'000);
    zone.start(entry, 120'000);
    REQUIRE(zone.is_first(old));
    zone.expire(old);
    CHECK(zone.least(syn) == 0);
    CHECK(zone.most(syn) == 3'000);
    zone.stop(old);
    REQUIRE(zone.is_first(syn));
    zone.expire(syn);
    CHECK(zone.exact(entry));
    CHECK(zone.most(entry) == 117'000);
}

TEST_CASE("A timer that surely has more left than another is not the first", "[prove]") {
    TimerZone zone;
    zone.start(0, 0, 10);
    zone.start(1, 11);
    CHECK_FALSE(TimerZone(zone).is_first(1));
    CHECK(TimerZone(zone).is_first(0));
    CHECK(TimerZone(zone).is_due(0));
    CHECK_FALSE(TimerZone(zone).is_due(1));
}

TEST_CASE("A zone is what the times of its timers can be, no more and no less", "[prove]") {
    std::mt19937 random(4);
    const auto below = [&](unsigned n) { return static_cast<std::uint32_t>(random() % n); };
    std::size_t expired = 0, compared = 0;
    for (int run = 0; run < 300; ++run) {
        CAPTURE(run);
        TimerZone zone;
        Combinations combinations;
        for (int step = 0; step < 12; ++step) {
            const std::size_t slot = below(4) * 3;
            if (!zone.runs(slot) || below(6) == 0) {
                const std::uint32_t least = below(6), most = least + (below(2) == 0 ? 0 : below(6));
                zone.start(slot, least, most);
                combinations.start(slot, least, most);
            } else if (below(6) == 0) {
                zone.stop(slot);
                combinations.stop(slot);
            } else if (below(6) == 0) {
                zone.forget_least(slot);
                combinations.forget_least(slot);
            } else if (const std::size_t other = below(4) * 3;
                       below(4) == 0 && other != slot && zone.runs(other)) {
                const std::int32_t by = static_cast<std::int32_t>(below(6)) - 3;
                TimerZone next = zone;
                const bool possible = next.outlives(slot, other, by);
                REQUIRE(possible == combinations.outlives(slot, other, by));
                if (!possible) continue;
                zone = next;
                ++compared;
            } else {
                const bool at_once = below(4) == 0;
                TimerZone next = zone;
                const bool possible = at_once ? next.is_due(slot) : next.is_first(slot);
                REQUIRE(possible == combinations.expire(slot, at_once));
                if (!possible) continue;
                next.expire(slot);
                zone = next;
                ++expired;
            }
            REQUIRE(zone.bounds() == bounds_of(combinations));
        }
    }
    CHECK(expired > 500);
    CHECK(compared > 100);
}

TEST_CASE("Where ties are left out nothing but them is, however many orders have been found out", "[prove]") {
    constexpr auto left_out = TimerZone::Ties::LeftOut;
    std::mt19937 random(7);
    const auto below = [&](unsigned n) { return static_cast<std::uint32_t>(random() % n); };
    std::size_t expired = 0, impossible = 0;
    for (int run = 0; run < 60; ++run) {
        CAPTURE(run);
        TimerZone zone;
        // Three timers, and as many orders before one of them is started anew.
        Combinations combinations(12);
        for (std::size_t slot = 0; slot < 3; ++slot) {
            const std::uint32_t least = below(3), most = least + below(3);
            zone.start(slot, least, most);
            combinations.start(slot, least, most);
        }
        for (int step = 0; step < 6; ++step) {
            const std::size_t slot = below(3);
            TimerZone next = zone;
            const bool possible = next.is_first(slot, left_out);
            REQUIRE(possible == combinations.expire(slot, false, left_out));
            if (!possible) {
                ++impossible;
                continue;
            }
            next.expire(slot);
            zone = next;
            ++expired;
            const std::uint32_t anew = below(3);
            zone.start(slot, anew);
            combinations.start(slot, anew, anew);
            REQUIRE(zone.bounds() == bounds_of(combinations));
        }
    }
    CHECK(expired > 100);
    CHECK(impossible > 10);
}

TEST_CASE("A timer of unknown age cannot tie with one timer and then with another", "[prove]") {
    constexpr auto left_out = TimerZone::Ties::LeftOut;
    TimerZone zone;
    constexpr std::size_t old = 0, first = 1, second = 2;
    zone.start(old, 0, 100);
    zone.start(first, 5);
    zone.start(second, 5);
    REQUIRE(zone.is_first(first, left_out));
    zone.expire(first);
    CHECK(zone.least(old) == 0);  // more than that, but as little more as one likes
    CHECK_FALSE(TimerZone(zone).is_due(old));
    CHECK(TimerZone(zone).is_due(second));
    zone.stop(first);
    CHECK_FALSE(TimerZone(zone).is_first(old, left_out));
}

TEST_CASE("A timer that something has been forgotten of may expire when another one does", "[prove]") {
    constexpr auto left_out = TimerZone::Ties::LeftOut;
    constexpr std::size_t entry = 0, syn = 1;
    TimerZone zone;
    zone.start(entry, 10);
    zone.start(syn, 5);
    TimerZone old = zone;
    old.start(entry, 0, 10);
    zone.forget_least(entry);
    CHECK(zone.bounds() == old.bounds());
    CHECK(zone != old);
    for (TimerZone* times : {&zone, &old}) {
        REQUIRE(times->is_first(syn, left_out));
        times->expire(syn);
    }
    CHECK(zone.is_due(entry));
    CHECK_FALSE(old.is_due(entry));
    CHECK(zone.is_forgotten(entry));
    old.forget_least(entry);  // of an age that was not known before
    CHECK_FALSE(old.is_forgotten(entry));
    zone.start(entry, 10);
    CHECK_FALSE(zone.is_forgotten(entry));
}
