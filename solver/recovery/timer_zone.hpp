/// How long timers have left where only bounds are known: of each, and of the difference of any two.
///
/// What was left behind by the old connection has an age that nobody knows, but whatever is started since
/// runs at known distances.  A *zone* keeps these distances: a difference-bound matrix in closed form (Dill,
/// "Timing assumptions and verification of finite-state concurrent systems", 1989; Bengtsson and Yi, "Timed
/// automata: semantics, algorithms and tools", 2004, sec. 4), here of what timers have left in whole ms.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace halfopen {

class TimerZone {
   public:
    static constexpr std::size_t slots = 12;

    bool runs(std::size_t slot) const { return running_[slot]; }
    /// Least and most that a running timer can have left, ms.
    std::uint32_t least(std::size_t slot) const { return static_cast<std::uint32_t>(-bounds_[zero][slot]); }
    std::uint32_t most(std::size_t slot) const { return static_cast<std::uint32_t>(bounds_[slot][zero]); }
    bool exact(std::size_t slot) const { return least(slot) == most(slot); }

    /// Started anew, whatever it had left: it has anything from least to most, independently of all others.
    void start(std::size_t slot, std::uint32_t least, std::uint32_t most);
    void start(std::size_t slot, std::uint32_t left) { start(slot, left, left); }
    void stop(std::size_t slot) { running_[slot] = false; }

    /// Leaves what agrees with this timer being the first to expire, or one of the first.  False: that cannot
    /// be, and the zone is of no use any more.
    bool is_first(std::size_t slot);
    /// The same with no time left.
    bool is_due(std::size_t slot);
    /// Lets all the time pass that this timer, the first to expire, has left.
    void expire(std::size_t slot);

    /// Two zones with the same timers running are equal just if these are, and one lies within the other
    /// just if none of these is larger.
    std::vector<std::int32_t> bounds() const;

    friend bool operator==(const TimerZone&, const TimerZone&);

   private:
    static constexpr std::size_t zero = slots;  ///< stands for a timer that has nothing left

    /// left(a) - left(b) <= most, for all that this implies.  False: no times are left.
    bool at_most(std::size_t a, std::size_t b, std::int64_t most);
    template <class Visit>
    void each_row(Visit&& visit) const {
        for (std::size_t i = 0; i < slots; ++i)
            if (running_[i]) visit(i);
        visit(zero);
    }

    /// At [a][b] the most that left(a) - left(b) can be; what is not running has no meaning.  The tightest
    /// that follow from each other, at all times.
    std::array<std::array<std::int64_t, slots + 1>, slots + 1> bounds_{};
    std::array<bool, slots> running_{};
};

}  // namespace halfopen
