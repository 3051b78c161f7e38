/// Who hands what to whom around one connection, as spec/world/stepper.cpp says it of whole worlds.
#include <algorithm>

#include "solver/recovery/connection.hpp"
#include "solver/recovery/connection_timers.hpp"

namespace halfopen {

using R = Z3Reading;
using Kind = FairEvent::Kind;

namespace {

/// Whether the expiry of this timer does nothing but start it anew.
bool only_restarts(R& r, const Endpoint& endpoint, const Tcb<R>& tcb, TcpTimer timer) {
    Tcb<R> after = tcb;
    const auto step = expire(r, endpoint, after, timer);
    if (after.timer(timer) == timer_off) return false;
    after.timer(timer) = tcb.timer(timer);
    return after == tcb && step.sent.empty() && step.event == ConnectionEvent::None;
}

bool entry_is_of_unknown_age(const Connection& now) {
    return now.times.runs(entry_slot) && !now.times.exact(entry_slot);
}

}  // namespace

Happened FairRun::perform(Z3Reading& r, Connection& now, const FairEvent& event,
                          const Z3Reading::Word& isn) const {
    if (event.kind != Kind::Deliver) pass_time(now, event, in_flight(now), ties());
    follow_keepalive(now);
    const std::optional<Connection> of_unknown_age =
        entry_is_of_unknown_age(now) ? std::optional(now) : std::nullopt;
    Happened out;
    keeping_times(now, [&] { out = hand_over(r, now, event, isn); });
    if (of_unknown_age && !now.table.entries.empty() && !entry_is_of_unknown_age(now))
        keep_what_was_less(r, now, *of_unknown_age, event, isn);
    overlook_keepalive(r, now);
    return out;
}

void FairRun::overlook_keepalive(Z3Reading& r, Connection& now) const {
    if (!now.server || now.server->timer(TcpTimer::Keepalive) == timer_off) return;
    if (!only_restarts(r, server_.endpoint, *now.server, TcpTimer::Keepalive)) return;
    now.server->stop(TcpTimer::Keepalive);
    now.times.stop(keepalive_slot);
    now.keepalive_overlooked = true;
}

void FairRun::follow_keepalive(Connection& now) const {
    if (!now.keepalive_overlooked) return;
    const std::uint32_t most = longest_keepalive(server_.endpoint.settings());
    now.server->timer(TcpTimer::Keepalive) = most;
    now.times.start(keepalive_slot, 0, most);
    now.keepalive_overlooked = false;
}

/// A NAT may have lowered a time-out and not started it anew (nf_tcp_handle_invalid()): then it has no more
/// than it shows, and less where it had.
void FairRun::keep_what_was_less(Z3Reading& r, Connection& now, Connection before, const FairEvent& event,
                                 const Z3Reading::Word& isn) const {
    const std::uint32_t least = before.times.least(entry_slot), most = now.table.entries.front().timeout;
    before.table.entries.front().timeout = 1;
    hand_over(r, before, event, isn);
    if (!before.table.entries.empty() && before.table.entries.front().timeout == 1)
        now.times.start(entry_slot, std::min(least, most), most);
}

Happened FairRun::hand_over(Z3Reading& r, Connection& now, const FairEvent& event,
                            const Z3Reading::Word& isn) const {
    Happened out;
    switch (event.kind) {
        case Kind::Connect:
            connect(r, now, out, isn);
            break;
        case Kind::ClientTimer:
            if (event.timer == TcpTimer::Retransmit && now.client.retransmits == any_count)
                now.client.retransmits = event.count;
            after_client(r, now, expire(r, client_.endpoint, now.client, event.timer), out);
            break;
        case Kind::ServerTimer:
            if (event.timer == TcpTimer::Keepalive && now.server->keepalive_probes == any_count)
                now.server->keepalive_probes = event.count;
            if (event.timer == TcpTimer::Retransmit && now.server->retransmits == any_count)
                now.server->retransmits = event.count;
            after_server(r, now, expire(r, server_.endpoint, *now.server, event.timer), out);
            break;
        case Kind::EntryExpires:
            now.table.entries.front().timeout = 0;
            out.note = "conntrack timeout";
            for (const auto& segment : expire(r, nat_.nat, now.table))
                send(now, segment.destination == client_.server ? Hop::ToServer : Hop::ToClient, segment,
                     out);
            break;
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
    if (now.reconnect != timer_off) return;
    const ClientSpec& spec = client_.spec;
    const std::int64_t delay = std::min(spec.reconnect_delay << now.failures, spec.reconnect_delay_max);
    now.reconnect = static_cast<std::uint32_t>(std::max<std::int64_t>(delay, 1));
    if (delay < spec.reconnect_delay_max && spec.reconnect_delay > 0) ++now.failures;
}

void FairRun::deliver_to_client(Z3Reading& r, Connection& now, const Segment<R>& segment,
                                Happened& out) const {
    if (now.client.state != TcpState::Closed && now.client.local == segment.destination &&
        now.client.remote == segment.source) {
        return after_client(r, now, receive(r, client_.endpoint, now.client, segment), out);
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
        for (const auto& segment : close(r, server_.endpoint, tcb).sent)
            send(now, Hop::FromServer, segment, out);
    if (tcb.state != TcpState::Closed && tcb.state != TcpState::Listen) return;
    now.server.reset();
}

void FairRun::deliver_to_server(Z3Reading& r, Connection& now, const Segment<R>& segment, Happened& out,
                                const Z3Reading::Word& isn) const {
    if (!now.server) now.server = listening(r, server_.endpoint, server_.address);
    after_server(r, now, receive(r, server_.endpoint, *now.server, segment, std::optional<R::Word>(isn)),
                 out);
}

void FairRun::outbound_at_nat(Z3Reading& r, Connection& now, const Segment<R>& segment, Happened& out) const {
    const bool had_mapping = find_original(now.table, segment.source, segment.destination) != nullptr;
    auto result = outbound(r, nat_.nat, nat_.addresses, now.table, segment, {}, std::nullopt);
    if (result.needs_port)
        result = outbound(r, nat_.nat, nat_.addresses, now.table, segment, {}, result.ports.front().port);
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
    const auto result = inbound(r, nat_.nat, nat_.addresses, now.table, segment);
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

}  // namespace halfopen
