#include "counterexamples/narration.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "counterexamples/state_columns.hpp"

namespace halfopen {

namespace {

Remark plain(const Step& step, std::string text) {
    return {step.node, {}, false, std::move(text), step.rule};
}

std::string reboot_text(const Model& model, const World& before, std::size_t nat) {
    const FaultSpec& fault = model.scenario().fault;
    if (fault.table == FaultSpec::Table::Kept && fault.down == 0)
        return before.fault_pending ? "the silence is over" : "its clients lose their connections";
    const auto entries = before.nats[nat].table.entries.size();
    std::string text = "reboots; ";
    switch (fault.table) {
        case FaultSpec::Table::Lost:
            text += fmt::format("its table ({} entries) is lost", entries);
            break;
        case FaultSpec::Table::Kept:
            text += "its table is kept";
            break;
        case FaultSpec::Table::Restored:
            text += fmt::format("its table ({} entries) is saved", entries);
            break;
    }
    if (fault.down > 0)
        text += fmt::format("; down for {}", describe_duration(static_cast<std::uint64_t>(fault.down)));
    return text;
}

/// The scenario's fault, or a later one.
std::string fault_text(const Model& model, const Step& step, const World& before) {
    if (!before.fault_pending && step.node.kind == NodeRef::Kind::Server)
        return fmt::format("restarts; its connections ({}) are lost",
                           before.servers[step.node.index].connections.size());
    if (!before.fault_pending && step.node.kind == NodeRef::Kind::Client && model.faulty_nat() >= 0)
        return "restarts";
    if (step.node.kind != NodeRef::Kind::Nat) return "the clients lose their connections";
    return reboot_text(model, before, step.node.index);
}

/// The mapping that is there no more.
std::string eviction_text(const Step& step, const World& before, const World& after) {
    for (const auto& entry : before.nats[step.node.index].table.entries) {
        if (find_original(after.nats[step.node.index].table, entry.inside, entry.destination) == nullptr)
            return fmt::format("loses the mapping {} -> {}", to_string(entry.inside),
                               to_string(entry.outside));
    }
    return {};
}

bool anyone_loses_a_connection(const Model& model) {
    return std::any_of(model.clients().begin(), model.clients().end(), [](const ClientNode& client) {
        return client.spec.old_connection != ClientSpec::OldConnection::None &&
               client.spec.old_connection != ClientSpec::OldConnection::Kept;
    });
}

std::string draws_text(const Step& step) {
    std::string text;
    for (const Draw& draw : step.draws) {
        if (!text.empty()) text += ", ";
        switch (draw.kind) {
            case Draw::Kind::Isn:
                text += fmt::format("draws ISN {}", draw.value);
                break;
            case Draw::Kind::LocalPort:
                text += fmt::format("takes local port {}", draw.value);
                break;
            case Draw::Kind::OutsidePort:
                text += fmt::format("draws outside port {}", draw.value);
                break;
        }
    }
    return text;
}

std::string event_text(const Step& step, const World& after) {
    switch (step.event) {
        case ConnectionEvent::Established:
            return "connection established";
        case ConnectionEvent::Refused:
            return "connect() fails: connection refused";
        case ConnectionEvent::Reset:
            return "connection reset";
        case ConnectionEvent::TimedOut: {
            if (step.node.kind != NodeRef::Kind::Client) return "gives the connection up";
            const std::uint32_t wait = after.clients[step.node.index].reconnect;
            return wait == timer_off ? "gives up"
                                     : fmt::format("gives up; tries again in {}", describe_duration(wait));
        }
        case ConnectionEvent::Closed:
            return "connection closed by the other end";
        case ConnectionEvent::None:
            break;
    }
    return {};
}

std::string nat_text(const Step& step, const World& before, const World& after) {
    const std::size_t nat = step.node.index;
    switch (*step.outcome) {
        case NatOutcome::Forwarded:
            if (step.ignored) return "conntrack lets it through without tracking it";
            if (after.nats[nat].table.entries.size() > before.nats[nat].table.entries.size()) {
                for (const auto& entry : after.nats[nat].table.entries) {
                    if (find_original(before.nats[nat].table, entry.inside, entry.destination) == nullptr)
                        return fmt::format("new mapping: {} -> {}", to_string(entry.inside),
                                           to_string(entry.outside));
                }
            }
            return {};
        case NatOutcome::Leaked:
            return "INVALID: leaves untranslated, and is lost";
        case NatOutcome::DroppedInvalid:
            return "INVALID: dropped by a rule";
        case NatOutcome::Dropped:
            if (!step.sent.empty()) return "dropped: the NAT answers the sender itself";
            return std::string(step.reason.empty() ? "dropped" : step.reason);
        case NatOutcome::ToHost:
            return step.sent.empty() ? std::string(step.reason.empty() ? "to the NAT host, which stays silent"
                                                                       : step.reason)
                                     : "no client's: the NAT host's own TCP answers";
    }
    return {};
}

const ConcreteTcb* connection_of(const Step& step, const World& world) {
    if (step.node.kind == NodeRef::Kind::Client) return &world.clients[step.node.index].tcb;
    const auto& connections = world.servers[step.node.index].connections;
    const auto at = std::find_if(connections.begin(), connections.end(), [&](const ConcreteTcb& tcb) {
        return tcb.remote == step.segment->source && tcb.local == step.segment->destination;
    });
    return at == connections.end() ? nullptr : &*at;
}

/// Why an endpoint answers as it does, where the packets alone do not say.
std::string answer_text(const Step& step, const World& before) {
    if (step.sent.empty()) return {};
    const ConcreteTcb* tcb = connection_of(step, before);
    const ConcreteSegment& received = *step.segment;
    const ConcreteSegment& sent = step.sent.front().segment;
    if (sent.has(flag::rst)) {
        if (tcb == nullptr || tcb->state == TcpState::Closed) return "knows of no such connection: resets it";
        if (tcb->state == TcpState::SynSent && received.has(flag::ack))
            return "never sent what this acknowledges: resets it";
        return {};
    }
    if (segment_class(received.flags) == SegmentClass::Syn && !sent.has(flag::syn) && tcb != nullptr)
        return fmt::format("believes its connection {}: only an ACK", short_name(to_string(tcb->state)));
    return {};
}

/// Whether the endpoint that got the segment is in another state now.
bool changes_connection(const Step& step, const World& before, const World& after) {
    if (step.node.kind == NodeRef::Kind::Client)
        return before.clients[step.node.index].tcb.state != after.clients[step.node.index].tcb.state;
    const auto& old_connections = before.servers[step.node.index].connections;
    const auto& connections = after.servers[step.node.index].connections;
    return !std::equal(old_connections.begin(), old_connections.end(), connections.begin(), connections.end(),
                       [](const ConcreteTcb& a, const ConcreteTcb& b) {
                           return a.remote == b.remote && a.state == b.state;
                       });
}

std::string joined(std::string a, const std::string& b) {
    if (a.empty()) return b;
    if (!b.empty()) a += "; " + b;
    return a;
}

}  // namespace

std::string describe_duration(std::uint64_t ms) {
    if (ms < 1000) return fmt::format("{} ms", ms);
    if (ms % 1000 != 0) return fmt::format("{}.{:03} s", ms / 1000, ms % 1000);
    const std::uint64_t s = ms / 1000;
    if (s < 600) return fmt::format("{} s", s);
    std::string text;
    if (s >= 3600) text = fmt::format("{} h", s / 3600);
    if (s % 3600 >= 60) text += fmt::format("{}{} min", text.empty() ? "" : " ", s % 3600 / 60);
    if (s % 60 != 0) text += fmt::format(" {} s", s % 60);
    return text;
}

std::vector<Remark> narrate(const Model& model, const Step& step, const World& before, const World& after) {
    std::string text;
    switch (step.kind) {
        case Step::Kind::Time:
            return {};
        case Step::Kind::Fault:
            if (model.faulty_nat() < 0 && !anyone_loses_a_connection(model)) return {};
            return {plain(step, fault_text(model, step, before))};
        case Step::Kind::Evict:
            return {plain(step, eviction_text(step, before, after))};
        case Step::Kind::NatUp:
            return {plain(step, model.scenario().fault.table == FaultSpec::Table::Lost
                                    ? "is back, with an empty table"
                                    : "is back, with its table")};
        case Step::Kind::EntryExpires:
            return {plain(step, "conntrack entry times out")};
        case Step::Kind::Lose:
            return {{step.node, to_string(*step.segment), true, "lost on the way", nullptr}};
        case Step::Kind::Duplicate:
            return {{step.node, to_string(*step.segment), false, "duplicated on the way", nullptr}};
        case Step::Kind::Connect:
            text = joined("connect()", draws_text(step));
            break;
        case Step::Kind::Write:
            text = "write()";
            break;
        case Step::Kind::Timer:
            text = joined(std::string(step.reason), event_text(step, after));
            break;
        case Step::Kind::Deliver:
            text = step.outcome ? nat_text(step, before, after)
                                : joined(event_text(step, after), answer_text(step, before));
            text = joined(std::move(text), draws_text(step));
            break;
    }
    const Rule* rule = step.host_rule != nullptr ? step.host_rule : step.rule;
    std::vector<Remark> remarks;
    for (const Emission& emission : step.sent)
        remarks.push_back({step.node, to_string(emission.segment), emission.link == no_link, {}, rule});
    if (!remarks.empty()) {
        remarks.back().text = text;
        return remarks;
    }
    // Nothing went out: what came in ends here.
    const bool consumed = step.segment && (step.outcome || step.event == ConnectionEvent::None);
    const bool changed = step.segment && !step.outcome && changes_connection(step, before, after);
    if (step.segment && text.empty()) text = changed ? "takes it" : "drops it";
    return {{step.node, step.segment ? to_string(*step.segment) : std::string(), consumed && !changed, text,
             rule}};
}

}  // namespace halfopen
