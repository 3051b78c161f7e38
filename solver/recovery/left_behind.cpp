#include "solver/recovery/left_behind.hpp"

#include <algorithm>
#include <optional>

#include "solver/recovery/connection_timers.hpp"
#include "solver/unknowns.hpp"
#include "spec/nat/entry_invariant.hpp"
#include "spec/tcp/endpoint_vocabulary.hpp"
#include "spec/tcp/tcb_invariant.hpp"

namespace halfopen {
namespace {

using R = Z3Reading;

std::uint32_t longest(const std::vector<std::uint32_t>& gaps) {
    return gaps.empty() ? 0 : *std::max_element(gaps.begin(), gaps.end());
}

/// Runs, with anything left from nothing to `most`.
void any_time(Tcb<R>& tcb, TcpTimer timer, std::uint32_t most) {
    if (most > 0) tcb.timer(timer) = most;
}

/// The timers that a connection in this state has, as far along as they may be.
void any_timers(const EndpointSettings& s, Tcb<R>& tcb) {
    const bool open = synchronized(tcb.state) && tcb.state != TcpState::TimeWait;
    if (open && s.keepalive) {
        any_time(tcb, TcpTimer::Keepalive, std::max(s.keepalive_idle, s.keepalive_interval));
        tcb.keepalive_probes = any_count;
    }
    if (tcb.state == TcpState::Established) any_time(tcb, TcpTimer::IdleClose, s.idle_close);
    if (tcb.state == TcpState::TimeWait) any_time(tcb, TcpTimer::TimeWait, s.time_wait);
    if (tcb.state == TcpState::FinWait2 && tcb.orphan) any_time(tcb, TcpTimer::TimeWait, s.fin_wait_2);
    std::uint32_t gap = 0;
    if (tcb.state == TcpState::SynReceived)
        gap = longest(s.synack_retransmit);
    else if (tcb.fin_outstanding() || tcb.unacked_data > 0)
        gap = longest(tcb.orphan ? s.orphan_retransmit : s.data_retransmit);
    any_time(tcb, TcpTimer::Retransmit, gap);
    if (gap > 0) tcb.retransmits = any_count;
}

Connection before_connect(const FairRun& run) {
    Connection c;
    c.client.local = {run.client().spec.ip, run.client().spec.port};
    c.reconnect = 0;
    c.times.start(slot_of({FairEvent::Kind::Connect}), 0);
    return c;
}

}  // namespace

std::vector<ServerKind> server_kinds(const Endpoint& endpoint) {
    using enum TcpState;
    std::vector<ServerKind> kinds{
        {Established},         {Established, false, true}, {SynReceived, false, false, true},
        {FinWait1, true},      {FinWait1, true, true},     {FinWait2, true},
        {Closing, true},       {Closing, true, true},      {LastAck, true},
        {LastAck, true, true}, {TimeWait, true},           {TimeWait}};
    const auto hands_over = [](const Rule& rule) {
        return std::any_of(rule.actions.begin(), rule.actions.end(), [](const Action& action) {
            return static_cast<EndpointAction>(action.verb) == EndpointAction::HandOver;
        });
    };
    const auto& rules = endpoint.policy().rules;
    if (std::any_of(rules.begin(), rules.end(), hands_over))
        kinds.push_back({SynReceived, false, false, false, true});
    return kinds;
}

std::string name_of(const ServerKind& kind) {
    std::string name(to_string(kind.state));
    if (kind.data) name += " with data outstanding";
    if (kind.handed_over) name += ", handed over";
    if (kind.syn_outstanding && kind.state != TcpState::SynReceived) name += ", its SYN unacknowledged";
    if (synchronized(kind.state) && kind.state > TcpState::Established && !kind.orphan)
        name += ", not closed by its application";
    return name;
}

Tcb<R> unknown_server(const Z3Reading& r, const FairRun& run, const ServerKind& kind) {
    Tcb<R> tcb;
    UnknownNumbers unknown(r, "server.");
    fields(unknown, tcb);
    // Told by distances, which is all that anybody asks for: what Z3 has to compare are then single unknowns.
    tcb.snd_una = r.retreat(tcb.snd_nxt, r.unknown_size("server.unacknowledged"));
    tcb.last_ack_sent = r.retreat(tcb.rcv_nxt, r.unknown_size("server.not acknowledged"));
    tcb.rcv_wnd = r.size(run.server().endpoint.settings().rcv_wnd);
    tcb.state = kind.state;
    tcb.orphan = kind.orphan;
    tcb.unacked_data = kind.data ? outstanding_bytes : 0;
    tcb.handed_over = kind.handed_over;
    tcb.syn_outstanding = kind.syn_outstanding;
    tcb.local = run.server().address;
    tcb.remote = {run.nat().addresses.outside_ip, run.client().spec.outside_port};
    any_timers(run.server().endpoint.settings(), tcb);
    return tcb;
}

z3::expr known_of_server(Z3Reading& r, const FairRun& run, const Tcb<R>& tcb) {
    // The window is whole: all that has come has been read.  So the one that was offered last is not used up,
    // or it would have been offered anew, with an acknowledgment (RFC 9293 §3.8.6.2.2).
    z3::expr known = possible_numbers(r, tcb) &&
                     r.term(tcb.rcv_wnd) == r.term(r.size(run.server().endpoint.settings().rcv_wnd)) &&
                     r.within(tcb.rcv_nxt, tcb.last_ack_sent, tcb.rcv_wnd);
    if (tcb.state == TcpState::SynReceived) return known;
    // Only text and a FIN that have been sent can be unacknowledged; the FIN then surely is.
    const std::uint32_t fin = tcb.fin_outstanding() ? 1 : 0;
    const std::uint32_t most = tcb.unacked_data + fin;
    return known && r.within(tcb.snd_una, r.plus(tcb.snd_nxt, 0U - most), r.size(most + 1 - fin));
}

namespace {

/// Adds what the NAT has of the old connection.
void add_entry(const Z3Reading& reading, const FairRun& run, FaultSpec::Table table, LeftBehind& left) {
    Z3Reading r = reading;
    Connection& c = left.connection;
    const Address outside{run.nat().addresses.outside_ip, run.client().spec.outside_port};
    restore(r, run.nat().nat, c.table, Address{run.client().spec.ip, run.client().spec.port}, outside,
            run.client().server, IdleSide<R>{}, IdleSide<R>{}, Restored::Saved);
    c.mapped = true;
    auto& entry = c.table.entries.front();
    c.times.start(slot_of({FairEvent::Kind::EntryExpires}), 0, entry.timeout);
    if (table == FaultSpec::Table::Restored) {
        left.what += ", the mapping without numbers";
        return;
    }
    UnknownNumbers unknown(r, "entry.");
    fields(unknown, entry);
    if (run.nat().nat.settings().maxack) entry.peers[0].maxack_set = entry.peers[1].maxack_set = true;
    if (run.nat().nat.settings().packet_memory) entry.last_class = SegmentClass::Ack;
    left.known = left.known && possible_numbers(r, entry);
    left.what += ", the mapping in ESTABLISHED";
}

}  // namespace

std::vector<LeftBehind> left_behind(z3::context& context, const FairRun& run, const FaultSpec& fault) {
    Z3Reading r(context);
    std::vector<LeftBehind> all;
    all.push_back({"no connection at the server", before_connect(run), r.truth(true)});
    all.back().own = fault.table == FaultSpec::Table::Lost;
    for (const ServerKind& kind : server_kinds(run.server().endpoint)) {
        LeftBehind left{"server in " + name_of(kind), before_connect(run), r.truth(true)};
        left.connection.server = unknown_server(r, run, kind);
        each_timer(left.connection, [&](const FairEvent& event, std::uint32_t most) {
            if (event.kind == FairEvent::Kind::ServerTimer && most != timer_off)
                left.connection.times.start(slot_of(event), 0, most);
        });
        left.known = known_of_server(r, run, *left.connection.server);
        left.half_open =
            kind.state == TcpState::SynReceived && run.client().spec.server_state != TcpState::SynReceived;
        left.own = !kind.data && kind.state == run.client().spec.server_state &&
                   kind == ServerKind{kind.state, kind.orphan, false, kind.state == TcpState::SynReceived};
        all.push_back(std::move(left));
    }
    if (fault.table != FaultSpec::Table::Lost) {
        // A handshake whose mapping a client has lost again is without one.
        const auto half_open =
            std::find_if(all.begin(), all.end(), [](const LeftBehind& left) { return left.half_open; });
        std::optional<LeftBehind> forgotten;
        if (half_open != all.end()) forgotten = *half_open;
        for (LeftBehind& left : all) add_entry(r, run, fault.table, left);
        if (forgotten) all.push_back(std::move(*forgotten));
    }
    std::stable_partition(all.begin(), all.end(), [](const LeftBehind& left) { return left.own; });
    return all;
}

Connection in_syn_sent(R& r, const FairRun& run, Connection c, const R::Word& iss) {
    connect(r, run.client().endpoint, c.client, c.client.local, run.client().server, iss);
    c.reconnect = timer_off;
    c.client.retransmits = any_count;
    c.client.timer(TcpTimer::Retransmit) = 0;
    c.times.stop(slot_of({FairEvent::Kind::Connect}));
    each_timer(c, [&](const FairEvent& event, std::uint32_t left) {
        if (event.kind == FairEvent::Kind::ClientTimer && left != timer_off)
            c.times.start(slot_of(event), left);
    });
    return c;
}

}  // namespace halfopen
