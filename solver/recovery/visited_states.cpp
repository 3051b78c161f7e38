#include "solver/recovery/visited_states.hpp"

#include <algorithm>
#include <utility>

namespace halfopen {

void VisitedStates::begin_anew() {
    path_.clear();
    settled_.drop_open();
    relies_on_ = relies_on_none;
    graph_.begin_anew();
}

void VisitedStates::count_progress() {
    counts_progress_ = true;
    settled_.clear();
}

Changes VisitedStates::changes_to(const Connection& now) {
    if (!counts_progress_ || path_.empty()) return no_changes;
    const Visit& last = path_.back();
    std::uint64_t least_ms = 0;
    for (std::size_t i = last.at + 1; i < log_.size(); ++i) least_ms += log_[i].event.after_least;
    return changes_between(paths_, *last.connection, now, least_ms);
}

void VisitedStates::go_on_as(const SettledState& settled, const Changes& changes) {
    step_to(settled.state, changes, false);
    relies_on_ = std::min(relies_on_, settled.relies_on);
}

bool VisitedStates::comes_again(const StateForm& form, const Changes& changes) {
    if (!counts_progress_) return false;
    Changes since = changes;
    for (std::size_t place = path_.size(); place-- > 0;) {
        Visit& earlier = path_[place];
        if (uses_up(since) && earlier.form.shape == form.shape && within(form.known, earlier.form.known)) {
            step_to(earlier.state, changes, true);
            earlier.is_met_again = true;
            relies_on_ = std::min(relies_on_, place);
            return true;
        }
        since = one_after_the_other(earlier.changes, since);
    }
    return false;
}

const VisitedStates::Visit* VisitedStates::comes_round_from(const StateForm& form, std::uint64_t elapsed,
                                                            const Changes& changes) const {
    const Visit* found = nullptr;
    Changes since = changes;
    for (std::size_t place = path_.size(); place-- > 0;) {
        const Visit& earlier = path_[place];
        if (!uses_up(since) && elapsed > log_[earlier.at].ms && earlier.form.shape == form.shape &&
            earlier.form.known.times == form.known.times && within(earlier.form.known, form.known))
            found = &earlier;
        since = one_after_the_other(earlier.changes, since);
    }
    return found;
}

void VisitedStates::enter(const StateForm& form, const Connection& now, const Changes& changes) {
    const std::size_t state = graph_.add_state();
    step_to(state, changes, false);
    path_.push_back({log_.size() - (log_.empty() ? 0 : 1), form, &now, state, changes,
                     std::exchange(relies_on_, relies_on_none)});
}

bool VisitedStates::leave(const Rest& rest, bool settles) {
    const Visit last = std::move(path_.back());
    path_.pop_back();
    const std::size_t place = path_.size();
    const bool closes = relies_on_ >= place;
    if (closes) relies_on_ = relies_on_none;
    if (settles) {
        settled_.add(last.form, {last.form.known, rest, last.state, relies_on_, company_});
        if (closes) settled_.close(place);
    }
    relies_on_ = std::min(relies_on_, last.others_rely_on);
    return settles || !last.is_met_again;
}

void VisitedStates::step_to(std::size_t state, const Changes& changes, bool again) {
    if (!counts_progress_) return;
    if (path_.empty())
        graph_.begin_at(state);
    else
        graph_.add({path_.back().state, state, changes, again});
}

}  // namespace halfopen
