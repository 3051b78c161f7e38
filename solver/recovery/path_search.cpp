#include "solver/recovery/path_search.hpp"

#include <algorithm>
#include <climits>
#include <utility>

#include "solver/path_explorer.hpp"
#include "solver/recovery/connection_timers.hpp"
#include "solver/recovery/deep_stack.hpp"
#include "solver/recovery/drawn_numbers.hpp"
#include "solver/recovery/impossible_paths.hpp"
#include "solver/recovery/outside_port.hpp"
#include "solver/recovery/progress.hpp"
#include "solver/recovery/proof_run.hpp"
#include "solver/recovery/run_needs.hpp"
#include "solver/recovery/state_form.hpp"
#include "solver/recovery/visited_states.hpp"
#include "spec/world/connected.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;
using Clock = std::chrono::steady_clock;

/// A path of ProofOptions::most_events takes some 6 KiB an event, three times as much in builds with
/// sanitizers.
constexpr std::size_t stack_bytes_an_event = 32 * 1024;

/// Whether any numbers take the path under way is asked after so many states.
constexpr std::size_t look_every = 64;

/// So many times as long as ProofOptions::longest_ms is what a search that counts progress follows: each time
/// that something is let into a mapping, all its time begins anew.
constexpr std::uint64_t times_as_long = 10;

/// A run that takes longest is looked for so far; any other will do as well.
constexpr std::size_t most_steps_for_example = 20'000;

/// Ends the search.
struct Failed {
    FailureKind kind;
};
/// Ends it for another one with more facts.
struct Refined {};
/// Ends the search for an example.
struct Found {};

/// On top of a stack as long as it lives.
template <class T>
class OnStack {
   public:
    OnStack(std::vector<T>& stack, T top) : stack_(stack) { stack_.push_back(top); }
    OnStack(const OnStack&) = delete;
    OnStack& operator=(const OnStack&) = delete;
    ~OnStack() { stack_.pop_back(); }

   private:
    std::vector<T>& stack_;
};

}  // namespace

class StartSearch::Search {
   public:
    Search(z3::context& context, const FairRun& run, const LeftBehind& start,
           const std::vector<LeftOut>& left_out, const ProofOptions& options, Clock::time_point end)
        : context_(context),
          run_(run),
          start_(start),
          options_(options),
          end_(end),
          paths_(context, options.answered),
          r_(context),
          numbers_(context, start, left_out),
          forms_(context),
          impossible_(paths_, forms_),
          visited_(paths_, log_) {
        paths_.split_choices();
        if (options.record) paths_.record(options.record);
        paths_.assume(start.known);
    }

    /// What has been settled with others about stays so without them.
    PathSearch search(Begin begin) {
        begin_ = begin;
        const std::size_t asked_before = paths_.questions();
        search_with(Company::Others);
        if (found_.failure && found_.failure->kind == FailureKind::Moved) {
            std::optional<ProofFailure> with_others = std::move(found_.failure);
            search_with(Company::Nobody);
            found_.with_others = std::move(with_others);
        }
        found_.left_out = numbers_.left_out();
        found_.questions = paths_.questions() - asked_before;
        return std::move(found_);
    }

   private:
    /// What has been settled stays so where more numbers are left out, and where more is known.
    void search_with(Company company) {
        company_ = company;
        visited_.be_in(company);
        found_ = {};
        steps_ = 0;
        most_questions_ = paths_.questions() + options_.most_questions / (start_.own ? 1 : 40);
        most_work_ = paths_.work() + options_.most_work / (start_.own ? 1 : 3);
        while (!all_recover()) {
            if (refined_) continue;
            if (!corner_ || !numbers_.leave_out(*corner_)) break;
        }
    }

