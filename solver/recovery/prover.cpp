#include "solver/recovery/prover.hpp"

#include <algorithm>
#include <cstdint>
#include <future>
#include <vector>

#include "solver/deadline.hpp"
#include "solver/recovery/entry_induction.hpp"
#include "solver/recovery/path_search.hpp"

namespace halfopen {
namespace {

using Clock = std::chrono::steady_clock;

class Prover {
   public:
    Prover(const Prover&) = delete;
    Prover& operator=(const Prover&) = delete;
    ~Prover() = default;
    Prover(const FairRun& run, const ProofOptions& options) : run_(run), options_(options) {
        if (options_.answered == nullptr || options_.record) options_.answered = &answered_;
    }

    void from(const LeftBehind& start, Clock::time_point end) {
        StartResult result;
        result.what = start.what;
        if (start.connection.server) result.server = kind_of(*start.connection.server);
        result.half_open = start.half_open;
        result.own = start.own;
        result.mapped = !start.connection.table.entries.empty() || !start.entries.empty();
        StartSearch searches(context, run_, start, proof.left_out, limits_of(start), end);
        PathSearch found = search(searches, Begin::Connect);
        result.with_others = std::move(found.with_others);
        result.failure = std::move(found.failure);
        result.paths = found.paths;
        result.worst_ms = found.worst_ms;
        result.rounds = found.rounds;
        proof.paths += result.paths;
        result.leaves_half_open = found.leaves_half_open;
        if (!result.failure && !result.half_open) {
            proof.may_move |= found.may_move;
            if (proof.example.empty() || result.worst_ms > proof.worst_ms)
                proof.example = std::move(found.example);
            proof.worst_ms = std::max(proof.worst_ms, result.worst_ms);
            proof.rounds = std::max(proof.rounds, result.rounds);
        }
        if (!options_.own && !result.failure) {
            result.syn_sent = StartResult::SynSent{};
            PathSearch again = search(searches, Begin::SynSent);
            result.syn_sent->with_others = std::move(again.with_others);
            result.syn_sent->failure = std::move(again.failure);
            result.syn_sent->worst_ms = again.worst_ms;
            proof.paths += again.paths;
            if (!result.syn_sent->failure && !result.half_open)
                proof.syn_sent_worst_ms = std::max(proof.syn_sent_worst_ms, again.worst_ms);
        }
        lost_ |= start.since && !start.half_open && fails_for_certain(result);
        proof.starts.push_back(std::move(result));
    }

    /// own: of the scenario's own old connections alone.
    ProofStatus status(bool own) const {
        bool alone = false, late = false, any = false, half_open = false;
        for (const StartResult& start : proof.starts)
            half_open |= start.leaves_half_open && !start.half_open && (start.own || !own);
        for (const StartResult& start : proof.starts) {
            if (own && !start.own && !start.half_open) continue;
            if (start.half_open && (start.mapped || !half_open)) continue;
            const auto count = [&](const auto& part) {
                late |= part.failure && part.failure->kind == FailureKind::Late;
                alone |= part.with_others.has_value();
                return !part.failure || part.failure->kind == FailureKind::Late;
            };
            any = true;
            if (!count(start)) return ProofStatus::NotProved;
            if (!own && start.syn_sent && !count(*start.syn_sent)) return ProofStatus::NotProved;
        }
        late |= options_.lemmas && !lemmas_were_checked(proof);
        if (!options_.only.empty() || (!late && !inductive(own))) return ProofStatus::NotProved;
        if (late) return ProofStatus::Inconclusive;
        if (!any || proof.example.empty()) return ProofStatus::NotProved;
        return alone || !proof.isolation.holds() ? ProofStatus::ProvedAlone : ProofStatus::Proved;
    }

    bool needs_half_open() const {
        return std::any_of(proof.starts.begin(), proof.starts.end(),
                           [](const StartResult& start) { return start.leaves_half_open && !start.failure; });
    }

    z3::context context;
    RecoveryProof proof;

