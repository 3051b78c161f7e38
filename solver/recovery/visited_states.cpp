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

StepChanges VisitedStates::changes_to(const Connection& now) {
    if (!counts_progress_ || path_.empty()) return {};
    const Visit& last = path_.back();
    std::uint64_t least_ms = 0;
    for (std::size_t i = last.at + 1; i < log_.size(); ++i) least_ms += log_[i].event.after_least;
    return {paths_, *last.connection, now, least_ms};
}

void VisitedStates::go_on_as(const SettledState& settled, const StepChanges& changes) {
    step_to(settled.state, changes, false);
    relies_on_ = std::min(relies_on_, settled.relies_on);
}

Changes VisitedStates::changes_since(std::size_t place, const StepChanges& changes) const {
    Changes since = no_changes;
    for (std::size_t next = place + 1; next < path_.size(); ++next)
        since = one_after_the_other(since, path_[next].changes.get());
    return one_after_the_other(since, changes.get());
}

bool VisitedStates::comes_again(const StateForm& form, const StepChanges& changes) {
    if (!counts_progress_) return false;
    for (std::size_t place = path_.size(); place-- > 0;) {
        Visit& earlier = path_[place];
        if (earlier.form.shape != form.shape || !within(form.known, earlier.form.known)) continue;
        if (!uses_up(changes_since(place, changes))) continue;
        step_to(earlier.state, changes, true);
        earlier.is_met_again = true;
        relies_on_ = std::min(relies_on_, place);
        return true;
    }
    return false;
}

const VisitedStates::Visit* VisitedStates::comes_round_from(const StateForm& form, std::uint64_t elapsed,
                                                            const StepChanges& changes) const {
    for (std::size_t place = 0; place < path_.size(); ++place) {
        const Visit& earlier = path_[place];
        if (elapsed > log_[earlier.at].ms && earlier.form.shape == form.shape &&
            earlier.form.known.times == form.known.times && within(earlier.form.known, form.known) &&
            !uses_up(changes_since(place, changes)))
            return &earlier;
    }
    return nullptr;
}

void VisitedStates::enter(const StateForm& form, const Connection& now, const StepChanges& changes) {
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

void VisitedStates::step_to(std::size_t state, const StepChanges& changes, bool again) {
    if (!counts_progress_) return;
    if (path_.empty())
        graph_.begin_at(state);
    else
        graph_.add({path_.back().state, state, changes, again});
}

}  // namespace halfopen