    bool all_recover() {
        found_.failure.reset();
        found_.paths = 0;
        corner_.reset();
        refined_ = false;
        failed_.reset();
        loop_from_ = 0;
        example_.reset();
        visited_.begin_anew();
        try {
            const Rest all = from_start();
            found_.worst_ms = all.ms;
            found_.rounds = all.syns;
            if (visited_.counts_progress()) and_what_comes_again(all);
            const bool shows_worst = example_ && example_->log.back().ms >= all.ms;
            const bool in_time = shows_worst || find_example();
            if (example_)
                found_.example = shown(run_, example_->log, context_, paths_.witness(example_->path));
            else
                found_.failure = failure(in_time ? FailureKind::Vacuous : FailureKind::Late);
        } catch (const Failed& failed) {
            found_.failure = failure(failed.kind);
        } catch (const Refined&) {
            refined_ = true;
        }
        log_.clear();
        numbers_.clear();
        impossible_.forget_ends();
        return !refined_ && !found_.failure;
    }

    void and_what_comes_again(const Rest& all) {
        const auto& timeouts = run_.nat().nat.settings().timeouts;
        const auto longest =
            visited_.longest_run(all.ms, *std::max_element(timeouts.begin(), timeouts.end()));
        if (!longest) throw Failed{FailureKind::Late};
        found_.worst_ms = *longest;
        const std::uint64_t times = all.ms == 0 ? 1 : *longest / all.ms + 1;
        found_.rounds = static_cast<unsigned>(std::min<std::uint64_t>(times * all.syns, UINT_MAX));
    }

    struct Example {
        std::vector<LoggedStep> log;
        PathExplorer::PastPath path;
    };

    struct Next {
        Connection connection;
        Happened happened;
        bool left_out = false;
        bool recovered = false;
        bool drew = false;
    };

    /// From each state of the mapping in turn, which have most of what they lead to in common.
    Rest from_start() {
        if (start_.entries.empty()) return from(start_.connection);
        Rest rest;
        for (const TrackState state : start_.entries) {
            bool any = false;
            Z3Reading marks(context_, &paths_);
            const Mapped mapped = with_entry(marks, run_, start_.connection, state);
            entry_state_ = state;
            paths_.explore([&](Z3Reading& r) { return r.decide(mapped.known); },
                           [&](const z3::expr&, bool holds) {
                               if (!holds) return;
                               any = true;
                               rest.or_worse(from(mapped.connection));
                           });
            if (!any) throw Failed{FailureKind::Vacuous};
        }
        return rest;
    }

    Rest from(const Connection& begin) {
        if (begin_ == Begin::Connect) return go(begin, 0, 0);
        Rest rest;
        begins_with_ = begin;
        const NamedNumber iss = numbers_.fresh(DrawnNumbers::client_role);
        paths_.explore([&](Z3Reading& r) { return numbers_.is_left_out(r, iss, {}); },
                       [&](const z3::expr&, bool left_out) {
                           if (left_out) return;
                           numbers_.push(iss);
                           rest.or_worse(go(in_syn_sent(r_, run_, begin, iss.word), 0, 0));
                           numbers_.pop();
                       });
        return rest;
    }

    /// What comes after it at worst, if every run from here recovers.
    Rest go(const Connection& now, std::uint64_t elapsed, unsigned syns) {
        if (Clock::now() > end_ || paths_.questions() > most_questions_ || ++steps_ > options_.most_steps ||
            (steps_ % 64 == 0 && paths_.work() > most_work_))
            throw Failed{FailureKind::Late};
        if (log_.size() > options_.most_events || elapsed > longest_ms()) return fail_as_too_long();
        if (in_flight(now)) return go_on_in_flight(now, elapsed, syns);
        const bool can_learn = !for_example_ && !impossible_.knows_all_it_can();
        if (can_learn && places_.size() % look_every == look_every - 1) know_better_if_impossible();
        // Of numbers that are gone nothing is asked any more.  What was found out about those that are left
        // by comparing them with such is more than the explorer knows as well (canonical_values()).
        const NamedState named = forms_.named(now);
        const StepChanges changes = visited_.changes_to(now);
        const PathExplorer::Forgetting forgetting(paths_, named.terms, forms_.wanted(named));
        const OnStack<const NamedState*> place(places_, &named);
        const StateForm form = forms_.form(named, paths_.known_of(named.terms));
        if (const SettledState* known = visited_.settled(form, now.times)) {
            const Rest rest = rest_from(*known, form, now.times);
            if (!for_example_) {
                ++found_.paths;
                visited_.go_on_as(*known, changes);
                return rest;
            }
            if (elapsed + rest.ms < example_ms_) return {};
        }
        if (visited_.comes_again(form, changes)) return {};
        if (const VisitedStates::Visit* earlier = visited_.comes_round_from(form, elapsed, changes)) {
            if (!visited_.counts_progress() && has_less_room(paths_, *earlier->connection, now))
                count_progress();
            loop_from_ = earlier->at;
            return fail(FailureKind::Loop, less_room(context_, *earlier->connection, now));
        }
        visited_.enter(form, now, changes);
        const Rest rest = go_on(now, elapsed, syns);
        const bool settles = !for_example_ && impossible_.settles(places_.size() - 1);
        if (!visited_.leave(rest, settles) && !for_example_) throw Failed{FailureKind::Late};
        return rest;
    }

