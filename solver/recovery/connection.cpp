#include "solver/recovery/connection.hpp"

#include <algorithm>
#include <functional>

#include "spec/world/connected.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;
using Kind = FairEvent::Kind;

/// Above anything that a running timer shows: marks the ones that an actor leaves alone.
constexpr std::uint32_t untouched = 1U << 31U;

const ClientNode& client_of(const Model& model, std::size_t client) { return model.clients().at(client); }

[[noreturn]] void refuse(const std::string& what) {
    throw InputError("prove: " + what + ": no proof covers that yet");
}

/// One NAT between a client that has lost its connection and its server.
const NatNode& nat_of(const Model& model, const ClientNode& client) {
    const NodeRef nat = model.links()[client.uplink].to;
    if (nat.kind != NodeRef::Kind::Nat) refuse(client.spec.name + " is behind no NAT");
    const NatNode& node = model.nats()[nat.index];
    if (node.uplink != no_link) refuse(node.spec.name + " is behind another NAT");
    return node;
}

/// Every running timer of a connection, with its slack.
template <class C, class Visit>
void each_timer(C& now, Visit&& visit) {
    for (std::size_t t = 0; t < tcp_timer_count; ++t) {
        visit(FairEvent{Kind::ClientTimer, static_cast<TcpTimer>(t)}, now.client.timers[t],
              now.slack.client[t]);
        if (now.server)
            visit(FairEvent{Kind::ServerTimer, static_cast<TcpTimer>(t)}, now.server->timers[t],
                  now.slack.server[t]);
    }
    visit(FairEvent{Kind::Connect}, now.reconnect, now.slack.reconnect);
    for (auto& entry : now.table.entries)
        visit(FairEvent{Kind::EntryExpires}, entry.timeout, now.slack.entry);
}

/// What has been at least `least` and at most `most` ms.
void pass_time(Connection& now, std::uint32_t least, std::uint32_t most) {
    each_timer(now, [&](const FairEvent&, std::uint32_t& left, std::uint32_t& slack) {
        if (left == timer_off) return;
        const std::uint32_t surely = left - slack;
        left -= std::min(left, least);
        slack = left - std::min(left, surely - std::min(surely, most));
    });
}

/// Runs an event on a TCB.  Timers that it starts anew run from now, whatever was known of them before.
template <class Event>
auto with_timers(Tcb<R>& tcb, std::array<std::uint32_t, tcp_timer_count>& slack, Event&& event) {
    std::array<std::uint32_t, tcp_timer_count> before = tcb.timers;
    for (std::size_t t = 0; t < tcp_timer_count; ++t)
        if (slack[t] > 0 && tcb.timers[t] != timer_off) tcb.timers[t] |= untouched;
    auto result = event();
    for (std::size_t t = 0; t < tcp_timer_count; ++t) {
        if (slack[t] > 0 && tcb.timers[t] == (before[t] | untouched) && before[t] != timer_off)
            tcb.timers[t] = before[t];
        else
            slack[t] = 0;
    }
    return result;
}

/// The same for the time-out of the entry that lookup() finds, before and after the step.
template <class Lookup, class Judge>
auto with_timeout(Connection& now, const Lookup& lookup, const Judge& judge) {
    auto* entry = lookup();
    const std::uint32_t timeout = entry != nullptr ? entry->timeout : 0;
    const std::uint32_t slack = std::exchange(now.slack.entry, 0);
    if (entry != nullptr && slack > 0) entry->timeout |= untouched;
    auto result = judge();
    entry = lookup();
    if (entry != nullptr && slack > 0 && entry->timeout == (timeout | untouched)) {
        entry->timeout = timeout;
        now.slack.entry = slack;
    }
    return result;
}

}  // namespace

