/// The states that a search has come by: those of the path under way, those that are settled, and how it gets
/// from one to the next.
///
/// A search that *counts progress* does not fail where it comes to a state again, as long as the way there
/// uses something up (progress.hpp).  What comes after that state is then known only once the earlier one is
/// settled, and what relies on it is settled with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "solver/path_explorer.hpp"
#include "solver/recovery/connection.hpp"
#include "solver/recovery/progress.hpp"
#include "solver/recovery/proof_run.hpp"
#include "solver/recovery/settled_states.hpp"
#include "solver/recovery/state_form.hpp"

namespace halfopen {

class VisitedStates {
   public:
    /// log: the path under way.  Both must outlive it.
    VisitedStates(PathExplorer& paths, const std::vector<LoggedStep>& log) : paths_(paths), log_(log) {}

    /// From a path of no states.  What is settled stays so, but for what relies on states that are not.
    void begin_anew();
    /// Of whom what is settled from now on, and what counts as settled, is.
    void be_in(Company company) { company_ = company; }
    bool counts_progress() const { return counts_progress_; }
    /// It does from now on, and nothing is settled: steps between those states have not been noted.
    void count_progress();

    /// How the state after the path under way compares to the last one of the path, by what is known now.
    StepChanges changes_to(const Connection& now);

    /// A settled state whose runs are all that can come after one of this form and these times.  Until the
    /// next leave().
    const SettledState* settled(const StateForm& form, const TimerZone& times) const {
        return settled_.find(form, company_, counts_progress_ ? nullptr : &times);
    }
    /// A state that the path has come to without enter() is settled, and relies on none.  Not where it counts
    /// progress: its steps are in no graph.
    void settle(const StateForm& form, const Rest& rest) {
        settled_.add(form, {form.known, rest, 0, relies_on_none, company_});
    }
    /// The path goes on as from that one, and is followed no further.
    void go_on_as(const SettledState& settled, const StepChanges& changes);
    /// Whether all that can come is followed from an earlier state of the path, and the way from there to
    /// here uses something up: nothing new comes then, if all other ways back to that state use something up
    /// (longest_run()).  Never, unless it counts progress.
    bool comes_again(const StateForm& form, const StepChanges& changes);

    struct Visit {
        std::size_t at;  ///< index into the log
        StateForm form;
        const Connection* connection;
        std::size_t state;    ///< in the graph
        StepChanges changes;  ///< since the visit before
        /// What the states that had been left before it, after the one before it, rely on.
        std::size_t others_rely_on;
        bool is_met_again = false;
    };
    /// The first visit of the path, longer ago, to a state each of whose numbers and timers can be come to
    /// from another of them: there are finitely many numbers and regions of times (Alur and Dill, "A theory
    /// of timed automata", 1994), so that some run comes round.  Not one from which something has been used
    /// up. changes: since the last state of the path.  Until the next enter() or leave().
    const Visit* comes_round_from(const StateForm& form, std::uint64_t elapsed,
                                  const StepChanges& changes) const;

    /// The path comes to that state, which has to stay where it is until leave().
    void enter(const StateForm& form, const Connection& now, const StepChanges& changes);
    /// All runs from the last state of the path have been followed, with this at worst.  settles: whether
    /// that settles it, unless it relies on a state before it.  False where another one relies on it and it
    /// is not settled.
    bool leave(const Rest& rest, bool settles);

    /// ProgressGraph::longest_run() of all that was noted since begin_anew().
    std::optional<std::uint64_t> longest_run(std::uint64_t between, std::uint64_t time_left) const {
        return graph_.longest_run(between, time_left);
    }

   private:
    /// From the state at that place of the path to one with these since the last.
    Changes changes_since(std::size_t place, const StepChanges& changes) const;
    void step_to(std::size_t state, const StepChanges& changes, bool again);

    PathExplorer& paths_;
    const std::vector<LoggedStep>& log_;
    std::vector<Visit> path_;
    Company company_ = Company::Others;
    SettledStates settled_;
    ProgressGraph graph_;  ///< where counts_progress_
    bool counts_progress_ = false;
    /// The first place of the path that the states left since the last enter() rely on.
    std::size_t relies_on_ = relies_on_none;
};

}  // namespace halfopen
