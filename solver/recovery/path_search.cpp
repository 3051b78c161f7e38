#include "solver/recovery/path_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "solver/path_explorer.hpp"
#include "solver/recovery/connection_timers.hpp"
#include "solver/recovery/deep_stack.hpp"
#include "solver/recovery/left_out.hpp"
#include "solver/recovery/proof_run.hpp"
#include "solver/recovery/state_form.hpp"
#include "spec/world/connected.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;
using Clock = std::chrono::steady_clock;

/// A path of ProofOptions::most_events takes some 6 KiB an event, three times as much in builds with
/// sanitizers.
constexpr std::size_t stack_bytes_an_event = 32 * 1024;

constexpr const char* client_role = "ISS";

/// A number that somebody has drawn, or that was there before.
struct Named {
    std::string role;
    R::Word word;
};

/// Ends the search.
struct Failed {
    FailureKind kind;
};
/// Ends the search for an example.
struct Found {};

/// What comes after a state in the worst case.
struct Rest {
    std::uint64_t ms = 0;
    unsigned syns = 0;

    void or_worse(const Rest& other, std::uint64_t ms_before = 0, unsigned syns_before = 0) {
        ms = std::max(ms, other.ms + ms_before);
        syns = std::max(syns, other.syns + syns_before);
    }
};

/// A state from which every run recovers.
struct Settled {
    StateForm form;
    Rest rest;
};

class Search {
   public:
    Search(z3::context& context, const FairRun& run, const LeftBehind& start, Begin begin, Company company,
           const std::vector<LeftOut>& left_out, const ProofOptions& options, Clock::time_point end)
        : context_(context),
          run_(run),
          start_(start),
          begin_(begin),
          company_(company),
          left_out_(left_out),
          options_(options),
          end_(end),
          paths_(context),
          r_(context),
          forms_(context) {
        paths_.split_choices();
        if (options.record) paths_.record(options.record);
        paths_.assume(start.known);
        if (start.connection.server) {
            const Tcb<R>& tcb = *start.connection.server;
            before_ = {{"RCV.NXT", tcb.rcv_nxt},
                       {"SND.NXT", tcb.snd_nxt},
                       {"SND.UNA", tcb.snd_una},
                       {"IRS", tcb.irs},
                       {"ISS of the old connection", tcb.iss}};
        }
        before_.push_back({"0", r_.literal(0)});
    }

    PathSearch search() {
        while (!all_recover()) {
            if (!corner_ || left_out_.size() == most_left_out) break;
            left_out_ = with_touching_joined(left_out_, *corner_);
        }
        found_.left_out = left_out_;
        found_.questions = paths_.questions();
        return std::move(found_);
    }

   private:
    /// What has been settled stays so where more numbers are left out.
    bool all_recover() {
        found_ = {};
        corner_.reset();
        failed_model_.reset();
        example_model_.reset();
        try {
            const Rest all = from_start();
            found_.worst_ms = all.ms;
            found_.rounds = all.syns;
            const bool shows_worst = example_model_ && example_.back().ms >= all.ms;
            const bool in_time = shows_worst || find_example();
            if (example_model_)
                found_.example = shown(run_, example_, context_, *example_model_);
            else
                found_.failure = failure(in_time ? FailureKind::Vacuous : FailureKind::Late);
        } catch (const Failed& failed) {
            found_.failure = failure(failed.kind);
        }
        log_.clear();
        drawn_.clear();
        past_.clear();
        return !found_.failure;
    }

    struct Next {
        Connection connection;
        Happened happened;
        bool left_out = false;
        bool recovered = false;
        bool drew = false;
    };

    Rest from_start() {
        if (begin_ == Begin::Connect) return go(start_.connection, 0, 0);
        Rest rest;
        const R::Word iss = fresh(client_role);
        paths_.explore([&](Z3Reading& r) { return is_left_out(r, client_role, iss); },
                       [&](const z3::expr&, bool left_out) {
                           if (left_out) return;
                           drawn_.push_back({client_role, iss});
                           rest.or_worse(go(in_syn_sent(r_, run_, start_.connection, iss), 0, 0));
                           drawn_.pop_back();
                       });
        return rest;
    }