FairRun::FairRun(const Model& model, bool coincidences, std::size_t client)
    : client_(client_of(model, client)),
      nat_(nat_of(model, client_)),
      server_(model.servers()[client_.server_index]),
      coincidences_(coincidences) {
    using Old = ClientSpec::OldConnection;
    if (client_.endpoint.settings().timestamps && server_.endpoint.settings().timestamps)
        refuse("timestamps at both ends");
    if (client_.spec.session > 0) refuse("sessions");
    if (client_.spec.old_connection == Old::Kept) refuse("a client that keeps its old connection");
    if (model.scenario().network.inside_delay + model.scenario().network.outside_delay > 0)
        refuse("links with a delay");
    if (model.scenario().network.duplication > 0) refuse("duplication");
}

bool FairRun::mapping_may_move() const {
    return nat_.addresses.outside_ip != 0 && !nat_.addresses.fixed_ports.contains(client_.spec.ip) &&
           nat_.nat.settings().ports.preservation != PortPreservation::OrFail;
}

std::vector<FairEvent> FairRun::events(const Connection& now) const {
    std::vector<FairEvent> all;
    const auto queue = [&](Hop hop) -> const std::vector<Segment<R>>& {
        return now.links[static_cast<std::size_t>(hop)];
    };
    bool in_flight = false;
    for (const auto& link : now.links) in_flight |= !link.empty();

    std::uint32_t most = in_flight ? 0 : timer_off;
    bool client_due = false, server_due = false;
    each_timer(now, [&](const FairEvent& event, std::uint32_t left, std::uint32_t slack) {
        if (left == timer_off) return;
        most = std::min(most, left);
        if (left > slack || (slack > 0 && !coincidences_)) return;
        client_due |= event.kind == Kind::ClientTimer || event.kind == Kind::Connect;
        server_due |= event.kind == Kind::ServerTimer;
    });
    // As WorldSystem::add_commuting_delivery(): what arrives at an end none of whose timers can be due
    // commutes with everything else.
    for (const Hop hop : {Hop::ToClient, Hop::ToServer}) {
        if (queue(hop).empty() || (hop == Hop::ToClient ? client_due : server_due)) continue;
        return {{Kind::Deliver, TcpTimer::Retransmit, hop}};
    }
    for (std::size_t hop = 0; hop < hop_count; ++hop)
        if (!now.links[hop].empty())
            all.push_back({Kind::Deliver, TcpTimer::Retransmit, static_cast<Hop>(hop)});
    each_timer(now, [&](FairEvent event, std::uint32_t left, std::uint32_t slack) {
        if (left == timer_off || left - slack > most) return;
        if (slack > 0 && most == 0 && !coincidences_) return;
        event.after_least = left - slack;
        event.after_most = most;
        const bool counted = event.kind == Kind::ServerTimer;
        std::size_t counts = 0;
        if (counted && event.timer == TcpTimer::Keepalive && now.server->keepalive_probes == any_count)
            counts = server_.endpoint.settings().keepalive_count + 1U;
        if (counted && event.timer == TcpTimer::Retransmit && now.server->retransmits == any_count) {
            const EndpointSettings& settings = server_.endpoint.settings();
            const auto& gaps = now.server->state == TcpState::SynReceived ? settings.synack_retransmit
                               : now.server->orphan                       ? settings.orphan_retransmit
                                                                          : settings.data_retransmit;
            counts = std::max<std::size_t>(gaps.size(), 1);
        }
        if (counts == 0) return all.push_back(event);
        // The last one gives up: a state with fewer left to come is no better.
        for (std::size_t count = 0; count < counts; ++count) {
            event.count = static_cast<std::uint8_t>(count);
            all.push_back(event);
        }
    });
    return all;
}