    /// The search begins anew, and does not fail where it comes round to a state that it has been in as long
    /// as some measure is used up on the way.
    [[noreturn]] void count_progress() {
        visited_.count_progress();
        throw Refined{};
    }

    std::uint64_t longest_ms() const {
        return options_.longest_ms * (visited_.counts_progress() ? times_as_long : 1);
    }

    bool keeps_needs() const { return !for_example_ && !visited_.counts_progress(); }

    /// What comes after a state of this form and these times, of which a settled one says all.
    static Rest rest_from(const SettledState& settled, const StateForm& form, const TimerZone& times) {
        Rest rest = settled.rest;
        if (!within(form.known, settled.known)) rest.ms = rest.needs.longest_ms(times);
        return rest;
    }

    static Rest nothing_left() {
        Rest rest;
        rest.needs.end_after(TimerZone::zero, 0);
        return rest;
    }

    /// Segments are on their way.  Other states lead to the same ones often, most of all such as differ only
    /// in what has just come to an end.
    Rest go_on_in_flight(const Connection& now, std::uint64_t elapsed, unsigned syns) {
        if (!keeps_needs()) return go_on(now, elapsed, syns);
        const NamedState named = forms_.named(now);
        const StateForm form = forms_.form(named, paths_.known_of(named.terms));
        if (const SettledState* known = visited_.settled(form, now.times)) {
            ++found_.paths;
            return rest_from(*known, form, now.times);
        }
        const Rest rest = go_on(now, elapsed, syns);
        if (impossible_.are_settled_after(places_.size() - 1)) visited_.settle(form, rest);
        return rest;
    }

    Rest go_on(const Connection& now, std::uint64_t elapsed, unsigned syns) {
        const auto events = run_.events(now);
        if (events.empty()) return fail(FailureKind::Stuck);
        Rest rest;
        for (const FairEvent& event : events) rest.or_worse(take(now, event, elapsed, syns));
        if (keeps_needs()) need_no_others(rest.needs, run_, now, events);
        return rest;
    }

    /// Once more along the states that may take longest, for a run that does.  One that is not quite so slow
    /// will do where a limit comes first, or where none takes as long as the states' needs allow
    /// (TimerNeeds::longest_ms()).  False where a limit came before any.
    bool find_example() {
        find_example_of(found_.worst_ms);
        return example_ || find_example_of(0);
    }

    /// False: a limit came first.
    bool find_example_of(std::uint64_t least_ms) {
        for_example_ = true;
        example_ms_ = least_ms;
        steps_ = options_.most_steps - std::min(options_.most_steps, most_steps_for_example);
        bool in_time = true;
        try {
            from_start();
        } catch (const Found&) {
        } catch (const Failed&) {
            in_time = false;
        }
        for_example_ = false;
        return in_time;
    }

