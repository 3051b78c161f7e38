#include "solver/recovery/prover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "solver/path_explorer.hpp"
#include "spec/world/connected.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;
using Clock = std::chrono::steady_clock;

/// A cell of fewer values is a corner (design §5).
constexpr std::uint64_t corner_limit = 1U << 17U;
constexpr std::size_t most_left_out = 16;

/// A number that somebody has drawn, or that was there before.
struct Named {
    std::string role;
    R::Word word;
};

struct LoggedStep {
    std::uint64_t ms;
    FairEvent event;
    Happened happened;
    std::optional<Segment<R>> arrived;
};

/// Ends the search.
struct Failed {
    FailureKind kind;
};

class Search {
   public:
    Search(z3::context& context, const FairRun& run, const LeftBehind& start,
           const std::vector<LeftOut>& left_out, const ProofOptions& options, Clock::time_point end)
        : context_(context),
          run_(run),
          start_(start),
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

    /// Nothing: every path recovers.
    std::optional<ProofFailure> search() {
        try {
            go(start_.connection, 0, 0);
        } catch (const Failed& failed) {
            return failure(failed.kind);
        }
        return std::nullopt;
    }

    StartResult summary{};
    bool may_move = false;
    std::size_t questions() const { return paths_.questions(); }
    /// Of a failure: numbers so few that they are a corner.
    std::optional<LeftOut> corner;

    std::vector<ProofStep> example() const {
        return example_model_ ? shown(example_, *example_model_) : std::vector<ProofStep>{};
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
        if (Clock::now() > end_ || log_.size() > options_.most_events || elapsed > options_.longest_ms)
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
        const std::string role = connects ? "ISS" : "the server's new ISS";
        const R::Word isn = fresh(now, connects, fmt::format("{} #{}", role, drawn_.size() + 1));
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
                std::optional<Segment<R>> arrived;
                if (event.kind == FairEvent::Kind::Deliver)
                    arrived = now.links[static_cast<std::size_t>(event.hop)].front();
                log_.push_back({at, event, next.happened, arrived});
                follow(now, next, at, syns + (next.happened.syn ? 1 : 0));
                log_.pop_back();
                if (next.drew) drawn_.pop_back();
            });
    }

    /// Any number at all.  A client's is told by its distance from what the server waits for, so that Z3 has
    /// no sums to compare.
    R::Word fresh(const Connection& now, bool connects, const std::string& name) const {
        if (!connects || !now.server) return r_.unknown(name.c_str());
        return r_.advance(now.server->rcv_nxt, r_.unknown_size((name + " - RCV.NXT").c_str()));
    }

    void follow(const Connection& before, const Next& next, std::uint64_t elapsed, unsigned syns) {
        if (next.recovered) return leaf(next.connection, elapsed, syns);
        if (next.happened.remapped && run_.mapping_may_move()) {
            may_move = true;
            if (before.kept_mapping) {
                // All old connections have their mappings, so that a free tuple has none.
                Connection moved = next.connection;
                moved.server.reset();
                moved.slack.server = {};
                go(moved, elapsed, syns);
            } else if (before.server) {
                fail(FailureKind::Moved);
            }
        }
        go(next.connection, elapsed, syns);
    }

    void leaf(const Connection& done, std::uint64_t elapsed, unsigned syns) {
        if (paths_.refute(numbers_agree(r_, done.client, *done.server))) fail(FailureKind::Late);
        ++summary.paths;
        summary.rounds = std::max(summary.rounds, syns);
        if (elapsed < summary.worst_ms || (example_model_ && elapsed == summary.worst_ms)) return;
        summary.worst_ms = elapsed;
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

    /// Whether the numbers of the path under way are few because one lies close to another.
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
                corner = {drawn_[i].role, other.role, value - below, below + above + 1ULL};
                return;
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
        f.run = shown(failed_log_, *failed_model_);
        f.loop_from = loop_from_;
        return f;
    }

    std::vector<ProofStep> shown(const std::vector<LoggedStep>& log, const z3::model& model) const {
        const auto number = [&](const auto& word) {
            return static_cast<std::uint32_t>(model.eval(r_.term(word), true).get_numeral_uint64());
        };
        std::vector<ProofStep> steps;
        for (const LoggedStep& logged : log) {
            ProofStep step;
            step.ms = logged.ms;
            step.actor = actor_of(logged.event);
            for (const Segment<R>& s : logged.happened.sent) {
                ConcreteSegment segment;
                segment.source = s.source;
                segment.destination = s.destination;
                segment.flags = s.flags;
                segment.seq = {number(s.seq), 0};
                segment.ack = {number(s.ack), 0};
                segment.length = s.length;
                step.packets.push_back(to_string(segment));
            }
            step.leaked = logged.happened.leaked;
            step.note = logged.happened.rule != nullptr ? logged.happened.rule->id
                                                        : std::string(logged.happened.note);
            steps.push_back(std::move(step));
        }
        return steps;
    }

    std::string actor_of(const FairEvent& event) const {
        using Kind = FairEvent::Kind;
        switch (event.kind) {
            case Kind::Connect:
            case Kind::ClientTimer:
                return run_.client().spec.name;
            case Kind::ServerTimer:
                return run_.server().spec.name;
            case Kind::EntryExpires:
                return run_.nat().spec.name;
            case Kind::Deliver:
                break;
        }
        if (event.hop == Hop::ToServer) return run_.server().spec.name;
        return event.hop == Hop::ToClient ? run_.client().spec.name : run_.nat().spec.name;
    }

    z3::context& context_;
    const FairRun& run_;
    const LeftBehind& start_;
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
};

}  // namespace