Happened FairRun::perform(Z3Reading& r, Connection& now, const FairEvent& event,
                          const Z3Reading::Word& isn) const {
    Happened out;
    if (event.kind != Kind::Deliver) pass_time(now, event.after_least, event.after_most);
    switch (event.kind) {
        case Kind::Connect:
            connect(r, now, out, isn);
            break;
        case Kind::ClientTimer: {
            now.slack.client[static_cast<std::size_t>(event.timer)] = 0;
            const auto result = with_timers(now.client, now.slack.client, [&] {
                return expire(r, client_.endpoint, now.client, event.timer);
            });
            after_client(r, now, result, out);
            break;
        }
        case Kind::ServerTimer: {
            now.slack.server[static_cast<std::size_t>(event.timer)] = 0;
            if (event.timer == TcpTimer::Keepalive && now.server->keepalive_probes == any_count)
                now.server->keepalive_probes = event.count;
            if (event.timer == TcpTimer::Retransmit && now.server->retransmits == any_count)
                now.server->retransmits = event.count;
            const auto result = with_timers(*now.server, now.slack.server, [&] {
                return expire(r, server_.endpoint, *now.server, event.timer);
            });
            after_server(r, now, result, out);
            break;
        }
        case Kind::EntryExpires: {
            now.slack.entry = 0;
            now.table.entries.front().timeout = 0;
            out.note = "conntrack timeout";
            for (const auto& segment : expire(r, nat_.nat, now.table))
                send(now, segment.destination == client_.server ? Hop::ToServer : Hop::ToClient, segment,
                     out);
            break;
        }
        case Kind::Deliver: {
            auto& queue = now.links[static_cast<std::size_t>(event.hop)];
            const Segment<R> segment = queue.front();
            queue.erase(queue.begin());
            if (event.hop == Hop::ToNat) outbound_at_nat(r, now, segment, out);
            if (event.hop == Hop::ToServer) deliver_to_server(r, now, segment, out, isn);
            if (event.hop == Hop::FromServer) inbound_at_nat(r, now, segment, out);
            if (event.hop == Hop::ToClient) deliver_to_client(r, now, segment, out);
            break;
        }
    }
    return out;
}

void FairRun::send(Connection& now, Hop hop, const Segment<R>& segment, Happened& out) const {
    now.links[static_cast<std::size_t>(hop)].push_back(segment);
    out.sent.push_back(segment);
}

void FairRun::connect(Z3Reading& r, Connection& now, Happened& out, const Z3Reading::Word& isn) const {
    now.reconnect = timer_off;
    now.slack.reconnect = 0;
    now.slack.client = {};
    out.attempt = true;
    // Which local port it has makes no difference to the three parts that it leads to.
    const auto result = halfopen::connect(r, client_.endpoint, now.client,
                                          Address{client_.spec.ip, client_.spec.port}, client_.server, isn);
    after_client(r, now, result, out);
}

template <class Step>
void FairRun::after_client(Z3Reading& r, Connection& now, const Step& result, Happened& out) const {
    out.rule = result.rule;
    out.note = result.reason;
    for (const auto& segment : result.sent) {
        out.syn |= segment.flags == flag::syn;
        send(now, Hop::ToNat, segment, out);
    }
    if (result.event == ConnectionEvent::Established) now.failures = 0;
    if (result.event == ConnectionEvent::Closed && now.client.state == TcpState::CloseWait)
        for (const auto& segment : close(r, client_.endpoint, now.client).sent)
            send(now, Hop::ToNat, segment, out);
    if (now.client.state != TcpState::Closed) return;
    now.client = {};
    now.slack.client = {};
    if (now.reconnect != timer_off) return;
    const ClientSpec& spec = client_.spec;
    const std::int64_t delay = std::min(spec.reconnect_delay << now.failures, spec.reconnect_delay_max);
    now.reconnect = static_cast<std::uint32_t>(std::max<std::int64_t>(delay, 1));
    now.slack.reconnect = 0;
    if (delay < spec.reconnect_delay_max && spec.reconnect_delay > 0) ++now.failures;
}

void FairRun::deliver_to_client(Z3Reading& r, Connection& now, const Segment<R>& segment,
                                Happened& out) const {
    if (now.client.state != TcpState::Closed && now.client.local == segment.destination &&
        now.client.remote == segment.source) {
        const auto result = with_timers(now.client, now.slack.client,
                                        [&] { return receive(r, client_.endpoint, now.client, segment); });
        return after_client(r, now, result, out);
    }
    Tcb<R> closed;
    closed.local = segment.destination;
    closed.remote = segment.source;
    const auto result = receive(r, client_.endpoint, closed, segment);
    out.rule = result.rule;
    out.note = "no such connection";
    for (const auto& answer : result.sent) send(now, Hop::ToNat, answer, out);
}

