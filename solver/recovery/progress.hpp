/// What a run may use up: where every round of a run leaves less of something, it goes round finitely often.
///
/// A number that is taken into a connection's mapping moves the edge of what its side has sent, and leaves
/// less room up to what it was granted.  A mapping that nothing starts anew has ever less time left.  Each is
/// a *measure*, a natural number that a state has, as the ranking functions of termination proofs are.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "solver/path_explorer.hpp"
#include "solver/recovery/connection.hpp"

namespace halfopen {

/// Of a connection's mapping; all are 0 where there is none.
enum class Measure : std::uint8_t {
    TimeLeft,    ///< ms
    ClientRoom,  ///< from the right edge of what the client has sent to that of what it was granted
    ServerRoom
};
inline constexpr std::size_t measure_count = 3;

/// A room counts as less where it is so by as much as this.
inline constexpr std::uint32_t least_step = 1U << 16U;

enum class Change : std::uint8_t { Less, Same /* or less by too little */, More /* for all that is known */ };
using Changes = std::array<Change, measure_count>;
inline constexpr Changes no_changes{Change::Same, Change::Same, Change::Same};

inline bool uses_up(const Changes& changes) {
    return std::find(changes.begin(), changes.end(), Change::Less) != changes.end();
}
/// More where one of them may be.
inline Changes one_after_the_other(Changes first, const Changes& second) {
    for (std::size_t m = 0; m < measure_count; ++m) {
        if (second[m] == Change::More || first[m] == Change::Same) first[m] = second[m];
    }
    return first;
}

/// From one state of the path under way to a later one.  Of most steps nobody has to know: Z3 is asked when
/// somebody does for the first time, by what was known of the path when this was made.
class StepChanges {
   public:
    StepChanges() = default;  ///< nothing
    StepChanges(const Changes& known);
    /// After this time at the least.  paths must outlive it.
    StepChanges(PathExplorer& paths, const Connection& before, const Connection& after,
                std::uint64_t least_ms);

    const Changes& get() const;

   private:
    struct Room {
        Measure measure;
        PathExplorer::Question is_less, is_no_more;
    };
    struct Found {
        Changes changes = no_changes;
        PathExplorer* paths = nullptr;
        std::vector<Room> to_ask{};
    };
    std::shared_ptr<Found> found_;  ///< by all copies; nothing where nothing changes
};

/// Of either side whose room is not the same: that it is less.
std::vector<z3::expr> less_room(z3::context& context, const Connection& before, const Connection& after);

/// Whether a room is less by all that was found out on the path, forgotten or not.
bool has_less_room(PathExplorer& paths, const Connection& before, const Connection& after);

/// The states of a search and how it gets from one to the next.
class ProgressGraph {
   public:
    std::size_t add_state() { return states_++; }
    struct Step {
        std::size_t from = 0, to = 0;
        StepChanges changes{};
        bool comes_again = false;  ///< to a state that it has come by on this path
    };
    void add(const Step& step) { steps_.push_back(step); }
    /// A run may begin with it.
    void begin_at(std::size_t state) { begins_.push_back(state); }
    /// With none of those so far; what has been followed from them counts where runs get there again.
    void begin_anew() { begins_.clear(); }

    /// Of all runs.  Nothing where there may be a cycle that uses nothing up: one in which some measure
    /// grows, or none gets less.  Else the longest that a run can take, ms, with 2^64 - 1 for more.  By
    /// measure after measure as a lexicographic ranking function has them: where one never grows within a
    /// strongly connected part, the steps that lessen it are finitely many, and what is left has to come to
    /// an end without them. between: the longest run that comes to no state again.  time_left: the most that
    /// TimeLeft can be.
    std::optional<std::uint64_t> longest_run(std::uint64_t between, std::uint64_t time_left) const;

   private:
    std::size_t states_ = 0;
    std::vector<Step> steps_;
    std::vector<std::size_t> begins_;
};

}  // namespace halfopen
