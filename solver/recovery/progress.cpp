#include "solver/recovery/progress.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <map>

#include "solver/recovery/connection_timers.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;
using Entry = ConntrackEntry<R>;

constexpr std::array directions{original, reply};

const Entry* mapping_of(const Connection& c) {
    return c.table.entries.empty() ? nullptr : &c.table.entries.front();
}

z3::expr room(const R& r, const Peer<R>& side) { return r.term(r.distance(side.td_maxend, side.td_end)); }

/// Of a side whose room is the same term nothing need be asked.
bool is_same(const Peer<R>& before, const Peer<R>& after) {
    return before.td_end == after.td_end && before.td_maxend == after.td_maxend;
}

z3::expr is_less(const z3::expr& before, const z3::expr& after) {
    const z3::expr step = before.ctx().bv_val(least_step, 32);
    return z3::uge(before, step) && z3::ule(after, before - step);
}

std::uint64_t product(std::uint64_t a, std::uint64_t b) {
    return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}
std::uint64_t sum(std::uint64_t a, std::uint64_t b) { return a > UINT64_MAX - b ? UINT64_MAX : a + b; }

using Steps = std::vector<ProgressGraph::Step>;

/// The steps within each strongly connected part that has any.
std::vector<Steps> parts_of(std::size_t states, const Steps& steps) {
    boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS> graph(states);
    for (const auto& step : steps) boost::add_edge(step.from, step.to, graph);
    std::vector<std::size_t> part(states);
    boost::strong_components(
        graph, boost::make_iterator_property_map(part.begin(), boost::get(boost::vertex_index, graph)));
    std::map<std::size_t, Steps> within;
    for (const auto& step : steps)
        if (part[step.from] == part[step.to]) within[part[step.from]].push_back(step);
    std::vector<Steps> parts;
    parts.reserve(within.size());
    for (auto& [number, inner] : within) parts.push_back(std::move(inner));
    return parts;
}

std::optional<std::size_t> measure_that_gets_less(const Steps& steps) {
    for (std::size_t m = 0; m < measure_count; ++m) {
        const auto has = [&](Change change) {
            return std::any_of(steps.begin(), steps.end(),
                               [&](const auto& step) { return step.changes.get()[m] == change; });
        };
        if (has(Change::Less) && !has(Change::More)) return m;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> longest(std::size_t states, const Steps& steps, std::uint64_t between,
                                     std::uint64_t time_left) {
    // What goes round no more has each state that it comes to again once.
    const auto again = static_cast<std::uint64_t>(
        std::count_if(steps.begin(), steps.end(), [](const auto& step) { return step.comes_again; }));
    std::uint64_t all = product(between, again + 1);
    for (Steps& part : parts_of(states, steps)) {
        const std::optional<std::size_t> measure = measure_that_gets_less(part);
        if (!measure) return std::nullopt;
        std::erase_if(part, [&](const auto& step) { return step.changes.get()[*measure] == Change::Less; });
        const auto rest = longest(states, part, between, time_left);
        if (!rest) return std::nullopt;
        constexpr std::uint64_t most_steps = (std::uint64_t{1} << 32U) / least_step;
        all = sum(all, static_cast<Measure>(*measure) == Measure::TimeLeft ? sum(time_left, *rest)
                                                                           : product(most_steps + 1, *rest));
    }
    return all;
}

}  // namespace

StepChanges::StepChanges(const Changes& known) : found_(std::make_shared<Found>(Found{known})) {}

StepChanges::StepChanges(PathExplorer& paths, const Connection& before, const Connection& after,
                         std::uint64_t least_ms) {
    const Entry *const earlier = mapping_of(before), *const later = mapping_of(after);
    if (later == nullptr) return;
    found_ = std::make_shared<Found>();
    Changes& changes = found_->changes;
    if (earlier == nullptr) {
        changes.fill(Change::More);
        return;
    }
    const bool goes_on = before.times.starts(entry_slot) == after.times.starts(entry_slot);
    if (!goes_on)
        changes[static_cast<std::size_t>(Measure::TimeLeft)] = Change::More;
    else if (least_ms > 0)
        changes[static_cast<std::size_t>(Measure::TimeLeft)] = Change::Less;
    found_->paths = &paths;
    const R r(paths.context());
    for (const std::uint8_t direction : directions) {
        const Peer<R>&a = earlier->peers[direction], &b = later->peers[direction];
        if (is_same(a, b)) continue;
        const z3::expr room_before = room(r, a), room_after = room(r, b);
        found_->to_ask.push_back({direction == original ? Measure::ClientRoom : Measure::ServerRoom,
                                  paths.question_of(is_less(room_before, room_after)),
                                  paths.question_of(z3::ule(room_after, room_before))});
    }
}

const Changes& StepChanges::get() const {
    if (!found_) return no_changes;
    for (const Room& room : found_->to_ask) {
        Change& change = found_->changes[static_cast<std::size_t>(room.measure)];
        if (found_->paths->is_known(room.is_less))
            change = Change::Less;
        else if (!found_->paths->is_known(room.is_no_more))
            change = Change::More;
    }
    found_->to_ask.clear();
    return found_->changes;
}

std::vector<z3::expr> less_room(z3::context& context, const Connection& before, const Connection& after) {
    const Entry *const earlier = mapping_of(before), *const later = mapping_of(after);
    std::vector<z3::expr> claims;
    if (earlier == nullptr || later == nullptr) return claims;
    const R r(context);
    for (const std::uint8_t direction : directions) {
        const Peer<R>&a = earlier->peers[direction], &b = later->peers[direction];
        if (!is_same(a, b)) claims.push_back(is_less(room(r, a), room(r, b)));
    }
    return claims;
}

bool has_less_room(PathExplorer& paths, const Connection& before, const Connection& after) {
    const std::vector<z3::expr> claims = less_room(paths.context(), before, after);
    if (claims.empty()) return false;
    auto path = paths.all_found_out();
    return path && std::any_of(claims.begin(), claims.end(),
                               [&](const z3::expr& claim) { return path->check({!claim}) == z3::unsat; });
}

std::optional<std::uint64_t> ProgressGraph::longest_run(std::uint64_t between,
                                                        std::uint64_t time_left) const {
    std::vector<std::vector<std::size_t>> steps_from(states_);
    for (std::size_t i = 0; i < steps_.size(); ++i) steps_from[steps_[i].from].push_back(i);
    std::vector<bool> is_met(states_);
    std::vector<std::size_t> to_follow = begins_;
    Steps met;
    while (!to_follow.empty()) {
        const std::size_t state = to_follow.back();
        to_follow.pop_back();
        if (is_met[state]) continue;
        is_met[state] = true;
        for (const std::size_t i : steps_from[state]) {
            met.push_back(steps_[i]);
            to_follow.push_back(steps_[i].to);
        }
    }
    return longest(states_, met, between, time_left);
}

}  // namespace halfopen
