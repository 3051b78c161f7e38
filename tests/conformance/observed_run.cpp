#include "tests/conformance/observed_run.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace halfopen::test {

namespace {

using conformance::NatObservation;
using conformance::NatSequence;

bool arrives_at_nat(const Step& step) {
    return step.kind == Step::Kind::Deliver && step.node.kind == NodeRef::Kind::Nat;
}

bool same_segment(const ConcreteSegment& model, const conformance::ObservedSegment& observed) {
    return model.flags == observed.flags && model.seq.value == observed.seq &&
           (!model.has(flag::ack) || model.ack.value == observed.ack) && model.length == observed.length;
}

std::string text(std::uint8_t flags, std::uint32_t seq, std::uint32_t ack) {
    return fmt::format("{} {}{}", flags_to_string(flags), seq,
                       (flags & flag::ack) != 0 ? fmt::format(" ack {}", ack) : "");
}

std::string fate(const Step& step) {
    if (step.outcome == NatOutcome::Forwarded) return "forwarded";
    return step.outcome == NatOutcome::Leaked ? "leaked" : "not forwarded";
}

}  // namespace

Scenario scenario_of_run(Scenario scenario, const NatSequence& run) {
    const auto set = [&](const std::string& key, const std::string& value) {
        apply_setting(scenario, key, value);
    };
    set("scenario.clients", std::to_string(run.clients.size()));
    for (std::size_t i = 0; i < run.clients.size(); ++i) {
        const std::string client = scenario.clients.at(i).name + ".";
        set(client + "port", std::to_string(run.client_port));
        set(client + "outside_port", std::to_string(run.old.at(i).outside_port));
        set(client + "snd_nxt", std::to_string(run.old.at(i).snd_nxt));
        set(client + "rcv_nxt", std::to_string(run.old.at(i).rcv_nxt));
        if (const auto next = run.old.at(i).server_snd_nxt)
            set(client + "server_snd_nxt", std::to_string(*next));
    }
    for (const auto& [name, value] : run.settings) set(name, value);
    for (const auto& [name, value] : run.config) set("nat." + name, value);
    return scenario;
}

ObservedRun::ObservedRun(const Model& model, const NatSequence& run)
    : model_(model),
      run_(run),
      system_(model, {}, {Corners::All, true, false, [this](const World& world, const Need& need) {
                              return captured(world, need);
                          }}) {}

bool ObservedRun::is_possible() {
    std::vector<World> begin;
    system_.initial([&](const World& world) { begin.push_back(world); });
    return std::any_of(begin.begin(), begin.end(), [&](const World& world) { return follow(world, 0); });
}

bool ObservedRun::follow(const World& world, std::size_t seen) {
    if (seen == run_.steps.size() && (!run_.recovered || (system_.marks(world) & 1U) != 0)) return true;
    std::vector<std::byte> bytes;
    system_.pack(world, bytes);
    if (!visited_.emplace(seen, std::move(bytes)).second) return false;
    for (const auto& [step, next] : system_.successors_unrenamed(world)) {
        if (!arrives_at_nat(step)) {
            if (follow(next, seen)) return true;
            continue;
        }
        note(seen, step);
        if (seen < run_.steps.size() && agrees(step, run_.steps[seen]) && follow(next, seen + 1)) return true;
    }
    return false;
}

std::vector<Draw> ObservedRun::captured(const World& world, const Need& need) const {
    std::set<std::uint32_t> values;
    for (const NatObservation& step : run_.steps) {
        const bool syn = (step.segment.flags & flag::syn) != 0;
        if (need.kind == Draw::Kind::Isn && syn) {
            const OriginRole role = step.outbound ? client_isn_role(step.client) : server_isn_role(0);
            if (role == need.role) values.insert(step.segment.seq);
        }
        if (need.kind == Draw::Kind::OutsidePort && step.outbound && step.source) {
            const NatNode& nat = model_.nats().front();
            const Address outside{nat.addresses.outside_ip, step.source->port};
            const bool free =
                find_reply(world.nats.front().table, model_.servers().front().address, outside) == nullptr;
            if (free && search_range(run_.client_port).contains(outside.port)) values.insert(outside.port);
        }
    }
    std::vector<Draw> draws;
    for (const std::uint32_t value : values)
        draws.push_back({need.kind, need.role, value, 1, all_values, false});
    return draws;
}

bool ObservedRun::agrees(const Step& step, const NatObservation& observed) const {
    const NodeRef from = model_.links()[step.link].from;
    const bool outbound = from.kind == NodeRef::Kind::Client;
    if (outbound != observed.outbound || (outbound && from.index != observed.client)) return false;
    if (!same_segment(*step.segment, observed.segment)) return false;
    const bool passed = step.outcome == NatOutcome::Forwarded || step.outcome == NatOutcome::Leaked;
    if (!passed || !observed.forwarded) return passed == observed.forwarded;
    const ConcreteSegment& out = step.sent.back().segment;
    return out.source == *observed.source && out.destination.ip == *observed.destination &&
           (outbound || !observed.destination_port || out.destination.port == *observed.destination_port);
}

void ObservedRun::note(std::size_t seen, const Step& step) {
    if (seen < furthest_) return;
    if (seen > furthest_) instead_.clear();
    furthest_ = seen;
    const ConcreteSegment& s = *step.segment;
    instead_.insert(fmt::format("{} from {}, {}", text(s.flags, s.seq.value, s.ack.value),
                                model_.name(model_.links()[step.link].from), fate(step)));
}

std::string ObservedRun::explanation() const {
    std::string told =
        fmt::format("{}: {} of {} segments are as in the model", run_.name, furthest_, run_.steps.size());
    if (furthest_ < run_.steps.size()) {
        const NatObservation& o = run_.steps[furthest_];
        told +=
            fmt::format("\n  seen   {} {} client {}, {}", text(o.segment.flags, o.segment.seq, o.segment.ack),
                        o.outbound ? "from" : "to", o.client, o.forwarded ? "forwarded" : "not forwarded");
    }
    for (const std::string& line : instead_) told += "\n  model  " + line;
    return told;
}

}  // namespace halfopen::test