    /// What comes after it at worst, if every run from here recovers.
    Rest go(const Connection& now, std::uint64_t elapsed, unsigned syns) {
        if (Clock::now() > end_ || paths_.questions() > options_.most_questions / (start_.own ? 1 : 8) ||
            ++steps_ > options_.most_steps)
            throw Failed{FailureKind::Late};
        if (log_.size() > options_.most_events || elapsed > options_.longest_ms) fail_as_too_long();
        if (in_flight(now)) return go_on(now, elapsed, syns);
        // Of numbers that are gone nothing is asked any more.  What was found out about those that are left
        // by comparing them with such is more than the explorer knows as well (canonical_values()).
        std::optional<PathExplorer::Forgetting> forgetting;
        const StateForm form = forms_.of(now, [&](const std::vector<z3::expr>& terms) {
            forgetting.emplace(paths_, terms);
            return paths_.known_of(terms);
        });
        if (const Settled* known = settled_as(form)) {
            if (!for_example_) {
                ++found_.paths;
                return known->rest;
            }
            if (elapsed + known->rest.ms < found_.worst_ms) return {};
        }
        // Each state of the earlier one's numbers and timers can be come to from another of them, and there
        // are finitely many numbers and regions of times (Alur and Dill, 1994): some run comes round.
        for (const auto& [at, earlier] : past_)
            if (elapsed > log_[at].ms && earlier.shape == form.shape && earlier.times == form.times &&
                within(earlier, form)) {
                loop_from_ = at;
                fail(FailureKind::Loop);
            }
        past_.emplace_back(log_.size() - (log_.empty() ? 0 : 1), form);
        const Rest rest = go_on(now, elapsed, syns);
        past_.pop_back();
        if (!for_example_) settled_[form.shape].push_back({form, rest});
        return rest;
    }

    const Settled* settled_as(const StateForm& form) const {
        const auto alike = settled_.find(form.shape);
        if (alike == settled_.end()) return nullptr;
        for (const Settled& settled : alike->second)
            if (settled.form == form) return &settled;
        for (const Settled& settled : alike->second)
            if (within(form, settled.form)) return &settled;
        return nullptr;
    }

    Rest go_on(const Connection& now, std::uint64_t elapsed, unsigned syns) {
        const auto events = run_.events(now);
        if (events.empty()) fail(FailureKind::Stuck);
        Rest rest;
        for (const FairEvent& event : events) rest.or_worse(take(now, event, elapsed, syns));
        return rest;
    }

    /// Once more along the states that may take longest, for a run that does.  False where a limit came
    /// first: one that is not quite so slow will do, if there is any.
    bool find_example() {
        for_example_ = true;
        steps_ = 0;
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
        const std::string role = connects ? client_role : "the server's new ISS";
        const R::Word isn = fresh(role);
        const bool had_server = now.server.has_value();
        const bool old_iss_is_isn = had_server && now.server->iss == isn;
        Rest rest;
        paths_.explore(
            [&](Z3Reading& r) {
                Next next{now, {}};
                next.happened = run_.perform(r, next.connection, event, isn);
                next.drew = connects || (at_server && !old_iss_is_isn && next.connection.server &&
                                         next.connection.server->iss == isn);
                if (next.drew) next.left_out = is_left_out(r, role, isn);
                if (!next.left_out && run_.looks_recovered(r, next.connection))
                    next.recovered =
                        r.decide(numbers_agree(r, next.connection.client, *next.connection.server));
                return next;
            },
            [&](const z3::expr&, const Next& next) {
                if (next.left_out) return;
                if (next.drew) drawn_.push_back({role, isn});
                const std::uint64_t at = elapsed + event.after_most;
                log_.push_back({at, event, next.happened});
                const unsigned sent = next.happened.syn ? 1 : 0;
                rest.or_worse(follow(next, at, syns + sent), event.after_most, sent);
                log_.pop_back();
                if (next.drew) drawn_.pop_back();
            });
        return rest;
    }

    /// Any number at all.  It is told by its distance from that of the old connection, so that Z3 has no sums
    /// to compare, and by how many of its kind there are, so that it is the same unknown on many paths.
    R::Word fresh(const std::string& role) const {
        const auto before = std::count_if(drawn_.begin(), drawn_.end(),
                                          [&](const Named& named) { return named.role == role; });
        const std::string name = drawn_name(role, static_cast<std::size_t>(before) + 1);
        if (!start_.connection.server) return r_.unknown(name.c_str());
        const Tcb<R>& old = *start_.connection.server;
        return r_.advance(role == client_role ? old.rcv_nxt : old.snd_nxt, r_.unknown_size(name.c_str()));
    }

