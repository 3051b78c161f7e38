#include "solver/recovery/proof_run.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;

std::string actor_of(const FairRun& run, const FairEvent& event) {
    using Kind = FairEvent::Kind;
    switch (event.kind) {
        case Kind::Connect:
        case Kind::ClientTimer:
            return run.client().spec.name;
        case Kind::ServerTimer:
            return run.server().spec.name;
        case Kind::EntryExpires:
            return run.nat().spec.name;
        case Kind::Deliver:
            break;
    }
    if (event.hop == Hop::ToServer) return run.server().spec.name;
    return event.hop == Hop::ToClient ? run.client().spec.name : run.nat().spec.name;
}

}  // namespace

std::optional<OldTimer> first_old_timer(const std::vector<LoggedStep>& log) {
    OldTimer found;
    for (const LoggedStep& step : log) {
        found.least += step.event.after_least;
        found.most += step.event.after_most;
        found.connect_least += step.event.after_least;
        found.connect_most += step.event.after_most;
        if (step.event.kind == FairEvent::Kind::Connect) found.connect_least = found.connect_most = 0;
        if (step.event.kind != FairEvent::Kind::ServerTimer ||
            step.event.after_least == step.event.after_most)
            continue;
        found.timer = step.event.timer;
        found.count = step.event.count;
        return found;
    }
    return std::nullopt;
}

std::uint8_t syns_lost(const std::vector<LoggedStep>& log) {
    for (const LoggedStep& step : log)
        if (step.event.kind == FairEvent::Kind::ClientTimer && step.event.timer == TcpTimer::Retransmit)
            return static_cast<std::uint8_t>(step.event.count + 1);
    return 0;
}

void show(ProofFailure& failure, const FairRun& run, z3::context& context, const FailedPath& path) {
    const Z3Reading r(context);
    const auto value = [&](const R::Word& word) {
        return static_cast<std::uint32_t>(path.values.eval(r.term(word), true).get_numeral_uint64());
    };
    for (const NamedNumber& named : path.numbers)
        if (named.role != "0") failure.numbers.emplace_back(named.role, value(named.word));
    failure.run = shown(run, path.log, context, path.values);
    failure.loop_from = path.loop_from;
    failure.old_timer = first_old_timer(path.log);
    if (failure.syn_sent) failure.syns_lost = syns_lost(path.log);
}

std::vector<ProofStep> shown(const FairRun& run, const std::vector<LoggedStep>& log, z3::context& context,
                             const z3::model& model) {
    const Z3Reading r(context);
    const auto number = [&](const auto& word) {
        return static_cast<std::uint32_t>(model.eval(r.term(word), true).get_numeral_uint64());
    };
    std::vector<ProofStep> steps;
    for (const LoggedStep& logged : log) {
        ProofStep step;
        step.ms = logged.ms;
        step.actor = actor_of(run, logged.event);
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
        step.note =
            logged.happened.rule != nullptr ? logged.happened.rule->id : std::string(logged.happened.note);
        steps.push_back(std::move(step));
    }
    return steps;
}

}  // namespace halfopen