   private:
    /// At the server; what the scenario is about deserves an answer also where the claim is lost.
    bool is_like_own(const LeftBehind& start) const {
        const auto& server = start.connection.server;
        return server && server->state == run_.client().spec.server_state && server->unacked_data == 0;
    }

    static bool fails_for_certain(const StartResult& start) {
        const auto certain = [](const std::optional<ProofFailure>& failure) {
            return failure && failure->kind != FailureKind::Late;
        };
        return certain(start.failure) || (start.syn_sent && certain(start.syn_sent->failure));
    }

    /// The scenario's own old connections are as the fault finds them, whatever else a mapping can become.
    bool inductive(bool own) const {
        return proof.induction.holds() && (own || !proof.entries || proof.entries->holds());
    }

    ProofOptions limits_of(const LeftBehind& start) const {
        ProofOptions limits = options_;
        // A handshake without a mapping is what clients leave behind also where the claim is lost.
        const bool counts = start.half_open ? start.entries.empty() : !lost_ || is_like_own(start);
        if (start.since && !counts) {
            limits.most_questions /= ProofOptions::share_of_lost_claim;
            limits.most_work /= ProofOptions::share_of_lost_claim;
        }
        return limits;
    }

    PathSearch search(StartSearch& searches, Begin begin) {
        PathSearch found = searches.paths(begin);
        proof.questions += found.questions;
        proof.left_out = found.left_out;
        return found;
    }

    const FairRun& run_;
    ProofOptions options_;
    AnsweredQuestions answered_;
    bool lost_ = false;  ///< the whole claim, by something that has come since the fault
};

}  // namespace

RecoveryProof prove_recovery(const Model& model, const ProofOptions& options) {
    const auto begin = Clock::now();
    const FairRun run(model, options.coincidences);
    Prover prover(run, options);
    RecoveryProof& proof = prover.proof;
    z3::context own;  // of the lemmas
    const Deadline deadline(begin + options.timeout);
    const InterruptAfter lemmas_end(deadline, {&own});
    const FaultSpec& fault = model.scenario().fault;
    if (options.lemmas && !options.own && fault.table != FaultSpec::Table::Lost) proof.entries.emplace();
    // The lemmas share nothing with the rest, unless somebody listens to the questions.
    const auto lemmas = [&] {
        if (!options.lemmas) return;
        try {
            proof.induction =
                options.induction ? *options.induction : server_invariant(own, run, options.record, deadline);
            if (proof.entries)
                proof.entries = options.entries
                                    ? *options.entries
                                    : entry_invariant(own, run.nat().nat, options.record, deadline);
            proof.isolation = options.isolation
                                  ? *options.isolation
                                  : other_clients_cannot_interfere(own, model, options.record, deadline);
        } catch (const std::exception&) {
            if (!deadline.passed()) throw;
        }
    };
    auto proved_aside = std::async(options.record ? std::launch::deferred : std::launch::async, lemmas);
    std::vector<LeftBehind> starts = left_behind(prover.context, run, fault);
    std::erase_if(starts, [&](const LeftBehind& start) {
        return (!options.only.empty() && start.what != options.only) ||
               (options.own && !start.own && (!start.half_open || !start.entries.empty()));
    });
    const InterruptAfter searches_end(deadline, {&prover.context});
    std::stable_partition(starts.begin(), starts.end(),
                          [](const LeftBehind& left) { return !left.half_open; });
    for (std::size_t i = 0; i < starts.size(); ++i) {
        if (starts[i].half_open && !options.half_open && !prover.needs_half_open()) continue;
        // One that goes on for ever leaves the others their share of the time; the first ones matter most.
        const auto share = static_cast<std::int64_t>(starts[i].own ? 2 : starts.size() - i);
        prover.from(starts[i], Clock::now() + (deadline.time() - Clock::now()) / share);
    }
    proved_aside.get();
    proof.status = prover.status(false);
    proof.own = prover.status(true);
    proof.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
    return std::move(proof);
}

}  // namespace halfopen