    Rest follow(const Next& next, std::uint64_t elapsed, unsigned syns) {
        if (next.recovered) {
            leaf(next.connection, elapsed);
            return {};
        }
        if (company_ == Company::Others && up_for_grabs(next.connection)) {
            // So that each time one old connection or handshake less is left, however many clients there are.
            if (rank(next.connection) >= rank(start_.connection)) fail(FailureKind::Moved);
            found_.leaves_half_open = true;
        }
        const bool moves = next.happened.remapped && run_.mapping_may_move();
        found_.may_move |= moves;
        // A client that has got another outside port may meet nothing there.  That its SYN meets another old
        // connection is where another start goes to, from SYN_SENT; anything else would be no start's.
        if (moves && company_ == Company::Others && next.connection.client.state != TcpState::SynSent)
            fail(FailureKind::Moved);
        Rest rest;
        if (moves && next.connection.server) {
            Connection moved = next.connection;
            leave_server_behind(moved);
            leave_behind_what_is_on_its_way(moved);
            rest = go(moved, elapsed, syns);
        }
        rest.or_worse(go(next.connection, elapsed, syns));
        return rest;
    }

    /// What is on its way to or from the old outside port is not for the new one.
    static void leave_behind_what_is_on_its_way(Connection& moved) {
        moved.links[static_cast<std::size_t>(Hop::FromServer)].clear();
        auto& to_server = moved.links[static_cast<std::size_t>(Hop::ToServer)];
        if (!to_server.empty())  // its last is the SYN that has got the new port
            to_server.erase(to_server.begin(), to_server.end() - 1);
    }

    /// Whether the server has a connection at an outside port that is nobody's, and nothing is on its way
    /// that might end it yet.
    bool up_for_grabs(const Connection& now) const {
        if (!run_.mapping_may_move() || !now.mapped || !now.server || !now.table.entries.empty())
            return false;
        return !in_flight(now);
    }

    static int rank(const Connection& c) {
        if (!c.server) return 0;
        return c.server->state == TcpState::SynReceived ? 1 : 2;
    }

    void leaf(const Connection& done, std::uint64_t elapsed) {
        if (!for_example_) {
            if (paths_.refute(numbers_agree(r_, done.client, *done.server))) fail(FailureKind::Late);
            ++found_.paths;
        }
        if (example_model_ && elapsed <= example_.back().ms) return;
        example_ = log_;
        example_model_ = paths_.witness();
        if (for_example_ && elapsed >= found_.worst_ms) throw Found{};
    }

    /// One question for each other number, so that what is known of two that are left outlasts those that are
    /// gone (Forgetting).
    bool is_left_out(Z3Reading& r, const std::string& role, const R::Word& number) {
        for (const auto* others : {&before_, &drawn_}) {
            for (const Named& other : *others) {
                const std::optional<z3::expr> too_close = left_out_between(r, {role, number}, other);
                if (too_close && r.decide(*too_close)) return true;
            }
        }
        return false;
    }

    /// Nothing where no range is left out between numbers of these roles.
    std::optional<z3::expr> left_out_between(const Z3Reading& r, const Named& number, const Named& other) {
        std::optional<z3::expr> any;
        const auto add = [&](const LeftOut& out, const R::Word& left, const R::Word& right) {
            const z3::expr within = z3::ult(r.term(left) - r.term(right) - context_.bv_val(out.first, 32),
                                            context_.bv_val(static_cast<unsigned>(out.size), 32));
            any = any ? *any || within : within;
        };
        for (const LeftOut& out : left_out_) {
            if (out.left == number.role && out.right == other.role) add(out, number.word, other.word);
            if (out.right == number.role && out.left == other.role) add(out, other.word, number.word);
        }
        return any;
    }

    [[noreturn]] void fail(FailureKind kind) {
        failed_model_ = paths_.witness();
        failed_log_ = log_;
        drawn_at_failure_ = drawn_;
        find_corner();
        throw Failed{kind};
    }

    /// Of a path that draws number after number only the last is looked at, beside those that were there
    /// before: a corner that each attempt has hit is the last one's as well.
    [[noreturn]] void fail_as_too_long() {
        if (!drawn_.empty()) {
            failed_model_ = paths_.witness();
            find_corner(drawn_.back(), before_);
            failed_model_.reset();  // a limit is no counterexample
        }
        throw Failed{FailureKind::Late};
    }

