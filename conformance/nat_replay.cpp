#include "conformance/nat_replay.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "conformance/comparison_notes.hpp"
#include "spec/nat/side_names.hpp"

namespace halfopen::conformance {

namespace {

constexpr std::uint32_t inside_net = 0x0a010000;  // 10.1.0.0/24
constexpr std::uint32_t nat_ip = 0xc0000201;      // 192.0.2.1
constexpr Address server{0xc0000202, 2049};       // 192.0.2.2
const NatAddresses addresses{inside_net, 0xffffff00U, nat_ip, {}, {}};

/// Reading the entry takes a moment after it was set, and a sequence without times lasts less than this.
constexpr std::uint32_t reading_delay_ms = 250;
constexpr std::uint32_t conntrack_tick_ms = 10;

/// The kernel shows whole seconds, rounded down, and so does Open vSwitch.  All timers are at least 10 s
/// apart, but for those that are the same.
bool same_timer(std::uint32_t kernel_s, std::uint32_t model_ms) {
    const std::uint64_t least = std::uint64_t{kernel_s} * 1000;
    return least <= std::uint64_t{model_ms} + conntrack_tick_ms &&
           model_ms <= least + 1000 + reading_delay_ms;
}

std::string presence(bool present) { return present ? "an entry" : "no entry"; }

std::string status(bool assured, bool unreplied) {
    if (!assured && !unreplied) return "neither assured nor unreplied";
    return fmt::format("{}{}", assured ? "assured" : "", unreplied ? " unreplied" : "");
}

std::string_view side_name(const Peer<ConcreteReading>& peer) {
    return side_names[static_cast<std::size_t>(peer.side)];
}

class Replay {
   public:
    Replay(const Nat& nat, const Endpoint& host, const NatSequence& sequence, Tally& tally)
        : nat_(nat), host_(host), sequence_(sequence), tally_(tally) {
        outside_ports_.assign(sequence.clients.size(), sequence.client_port);
    }

    /// The first difference, if there is one.
    std::optional<Disagreement> play(const NatObservation& observed) {
        pass(observed);
        const NatTable<ConcreteReading> table_before = table_;
        const Address client{sequence_.clients[observed.client], sequence_.client_port};
        ConcreteSegment segment{observed.outbound ? client : server,
                                observed.outbound ? server : Address{nat_ip, outside_ports_[observed.client]},
                                observed.segment.flags,
                                reading_.literal(observed.segment.seq),
                                reading_.literal(observed.segment.ack),
                                observed.segment.window,
                                observed.segment.length};
        const auto* entry = find_original(table_, client, server);
        const TrackState before = entry != nullptr ? entry->state : TrackState::None;
        const auto step = observed.outbound ? send_out(observed, segment)
                                            : inbound(reading_, nat_, addresses, table_, segment);
        if (sequence_.holds_ports) hold_ports(table_before);
        if (observed.outbound && observed.source && observed.source->ip == nat_ip)
            outside_ports_[observed.client] = observed.source->port;

        if (step.rule != nullptr)
            ++tally_.decided[{step.rule->id, static_cast<std::size_t>(before),
                              static_cast<std::size_t>(segment_class(segment.flags)),
                              observed.outbound ? direction_original : direction_reply}];

        Comparison comparison(tally_);
        judge_forwarding(comparison, observed, step, client);
        judge_answer(comparison, observed, step);
        if (observed.entry_recorded) judge_entry(comparison, observed, client);
        if (comparison.agrees()) return std::nullopt;
        Disagreement d;
        d.segment = to_string(segment);
        d.rule = step.rule != nullptr ? step.rule->id : std::string(step.reason);
        d.differences = comparison.take();
        return d;
    }

   private:
    void pass(const NatObservation& observed) {
        if (!observed.at) return;
        pass_time(table_, *observed.at - std::min(*observed.at, now_));
        const NatTable<ConcreteReading> table_before = table_;
        expire(reading_, nat_, table_);
        if (sequence_.holds_ports) hold_ports(table_before);
        now_ = *observed.at;
    }