    Rest take(const Connection& now, const FairEvent& event, std::uint64_t elapsed, unsigned syns) {
        const bool connects = event.kind == FairEvent::Kind::Connect;
        const bool at_server = event.kind == FairEvent::Kind::Deliver && event.hop == Hop::ToServer;
        const NamedNumber drawn =
            numbers_.fresh(connects ? DrawnNumbers::client_role : DrawnNumbers::server_role);
        const R::Word& isn = drawn.word;
        const bool had_server = now.server.has_value();
        const bool old_iss_is_isn = had_server && now.server->iss == isn;
        Rest rest;
        paths_.explore(
            [&](Z3Reading& r) {
                Next next{now, {}};
                next.happened = run_.perform(r, next.connection, event, isn);
                // Where nothing expires at the server, what a mapping has left says when it is made anew, and
                // nothing else.  So attempt after attempt that it refuses is one state.
                if (connects && visited_.counts_progress() && server_only_answers(next.connection) &&
                    next.connection.times.runs(entry_slot))
                    next.connection.times.forget_least(entry_slot);
                next.drew = connects || (at_server && !old_iss_is_isn && next.connection.server &&
                                         next.connection.server->iss == isn);
                if (next.drew) next.left_out = numbers_.is_left_out(r, drawn, places_.back()->names.from);
                if (!next.left_out && run_.looks_recovered(r, next.connection))
                    next.recovered =
                        r.decide(numbers_agree(r, next.connection.client, *next.connection.server));
                return next;
            },
            [&](const z3::expr&, const Next& next) {
                if (next.left_out) return;
                if (next.drew) numbers_.push(drawn);
                const std::uint64_t at = elapsed + event.after_most;
                log_.push_back({at, event, next.happened});
                const unsigned sent = next.happened.syn ? 1 : 0;
                Rest after = follow(next, at, syns + sent);
                if (keeps_needs())
                    after.needs = needs_before(after.needs, run_, now, event, next.connection.times);
                rest.or_worse(after, event.after_most, sent);
                log_.pop_back();
                if (next.drew) numbers_.pop();
            });
        return rest;
    }

    Rest follow(const Next& next, std::uint64_t elapsed, unsigned syns) {
        if (next.recovered) return leaf(next.connection, elapsed);
        if (company_ == Company::Others && up_for_grabs(run_, next.connection)) {
            if (rank(next.connection) >= rank(start_.connection)) return fail(FailureKind::Moved);
            found_.leaves_half_open = true;
        }
        const bool moves = next.happened.remapped && run_.mapping_may_move();
        found_.may_move |= moves;
        // A client that has got another outside port may meet nothing there.  That its SYN meets another old
        // connection is where another start goes to, from SYN_SENT; anything else would be no start's.
        if (moves && company_ == Company::Others && next.connection.client.state != TcpState::SynSent)
            return fail(FailureKind::Moved);
        Rest rest;
        if (moves && next.connection.server) rest = go(at_an_unused_port(next.connection), elapsed, syns);
        if (gives_up_unheard(next.connection, syns)) {
            rest.or_worse(connect_again(next.connection, elapsed), next.connection.reconnect);
            return rest;
        }
        rest.or_worse(go(next.connection, elapsed, syns));
        return rest;
    }

    /// Where the mapping may be anything, and the client has given up without a SYN that counts.
    bool gives_up_unheard(const Connection& now, unsigned syns) const {
        return syns == 0 && start_.since && !start_.entries.empty() && now.client.state == TcpState::Closed &&
               !in_flight(now);
    }

    /// Whatever comes until the next connect() leads to what this or another start begins with
    /// (server_invariant(), entry_invariant()), so that each need be followed only from there.
    Rest connect_again(const Connection& now, std::uint64_t elapsed) {
        Connection again = *begins_with_;
        again.failures = now.failures;
        Rest rest = go(again, elapsed + now.reconnect, 0);
        rest.needs = {};
        rest.needs.end_after(slot_of({FairEvent::Kind::Connect}), rest.ms);
        return rest;
    }

    Rest leaf(const Connection& done, std::uint64_t elapsed) {
        if (!for_example_) {
            if (paths_.refute(numbers_agree(r_, done.client, *done.server))) return fail(FailureKind::Late);
            ++found_.paths;
        }
        if (example_ && elapsed <= example_->log.back().ms) return nothing_left();
        example_ = Example{log_, paths_.path_under_way()};
        if (for_example_ && elapsed >= example_ms_) throw Found{};
        return nothing_left();
    }

