#include "solver/recovery/path_search.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "solver/path_explorer.hpp"
#include "solver/recovery/proof_run.hpp"
#include "spec/world/connected.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;
using Clock = std::chrono::steady_clock;

/// A cell of fewer values is a corner (design §5).
constexpr std::uint64_t corner_limit = 1U << 17U;

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

class Search {
   public:
    Search(z3::context& context, const FairRun& run, const LeftBehind& start, Company company,
           const std::vector<LeftOut>& left_out, const ProofOptions& options, Clock::time_point end)
        : context_(context),
          run_(run),
          start_(start),
          company_(company),
          left_out_(left_out),
          options_(options),
          end_(end),
          paths_(context),
          r_(context) {
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
        try {
            go(start_.connection, 0, 0);
            if (example_model_) found_.example = shown(run_, example_, context_, *example_model_);
        } catch (const Failed& failed) {
            found_.failure = failure(failed.kind);
        }
        found_.questions = paths_.questions();
        return std::move(found_);
    }

   private:
    struct Next {
        Connection connection;
        Happened happened;
        bool left_out = false;
        bool recovered = false;
        bool drew = false;
    };

    void go(const Connection& now, std::uint64_t elapsed, unsigned syns) {
        if (Clock::now() > end_ || paths_.questions() > options_.most_questions / (start_.own ? 1 : 8) ||
            log_.size() > options_.most_events || elapsed > options_.longest_ms)
            throw Failed{FailureKind::Late};
        const auto events = run_.events(now);
        if (events.empty()) fail(FailureKind::Stuck);
        for (const FairEvent& event : events) {
            if (event.kind != FairEvent::Kind::Deliver) {
                const auto same =
                    std::find_if(past_.begin(), past_.end(), [&](const auto& p) { return p.second == now; });
                if (same != past_.end() && elapsed > log_[same->first].ms) {
                    loop_from_ = same->first;
                    fail(FailureKind::Loop);
                }
                past_.emplace_back(log_.size() - (log_.empty() ? 0 : 1), now);
            }
            take(now, event, elapsed, syns);
            if (event.kind != FairEvent::Kind::Deliver) past_.pop_back();
        }
    }

    void take(const Connection& now, const FairEvent& event, std::uint64_t elapsed, unsigned syns) {
        const bool connects = event.kind == FairEvent::Kind::Connect;
        const bool at_server = event.kind == FairEvent::Kind::Deliver && event.hop == Hop::ToServer;
        const std::string role = connects ? client_role : "the server's new ISS";
        const R::Word isn = fresh(role);
        const bool had_server = now.server.has_value();
        const bool old_iss_is_isn = had_server && now.server->iss == isn;
        paths_.explore(
            [&](Z3Reading& r) {
                Next next{now, {}};
                next.happened = run_.perform(r, next.connection, event, isn);
                next.drew = connects || (at_server && !old_iss_is_isn && next.connection.server &&
                                         next.connection.server->iss == isn);
                if (next.drew) next.left_out = r.decide(is_left_out(r, role, isn));
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
                follow(next, at, syns + (next.happened.syn ? 1 : 0));
                log_.pop_back();
                if (next.drew) drawn_.pop_back();
            });
    }

    /// Any number at all.  It is told by its distance from that of the old connection, so that Z3 has no sums
    /// to compare, and by how many of its kind there are, so that it is the same unknown on many paths.
    R::Word fresh(const std::string& role) const {
        const auto before = std::count_if(drawn_.begin(), drawn_.end(),
                                          [&](const Named& named) { return named.role == role; });
        const std::string name = fmt::format("{} #{}", role, before + 1);
        if (!start_.connection.server) return r_.unknown(name.c_str());
        const Tcb<R>& old = *start_.connection.server;
        return r_.advance(role == client_role ? old.rcv_nxt : old.snd_nxt, r_.unknown_size(name.c_str()));
    }

    void follow(const Next& next, std::uint64_t elapsed, unsigned syns) {
        if (next.recovered) return leaf(next.connection, elapsed, syns);
        if (company_ == Company::Others && up_for_grabs(next.connection)) {
            // So that each time one old connection or handshake less is left, however many clients there are.
            if (rank(next.connection) >= rank(start_.connection)) fail(FailureKind::Moved);
            found_.leaves_half_open = true;
        }
        const bool moves = next.happened.remapped && run_.mapping_may_move();
        found_.may_move |= moves;
        // A client that has got another outside port may meet nothing there.  That it meets another old
        // connection is the beginning of another start, and counted as that.
        if (moves && next.connection.server) {
            Connection moved = next.connection;
            moved.server.reset();
            moved.slack.server = {};
            go(moved, elapsed, syns);
        }
        go(next.connection, elapsed, syns);
    }