    /// Where a port is drawn at random, the draw is the environment's, if it is one of those that can be
    /// drawn.
    NatStep<ConcreteReading> send_out(const NatObservation& observed, const ConcreteSegment& segment) {
        const NatAddresses now = with_ports_held(observed, segment);
        auto step = outbound(reading_, nat_, now, table_, segment, {}, std::nullopt);
        if (!step.needs_port || !observed.source) return step;
        const std::uint16_t drawn = observed.source->port;
        const bool free =
            find_reply(table_, segment.destination, Address{addresses.outside_ip, drawn}) == nullptr;
        if (!free || !port_range(nat_.settings().ports, addresses, segment.source).contains(drawn))
            return step;
        return outbound(reading_, nat_, now, table_, segment, {}, drawn);
    }

    /// Notes the ports of entries that were there before and are gone, or have another port now.
    void hold_ports(const NatTable<ConcreteReading>& table_before) {
        for (const auto& old : table_before.entries)
            if (find_reply(table_, old.destination, old.outside) == nullptr) held_.insert(old.outside.port);
    }

    /// Open vSwitch 3.0 and 3.1 (conn_expired() of lib/conntrack.c) keep the translated tuple of a connection
    /// that is over until the table is swept: of a port that such a one had nobody knows whether it is free,
    /// but that of the connection which the segment itself replaces is not.
    NatAddresses with_ports_held(const NatObservation& observed, const ConcreteSegment& segment) {
        NatAddresses now = addresses;
        if (!sequence_.holds_ports) return now;
        for (const std::uint16_t port : held_)
            if (!observed.source || port != observed.source->port) now.busy_ports.push_back(port);
        if (const auto* replaced = find_original(table_, segment.source, segment.destination))
            now.busy_ports.push_back(replaced->outside.port);
        return now;
    }

    void judge_forwarding(Comparison& c, const NatObservation& observed, const NatStep<ConcreteReading>& step,
                          const Address& client) const {
        const bool forwarded = step.outcome == NatOutcome::Forwarded || step.outcome == NatOutcome::Leaked;
        const auto text = [](bool f) { return std::string(f ? "forwarded" : "not forwarded"); };
        c.judge(Aspect::Forwarded, forwarded == observed.forwarded, text(observed.forwarded),
                step.needs_port ? "not forwarded: the port seen cannot be drawn" : text(forwarded));
        if (!forwarded || !observed.forwarded) return;
        const ConcreteSegment& out = step.segment;
        const bool addresses_agree =
            observed.source->ip == out.source.ip && *observed.destination == out.destination.ip;
        c.judge(
            Aspect::Translation, addresses_agree,
            fmt::format("{} > {}", ip_to_string(observed.source->ip), ip_to_string(*observed.destination)),
            fmt::format("{} > {}", ip_to_string(out.source.ip), ip_to_string(out.destination.ip)));
        if (observed.outbound) {
            c.judge(Aspect::Port, observed.source->port == out.source.port, to_string(*observed.source),
                    to_string(out.source));
        } else {
            const std::uint16_t port = observed.destination_port.value_or(client.port);
            c.judge(Aspect::Port, port == out.destination.port, fmt::format("to port {}", port),
                    fmt::format("to port {}", out.destination.port));
        }
    }

    /// What is addressed to the NAT and is nobody's goes to the TCP of the NAT host, which knows no
    /// connection.
    void judge_answer(Comparison& c, const NatObservation& observed, const NatStep<ConcreteReading>& step) {
        if (!observed.answer) return;
        std::vector<ObservedReply> model;
        if (step.outcome == NatOutcome::ToHost && nat_.settings().input_answers) {
            ConcreteTcb closed;
            closed.local = step.segment.destination;
            closed.remote = step.segment.source;
            const auto answer = receive(reading_, host_, closed, step.segment);
            for (const ConcreteSegment& s : answer.sent)
                model.push_back({s.flags, s.seq.value, s.has(flag::ack) ? s.ack.value : 0, s.length});
        }
        const auto same = [](const ObservedReply& a, const ObservedReply& b) {
            return a.flags == b.flags && a.seq == b.seq && a.ack == b.ack && a.length == b.length;
        };
        const bool agree =
            std::equal(model.begin(), model.end(), observed.answer->begin(), observed.answer->end(), same);
        c.judge(Aspect::HostAnswer, agree, to_string(*observed.answer), to_string(model));
    }