    /// Nothing comes after a path that no numbers take.  Any other fails.
    /// unless: where one of these holds, this is no failure.
    Rest fail(FailureKind kind, const std::vector<z3::expr>& unless = {}) {
        const bool impossible = know_better_if_impossible();
        if (impossible && for_example_) return {};
        if (auto path = paths_.all_found_out()) {
            corner_ = numbers_.corner(*path);
            for (std::size_t i = 0; i < unless.size() && !corner_ && !impossible; ++i)
                corner_ = numbers_.corner_unless(*path, unless[i]);
        }
        if (impossible && !corner_) return end_here();
        failed_ = FailedPath{log_, numbers_.all(), paths_.witness(), loop_from_};
        throw Failed{kind};
    }

    Rest fail_as_too_long() {
        const bool impossible = know_better_if_impossible();
        if (impossible && for_example_) return {};
        if (auto known = paths_.all_known()) corner_ = numbers_.corner_of_last(*known);
        if (impossible && !corner_) return end_here();
        if (!corner_ && !visited_.counts_progress() && !for_example_) count_progress();
        throw Failed{FailureKind::Late};  // a limit is no counterexample
    }

    Rest end_here() {
        impossible_.end();
        return {};
    }

    /// Whether no numbers take the path under way.  Where the search knows better now it begins anew.
    bool know_better_if_impossible() {
        if (!impossible_.is_impossible()) return false;
        if (for_example_) return true;
        if (paths_.work() > most_work_) throw Failed{FailureKind::Late};
        if (impossible_.know_better(places_)) throw Refined{};
        return true;
    }

    ProofFailure failure(FailureKind kind) const {
        ProofFailure f;
        f.kind = kind;
        f.start = start_.what;
        f.syn_sent = begin_ == Begin::SynSent;
        if (!start_.entries.empty()) f.entry = entry_state_;
        if (failed_) show(f, run_, context_, *failed_);
        return f;
    }

    z3::context& context_;
    const FairRun& run_;
    const LeftBehind& start_;
    Begin begin_ = Begin::Connect;
    Company company_ = Company::Others;
    std::optional<Connection> begins_with_;      ///< about to connect(), also where it is in SYN_SENT
    TrackState entry_state_ = TrackState::None;  ///< of the mapping that the path under way begins with
    std::optional<LeftOut> corner_;  ///< of the failure: numbers so few that the claim can do without them
    const ProofOptions& options_;
    Clock::time_point end_;
    PathExplorer paths_;
    Z3Reading r_;
    DrawnNumbers numbers_;
    std::vector<LoggedStep> log_;
    StateForms forms_;
    ImpossiblePaths impossible_;
    std::vector<const NamedState*> places_;  ///< where something has been forgotten on the path under way
    VisitedStates visited_;
    std::size_t steps_ = 0, most_questions_ = 0;
    std::uint64_t most_work_ = 0;
    bool for_example_ = false, refined_ = false;
    std::optional<Example> example_;
    std::optional<FailedPath> failed_;
    std::size_t loop_from_ = 0;
    std::uint64_t example_ms_ = 0;  ///< what an example that is looked for takes at least
    PathSearch found_;
};

StartSearch::StartSearch(z3::context& context, const FairRun& run, const LeftBehind& start,
                         const std::vector<LeftOut>& left_out, const ProofOptions& options,
                         Clock::time_point end)
    : context_(context), run_(run), start_(start), options_(options), left_out_(left_out), end_(end) {}

StartSearch::~StartSearch() = default;

PathSearch StartSearch::paths(Begin begin) {
    try {
        PathSearch found;
        on_deep_stack((options_.most_events + 100) * stack_bytes_an_event, [&] {
            if (!search_)
                search_ = std::make_unique<Search>(context_, run_, start_, left_out_, options_, end_);
            found = search_->search(begin);
        });
        return found;
    } catch (const std::exception&) {
        // Z3 has been interrupted: what it was asked last has no answer.
        if (Clock::now() <= end_) throw;
        PathSearch late;
        late.failure = ProofFailure{};
        late.failure->start = start_.what;
        late.left_out = left_out_;
        return late;
    }
}

}  // namespace halfopen
