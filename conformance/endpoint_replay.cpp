#include "conformance/endpoint_replay.hpp"

#include <utility>

#include "conformance/connection_replay.hpp"
#include "conformance/probe_replay.hpp"

namespace halfopen::conformance {

const Endpoint& EndpointReplayer::configured(const Config& config) {
    if (const auto found = endpoints_.find(config); found != endpoints_.end()) return found->second;
    Policy policy = policy_;
    for (const auto& [name, value] : config) policy.set(name, value);
    policy.set("application_reads", "false");  // the recorder reads only before it closes
    return endpoints_.emplace(config, Endpoint(std::move(policy))).first->second;
}

CaseVerdict EndpointReplayer::replay(const EndpointProbe& probe) {
    CaseVerdict verdict;
    if (!probe.segment.outside.empty()) {
        verdict.outside_reason = probe.segment.outside;
        verdict.outside = 1;
        return verdict;
    }
    // Probes are recorded with every challenge ACK sent.
    Config config{{"ack_war_timewindow", "0"}, {"tcp_invalid_ratelimit", "0"}};
    if (probe.ts_recent) config.emplace("timestamps", "true");
    verdict.disagreement = judge_probe(configured(config), probe, verdict.tally);
    verdict.agreed = verdict.disagreement ? 0 : 1;
    return verdict;
}

CaseVerdict EndpointReplayer::replay(const EndpointSequence& sequence) {
    CaseVerdict verdict;
    ConnectionReplay replay(configured(sequence.config), sequence.passive, verdict.tally);
    for (std::size_t i = 0; i < sequence.steps.size(); ++i) {
        const EndpointObservation& step = sequence.steps[i];
        if (!step.segment.outside.empty()) {
            verdict.outside_reason = step.segment.outside;
            verdict.outside = sequence.steps.size() - i;
            break;
        }
        auto disagreement = replay.play(step);
        if (!disagreement) {
            ++verdict.agreed;
            continue;
        }
        disagreement->line = sequence.line;
        disagreement->name = sequence.name;
        disagreement->step = i + 1;
        verdict.disagreement = std::move(disagreement);
        verdict.behind = sequence.steps.size() - i - 1;
        break;
    }
    return verdict;
}

}  // namespace halfopen::conformance