    void judge_entry(Comparison& c, const NatObservation& observed, const Address& client) {
        const auto* entry = find_original(table_, client, server);
        const bool both = observed.entry && entry != nullptr;
        const bool by_side = observed.entry && observed.entry->sides;
        c.judge(Aspect::EntryPresence, observed.entry.has_value() == (entry != nullptr),
                observed.entry ? (by_side ? presence(true) : observed.entry->state) : presence(false),
                entry != nullptr ? std::string(to_string(entry->state)) : presence(false));
        if (!both) return;
        if (by_side) {
            const auto& [client_side, server_side] = *observed.entry->sides;
            const std::string theirs = client_side + ", " + server_side;
            const std::string ours =
                fmt::format("{}, {}", side_name(entry->peers[original]), side_name(entry->peers[reply]));
            c.judge(Aspect::EntryState, theirs == ours, theirs, ours);
        } else {
            c.judge(Aspect::EntryState, observed.entry->state == to_string(entry->state),
                    observed.entry->state, std::string(to_string(entry->state)));
            c.judge(
                Aspect::EntryStatus,
                observed.entry->assured == entry->assured && observed.entry->unreplied == !entry->seen_reply,
                status(observed.entry->assured, observed.entry->unreplied),
                status(entry->assured, !entry->seen_reply));
        }
        c.judge(Aspect::EntryTimeout, same_timer(observed.entry->timeout, entry->timeout),
                fmt::format("{} s left", observed.entry->timeout),
                fmt::format("{} s left", entry->timeout / 1000));
    }

    const Nat& nat_;
    const Endpoint& host_;
    const NatSequence& sequence_;
    Tally& tally_;
    ConcreteReading reading_;
    NatTable<ConcreteReading> table_;
    std::vector<std::uint16_t> outside_ports_;  ///< last seen, by client
    std::set<std::uint16_t> held_;              ///< outside ports of entries that are gone
    std::uint32_t now_ = 0;
};

/// Open vSwitch scales the windows of a picked-up connection by 14 bits (CT_WSCALE_UNKNOWN of
/// lib/conntrack-tcp.c), for which policies have no words.  What agrees all the same counts.
bool beyond_the_policy(const NatObservation& step) { return step.entry && step.entry->picked_up; }

}  // namespace

NatReplayer::NatReplayer(Policy policy, Policy host) : policy_(std::move(policy)), host_(std::move(host)) {}

const Nat& NatReplayer::configured(const NatSequence& sequence) {
    if (const auto found = nats_.find(sequence.config); found != nats_.end()) return found->second;
    Policy policy = policy_;
    for (const auto& [name, value] : sequence.config) policy.set(name, value);
    return nats_.emplace(sequence.config, Nat(std::move(policy))).first->second;
}

CaseVerdict NatReplayer::replay(const NatSequence& sequence) {
    CaseVerdict verdict;
    Replay replay(configured(sequence), host_, sequence, verdict.tally);
    for (std::size_t i = 0; i < sequence.steps.size(); ++i) {
        const NatObservation& step = sequence.steps[i];
        if (!step.segment.outside.empty()) {
            verdict.outside_reason = step.segment.outside;
            verdict.outside = sequence.steps.size() - i;
            break;
        }
        const Tally tally_before = verdict.tally;
        auto disagreement = replay.play(step);
        if (disagreement && beyond_the_policy(step)) {
            verdict.tally = tally_before;
            verdict.outside_reason = "a picked-up connection, whose windows are scaled by 14 bits";
            verdict.outside = sequence.steps.size() - i;
            break;
        }
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