    /// Whether the numbers of the path under way are few because one lies close to another: the closest two.
    void find_corner() {
        for (std::size_t i = drawn_.size(); i-- > 0;) {
            std::vector<Named> others = before_;
            others.insert(others.end(), drawn_.begin(), drawn_.begin() + static_cast<std::ptrdiff_t>(i));
            find_corner(drawn_[i], others);
        }
    }
    void find_corner(const Named& drawn, const std::vector<Named>& others) {
        for (const Named& other : others) {
            const std::optional<LeftOut> range = range_around(drawn, other);
            if (range && (!corner_ || range->size < corner_->size) && may_be_left_out(left_out_, *range))
                corner_ = range;
        }
    }

    /// The least range around its value in the model of the failure that the difference of two numbers does
    /// not leave on the path under way.  None where that is larger than any that could be left out.
    std::optional<LeftOut> range_around(const Named& drawn, const Named& other) {
        const z3::expr difference = r_.term(drawn.word) - r_.term(other.word);
        const auto value =
            static_cast<std::uint32_t>(failed_model_->eval(difference, true).get_numeral_uint64());
        const auto within = [&](std::uint32_t first, std::uint64_t size) {
            return !paths_.refute(z3::ult(difference - context_.bv_val(first, 32),
                                          context_.bv_val(static_cast<unsigned>(size), 32)));
        };
        constexpr auto half = static_cast<std::uint32_t>(corner_limit);
        if (!within(value - half, 2ULL * half)) return std::nullopt;
        std::uint32_t below = half, above = half;  // in [value - below, value + above]
        for (std::uint32_t step = half; step > 0; step /= 2) {
            while (below >= step && within(value - (below - step), below - step + above + 1ULL))
                below -= step;
            while (above >= step && within(value - below, below + above - step + 1ULL)) above -= step;
        }
        return LeftOut{drawn.role, other.role, value - below, below + above + 1ULL};
    }

    ProofFailure failure(FailureKind kind) const {
        ProofFailure f;
        f.kind = kind;
        f.start = start_.what;
        f.syn_sent = begin_ == Begin::SynSent;
        if (!failed_model_) return f;
        const auto value = [&](const R::Word& word) {
            return static_cast<std::uint32_t>(failed_model_->eval(r_.term(word), true).get_numeral_uint64());
        };
        for (const auto* names : {&before_, &drawn_at_failure_})
            for (const Named& named : *names)
                if (named.role != "0") f.numbers.emplace_back(named.role, value(named.word));
        f.run = shown(run_, failed_log_, context_, *failed_model_);
        f.loop_from = loop_from_;
        f.old_timer = first_old_timer(failed_log_);
        return f;
    }

    z3::context& context_;
    const FairRun& run_;
    const LeftBehind& start_;
    Begin begin_;
    Company company_;
    std::vector<LeftOut> left_out_;
    std::optional<LeftOut> corner_;  ///< of the failure: numbers so few that the claim can do without them
    const ProofOptions& options_;
    Clock::time_point end_;
    PathExplorer paths_;
    Z3Reading r_;
    std::vector<Named> before_, drawn_, drawn_at_failure_;
    std::vector<LoggedStep> log_, example_, failed_log_;
    StateForms forms_;
    std::vector<std::pair<std::size_t, StateForm>> past_;  ///< on the path under way, by index into log_
    std::map<std::vector<std::uint64_t>, std::vector<Settled>> settled_;  ///< by shape
    std::size_t steps_ = 0;
    bool for_example_ = false;
    std::optional<z3::model> example_model_, failed_model_;
    std::size_t loop_from_ = 0;
    PathSearch found_;
};

}  // namespace

PathSearch search_paths(z3::context& context, const FairRun& run, const LeftBehind& start, Begin begin,
                        Company company, const std::vector<LeftOut>& left_out, const ProofOptions& options,
                        Clock::time_point end) {
    try {
        PathSearch found;
        on_deep_stack((options.most_events + 100) * stack_bytes_an_event, [&] {
            found = Search(context, run, start, begin, company, left_out, options, end).search();
        });
        return found;
    } catch (const std::exception&) {
        // Z3 has been interrupted: what it was asked last has no answer.
        if (Clock::now() <= end) throw;
        PathSearch late;
        late.failure = ProofFailure{};
        late.failure->start = start.what;
        late.left_out = left_out;
        return late;
    }
}

}  // namespace halfopen