RecoveryProof prove_recovery(const Model& model, const ProofOptions& options) {
    const auto begin = Clock::now();
    const FairRun run(model, options.coincidences);
    RecoveryProof proof;
    z3::context context;
    // The two lemmas share nothing with the rest, unless somebody listens to the questions.
    const auto lemmas = [&] {
        if (!options.lemmas) return;
        z3::context own;
        proof.induction = server_invariant(own, run, options.record);
        proof.isolation = other_clients_cannot_interfere(own, model, options.record);
    };
    auto proved_aside = std::async(options.record ? std::launch::deferred : std::launch::async, lemmas);
    bool late = false;
    for (const LeftBehind& start : left_behind(context, run, model.scenario().fault)) {
        if (!options.only.empty() && start.what != options.only) continue;
        StartResult result;
        for (bool again = true; again;) {
            Search search(context, run, start, proof.left_out, options, begin + options.timeout);
            result.failure = search.search();
            proof.questions += search.questions();
            again = result.failure && search.corner && proof.left_out.size() < most_left_out;
            if (again) {
                proof.left_out.push_back(*search.corner);
                continue;
            }
            result.paths = search.summary.paths;
            result.worst_ms = search.summary.worst_ms;
            result.rounds = search.summary.rounds;
            if (result.failure) continue;
            proof.may_move |= search.may_move;
            if (proof.example.empty() || result.worst_ms > proof.worst_ms) proof.example = search.example();
            proof.worst_ms = std::max(proof.worst_ms, result.worst_ms);
        }
        result.what = start.what;
        late |= result.failure && result.failure->kind == FailureKind::Late;
        proof.paths += result.paths;
        proof.rounds = std::max(proof.rounds, result.rounds);
        proof.starts.push_back(std::move(result));
    }
    proved_aside.get();
    const bool all =
        options.only.empty() && std::none_of(proof.starts.begin(), proof.starts.end(),
                                             [](const StartResult& s) { return s.failure.has_value(); });
    const bool lemmas_hold = proof.induction.holds() && proof.isolation.holds();
    proof.status = all && lemmas_hold && !proof.example.empty() ? ProofStatus::Proved
                   : late && lemmas_hold                        ? ProofStatus::Inconclusive
                                                                : ProofStatus::NotProved;
    proof.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
    return proof;
}

}  // namespace halfopen