template <class Step>
void FairRun::after_server(Z3Reading& r, Connection& now, const Step& result, Happened& out) const {
    out.rule = result.rule;
    out.note = result.reason;
    for (const auto& segment : result.sent) send(now, Hop::FromServer, segment, out);
    Tcb<R>& tcb = *now.server;
    if (result.event == ConnectionEvent::Closed && tcb.state == TcpState::CloseWait)
        for (const auto& segment :
             with_timers(tcb, now.slack.server, [&] { return close(r, server_.endpoint, tcb); }).sent)
            send(now, Hop::FromServer, segment, out);
    if (tcb.state != TcpState::Closed && tcb.state != TcpState::Listen) return;
    now.server.reset();
    now.slack.server = {};
}

void FairRun::deliver_to_server(Z3Reading& r, Connection& now, const Segment<R>& segment, Happened& out,
                                const Z3Reading::Word& isn) const {
    if (!now.server) {
        now.server = listening(r, server_.endpoint, server_.address);
        now.slack.server = {};
    }
    const auto result = with_timers(*now.server, now.slack.server, [&] {
        return receive(r, server_.endpoint, *now.server, segment, std::optional<R::Word>(isn));
    });
    after_server(r, now, result, out);
}

void FairRun::outbound_at_nat(Z3Reading& r, Connection& now, const Segment<R>& segment, Happened& out) const {
    const auto lookup = [&] { return find_original(now.table, segment.source, segment.destination); };
    const bool had_mapping = lookup() != nullptr;
    const auto result = with_timeout(now, lookup, [&] {
        auto judged = outbound(r, nat_.nat, nat_.addresses, now.table, segment, {}, std::nullopt);
        if (!judged.needs_port) return judged;
        return outbound(r, nat_.nat, nat_.addresses, now.table, segment, {}, judged.ports.front().port);
    });
    out.rule = result.rule;
    out.note = result.reason;
    for (const auto& answer : result.sent) send(now, Hop::ToClient, answer, out);
    if (result.outcome == NatOutcome::Leaked) {
        out.leaked = true;
        out.sent.push_back(result.segment);
    }
    if (result.outcome != NatOutcome::Forwarded) return;
    // A new entry is one where there was none, or where the segment was looked up again.
    if (!had_mapping || !result.reason.empty()) {
        out.remapped = now.mapped;
        now.mapped = true;
        // Whatever port that is: the server's TCB is the one of this tuple.
        if (now.server) now.server->remote = result.segment.source;
    }
    send(now, Hop::ToServer, result.segment, out);
}

void FairRun::inbound_at_nat(Z3Reading& r, Connection& now, const Segment<R>& segment, Happened& out) const {
    const auto result = with_timeout(
        now, [&] { return find_reply(now.table, segment.source, segment.destination); },
        [&] { return inbound(r, nat_.nat, nat_.addresses, now.table, segment); });
    out.rule = result.rule;
    out.note = result.reason;
    for (const auto& answer : result.sent) send(now, Hop::ToServer, answer, out);
    if (result.outcome == NatOutcome::Forwarded) return send(now, Hop::ToClient, result.segment, out);
    if (result.outcome != NatOutcome::ToHost) return;
    if (nat_.nat.policy().number("input") != 0) {
        out.note = "the NAT host's INPUT chain drops it";
        return;
    }
    Tcb<R> closed;
    closed.local = segment.destination;
    closed.remote = segment.source;
    for (const auto& answer : receive(r, nat_.host, closed, segment).sent)
        send(now, Hop::ToServer, answer, out);
}

bool FairRun::looks_recovered(Z3Reading& r, const Connection& now) const {
    for (const auto& link : now.links)
        if (!link.empty()) return false;
    if (now.client.state != TcpState::Established || !now.server ||
        now.server->state != TcpState::Established || now.table.entries.empty())
        return false;
    const auto& entry = now.table.entries.front();
    return entry.outside == now.server->remote && carries(r, nat_.nat, entry) &&
           nothing_unanswered(now.client) && nothing_unanswered(*now.server);
}

}  // namespace halfopen
