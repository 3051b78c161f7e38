#include "counterexamples/stragglers.hpp"

#include <algorithm>

#include "spec/world/recovery.hpp"

namespace halfopen {

std::vector<RecoveredClient> recovered_clients(const Model& model, const Trace& trace) {
    std::vector<RecoveredClient> recovered;
    for (std::size_t client = 0; client < model.clients().size(); ++client) {
        std::optional<std::uint64_t> since;
        for (const TraceStep& step : trace.steps) {
            if (step.step.kind == Step::Kind::Time) continue;
            if (!has_recovered(model, step.after, client))
                since.reset();
            else if (!since)
                since = step.at;
        }
        if (since) recovered.push_back({client, *since});
    }
    return recovered;
}

bool concerns(const Model& model, const Step& step, const World& before, const World& after,
              std::size_t client) {
    if (step.node == NodeRef{NodeRef::Kind::Client, static_cast<std::uint8_t>(client)}) return true;
    const auto old_sources = source_addresses(model, before, client);
    const auto sources = source_addresses(model, after, client);
    const auto is_its = [&](const Address& address) {
        return address.ip == model.clients()[client].spec.ip ||
               std::find(old_sources.begin(), old_sources.end(), address) != old_sources.end() ||
               std::find(sources.begin(), sources.end(), address) != sources.end();
    };
    const auto touches = [&](const ConcreteSegment& segment) {
        return is_its(segment.source) || is_its(segment.destination);
    };
    return (step.segment && touches(*step.segment)) ||
           std::any_of(step.sent.begin(), step.sent.end(),
                       [&](const Emission& emission) { return touches(emission.segment); });
}

}  // namespace halfopen