    /// Whether the server has a connection at an outside port that is nobody's, and nothing is on its way
    /// that might end it yet.
    bool up_for_grabs(const Connection& now) const {
        if (!run_.mapping_may_move() || !now.mapped || !now.server || !now.table.entries.empty())
            return false;
        return std::all_of(now.links.begin(), now.links.end(), [](const auto& link) { return link.empty(); });
    }

    static int rank(const Connection& c) {
        if (!c.server) return 0;
        return c.server->state == TcpState::SynReceived ? 1 : 2;
    }

    void leaf(const Connection& done, std::uint64_t elapsed, unsigned syns) {
        if (paths_.refute(numbers_agree(r_, done.client, *done.server))) fail(FailureKind::Late);
        ++found_.paths;
        found_.rounds = std::max(found_.rounds, syns);
        if (elapsed < found_.worst_ms || (example_model_ && elapsed == found_.worst_ms)) return;
        found_.worst_ms = elapsed;
        example_ = log_;
        example_model_ = paths_.witness();
    }

    z3::expr is_left_out(const Z3Reading& r, const std::string& role, const R::Word& number) {
        z3::expr any = r.truth(false);
        const auto add = [&](const LeftOut& out, const R::Word& left, const R::Word& right) {
            any = any || z3::ult(r.term(left) - r.term(right) - context_.bv_val(out.first, 32),
                                 context_.bv_val(static_cast<unsigned>(out.size), 32));
        };
        for (const LeftOut& out : left_out_) {
            for (const auto* others : {&before_, &drawn_})
                for (const Named& other : *others) {
                    if (out.left == role && out.right == other.role) add(out, number, other.word);
                    if (out.right == role && out.left == other.role) add(out, other.word, number);
                }
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

    /// Whether the numbers of the path under way are few because one lies close to another: the closest two.
    void find_corner() {
        for (std::size_t i = drawn_.size(); i-- > 0;) {
            std::vector<Named> others = before_;
            others.insert(others.end(), drawn_.begin(), drawn_.begin() + static_cast<std::ptrdiff_t>(i));
            for (const Named& other : others) {
                const z3::expr difference = r_.term(drawn_[i].word) - r_.term(other.word);
                const auto value =
                    static_cast<std::uint32_t>(failed_model_->eval(difference, true).get_numeral_uint64());
                const auto within = [&](std::uint32_t first, std::uint64_t size) {
                    return !paths_.refute(z3::ult(difference - context_.bv_val(first, 32),
                                                  context_.bv_val(static_cast<unsigned>(size), 32)));
                };
                constexpr std::uint32_t half = corner_limit / 2;
                if (!within(value - half, corner_limit)) continue;
                std::uint32_t below = half, above = half;  // in [value - below, value + above]
                for (std::uint32_t step = half; step > 0; step /= 2) {
                    while (below >= step && within(value - (below - step), below - step + above + 1ULL))
                        below -= step;
                    while (above >= step && within(value - below, below + above - step + 1ULL)) above -= step;
                }
                if (below + above + 1ULL >= corner_limit) continue;
                const LeftOut corner{drawn_[i].role, other.role, value - below, below + above + 1ULL};
                if (!found_.corner || corner.size < found_.corner->size) found_.corner = corner;
            }
        }
    }

    ProofFailure failure(FailureKind kind) const {
        ProofFailure f;
        f.kind = kind;
        f.start = start_.what;
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
    Company company_;
    const std::vector<LeftOut>& left_out_;
    const ProofOptions& options_;
    Clock::time_point end_;
    PathExplorer paths_;
    Z3Reading r_;
    std::vector<Named> before_, drawn_, drawn_at_failure_;
    std::vector<LoggedStep> log_, example_, failed_log_;
    std::vector<std::pair<std::size_t, Connection>> past_;
    std::optional<z3::model> example_model_, failed_model_;
    std::size_t loop_from_ = 0;
    PathSearch found_;
};

}  // namespace

PathSearch search_paths(z3::context& context, const FairRun& run, const LeftBehind& start, Company company,
                        const std::vector<LeftOut>& left_out, const ProofOptions& options,
                        Clock::time_point end) {
    try {
        return Search(context, run, start, company, left_out, options, end).search();
    } catch (const std::exception&) {
        // Z3 has been interrupted: what it was asked last has no answer.
        if (Clock::now() <= end) throw;
        PathSearch late;
        late.failure = ProofFailure{FailureKind::Late, start.what, {}, {}, 0, 0, {}};
        return late;
    }
}

}  // namespace halfopen
