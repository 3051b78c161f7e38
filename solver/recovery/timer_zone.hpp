/// How long timers have left where only bounds are known: of each, and of the difference of any two.
///
/// What was left behind by the old connection has an age that nobody knows, but whatever is started since
/// runs at known distances.  A *zone* keeps these distances: a difference-bound matrix in closed form (Dill,
/// "Timing assumptions and verification of finite-state concurrent systems", 1989; Bengtsson and Yi, "Timed
/// automata: semantics, algorithms and tools", 2004, sec. 4), here of what timers have left.  Time is dense:
/// a bound is a number of ms that is reached, or one that is only come as near to as one likes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace halfopen {

class TimerZone {
   public:
    static constexpr std::size_t slots = 12;
    /// In bound(): a timer that has nothing left.
    static constexpr std::size_t zero = slots;

    // A bound is one number, as Bengtsson and Yi have it (sec. 4.2), so that the smaller one is the tighter.
    static constexpr std::int64_t reached(std::int64_t ms) { return 2 * ms + 1; }
    static constexpr std::int64_t below(std::int64_t ms) { return 2 * ms; }
    static constexpr std::int64_t sum(std::int64_t a, std::int64_t b) { return a + b - ((a | b) & 1); }
    /// The loosest bound that together with `part` makes up this one or a tighter one.
    static constexpr std::int64_t rest_of(std::int64_t bound, std::int64_t part) {
        return (part & 1) != 0 ? bound - part + 1 : (bound - part) | 1;
    }

    TimerZone() { bounds_[zero][zero] = reached(0); }

    bool runs(std::size_t slot) const { return running_[slot]; }
    /// Least and most that a running timer can have left, ms; or all but that, where ties are left out.
    std::uint32_t least(std::size_t slot) const {
        return static_cast<std::uint32_t>(-ms_of(bounds_[zero][slot]));
    }
    std::uint32_t most(std::size_t slot) const {
        return static_cast<std::uint32_t>(ms_of(bounds_[slot][zero]));
    }
    bool exact(std::size_t slot) const { return least(slot) == most(slot); }
    /// How much more the one can have left than the other: the tightest bound that is known.
    std::int64_t bound(std::size_t longer, std::size_t shorter) const { return bounds_[longer][shorter]; }
    /// Whether it is known how much more the one has left than the other.
    bool distance_is_known(std::size_t a, std::size_t b) const {
        return sum(bounds_[a][b], bounds_[b][a]) == reached(0);
    }

    /// Started anew, whatever it had left: it has anything from least to most, independently of all others.
    void start(std::size_t slot, std::uint32_t least, std::uint32_t most);
    void start(std::size_t slot, std::uint32_t left) { start(slot, left, left); }
    void stop(std::size_t slot) { running_[slot] = forgotten_[slot] = false; }
    /// How often it has been.
    std::uint32_t starts(std::size_t slot) const { return starts_[slot]; }
    /// From now on it may have anything left from nothing to the most that it could have.
    void forget_least(std::size_t slot);
    /// Whether that is so only because what was known of it has been forgotten: it may expire at any moment,
    /// also when segments are on their way or another timer does.
    bool is_forgotten(std::size_t slot) const { return forgotten_[slot]; }

    /// Leaves what agrees with one timer having at least so much more left than another, ms; less than 0
    /// where it may have less.  False: that cannot be, and the zone is of no use any more.
    bool outlives(std::size_t longer, std::size_t shorter, std::int64_t by) {
        return within(shorter, longer, reached(-by));
    }

    /// Whether two timers whose distance is not known may expire at the same moment.
    enum class Ties : std::uint8_t { LeftOut, Possible };

    /// Whether two timers that expire at the same moment count as either being the first.
    bool may_tie(std::size_t a, std::size_t b, Ties ties) const {
        return ties == Ties::Possible || distance_is_known(a, b) || forgotten_[a] || forgotten_[b];
    }
    /// Leaves what agrees with this timer being the first to expire, or one of the first.  False: that cannot
    /// be, and the zone is of no use any more.
    bool is_first(std::size_t slot, Ties ties = Ties::Possible);
    /// The same with no time left.
    bool is_due(std::size_t slot);
    /// Of a timer that is one of the first to expire or, at once, due.
    struct Expiry {
        std::size_t slot;
        bool at_once;
        Ties ties;
    };
    /// Leaves what agrees with that expiry being the next.  False: as is_first().
    bool comes_next(const Expiry& expiry) {
        return expiry.at_once ? is_due(expiry.slot) : is_first(expiry.slot, expiry.ties);
    }
    /// Lets all the time pass that this timer, the first to expire, has left.
    void expire(std::size_t slot);

    /// Twice the ms, plus one where they are reached.  Two zones with the same timers running are equal just
    /// if these are, and one lies within the other just if none of these is larger.
    std::vector<std::int64_t> bounds() const;

    friend bool operator==(const TimerZone&, const TimerZone&);

   private:
    static constexpr std::int64_t ms_of(std::int64_t bound) { return bound >> 1; }

    /// left(a) - left(b) within the bound, for all that this implies.  False: no times are left.
    bool within(std::size_t a, std::size_t b, std::int64_t bound);
    template <class Visit>
    void each_row(Visit&& visit) const {
        for (std::size_t i = 0; i < slots; ++i)
            if (running_[i]) visit(i);
        visit(zero);
    }

    /// At [a][b] the bound of left(a) - left(b); what is not running has no meaning.  The tightest
    /// that follow from each other, at all times.
    std::array<std::array<std::int64_t, slots + 1>, slots + 1> bounds_{};
    std::array<bool, slots> running_{}, forgotten_{};
    std::array<std::uint32_t, slots> starts_{};
};

}  // namespace halfopen
