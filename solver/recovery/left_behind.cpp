#include "solver/recovery/left_behind.hpp"

#include <algorithm>
#include <optional>

#include "solver/recovery/connection_timers.hpp"
#include "solver/recovery/unknown_entry.hpp"
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
        any_time(tcb, TcpTimer::Keepalive, longest_keepalive(s));
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

EntryOf old_mapping(const FairRun& run) {
    return {{run.client().spec.ip, run.client().spec.port},
            {run.nat().addresses.outside_ip, run.client().spec.outside_port},
            run.client().server};
}

/// Of its mapping, which shows the most that it may have left.
void of_any_age(Connection& c) {
    c.mapped = true;
    c.times.start(entry_slot, 0, c.table.entries.front().timeout);
}

/// Of a mapping as the fault leaves it: nothing has come by since.  Whatever the server received last has
/// passed the NAT, so that its entry, which began anew then or at the fault, is no older than what the server
/// has counted since.
void entry_is_no_older(const FairRun& run, Connection& c) {
    if (!c.server) return;
    const EndpointSettings& s = run.server().endpoint.settings();
    const std::int64_t full = c.table.entries.front().timeout;
    const auto counts_from_last_segment = [&](TcpTimer timer, std::int64_t longest) {
        const std::size_t slot = slot_of({FairEvent::Kind::ServerTimer, timer});
        if (c.times.runs(slot)) c.times.outlives(entry_slot, slot, full - longest);
    };
    counts_from_last_segment(TcpTimer::Keepalive,
                             s.keepalive_idle + std::int64_t{s.keepalive_count} * s.keepalive_interval);
    counts_from_last_segment(TcpTimer::IdleClose, s.idle_close);
}

/// restore()'s entry of an idle connection, or what is brought back of one.
void restore_entry(Z3Reading r, const FairRun& run, const IdleSide<R>& client, const IdleSide<R>& server,
                   Restored how, Connection& c) {
    const EntryOf of = old_mapping(run);
    restore(r, run.nat().nat, c.table, of.inside, of.outside, of.destination, client, server, how);
    of_any_age(c);
    entry_is_no_older(run, c);
}

/// The scenario's own old connection is idle at both ends, which agree: what WorldSystem begins with.
bool is_idle(const FairRun& run, const LeftBehind& left) {
    const ClientSpec& spec = run.client().spec;
    return left.own && spec.entry == TrackState::Established && spec.entry_address == 0 &&
           spec.server_state == TcpState::Established && !spec.server_snd_nxt && !spec.server_rcv_nxt;
}

/// As the fault leaves it.  Nothing where that is no different from what comes after.
std::optional<LeftBehind> as_left(const Z3Reading& r, const FairRun& run, FaultSpec::Table table,
                                  LeftBehind left) {
    if (table == FaultSpec::Table::Restored) {
        restore_entry(r, run, {}, {}, Restored::Saved, left.connection);
        left.what += ", the mapping without numbers";
        return left;
    }
    if (!left.own) return std::nullopt;
    const TrackState state = run.client().spec.entry;
    if (is_idle(run, left)) {
        const Tcb<R>& tcb = *left.connection.server;
        restore_entry(r, run, {tcb.rcv_nxt, r.size(run.client().endpoint.settings().rcv_wnd)},
                      {tcb.snd_nxt, tcb.rcv_wnd}, Restored::Tracked, left.connection);
        left.what += ", the mapping idle";
    } else if (state != TrackState::None) {
        left.entries = {state};
        left.what += ", the mapping in " + std::string(to_string(state));
    }
    return left;
}

/// What the NAT may have of the old connections where the table is kept.
std::vector<LeftBehind> with_mappings(z3::context& context, const FairRun& run, FaultSpec::Table table,
                                      const std::vector<LeftBehind>& unmapped) {
    const Z3Reading r(context);
    std::vector<LeftBehind> all;
    for (const LeftBehind& left : unmapped)
        if (auto first = as_left(r, run, table, left)) all.push_back(std::move(*first));
    const auto add = [&](LeftBehind left, std::vector<TrackState> entries, const char* mapping) {
        left.entries = std::move(entries);
        left.what += mapping;
        left.own = false;
        left.since = true;
        all.push_back(std::move(left));
    };
    std::vector<TrackState> past = entry_states(run.nat().nat), handshake;
    if (!picks_up_in_handshake(context, run.nat().nat)) {
        const auto first = std::stable_partition(past.begin(), past.end(),
                                                 [](TrackState state) { return !in_handshake(state); });
        handshake.assign(first, past.end());
        past.erase(first, past.end());
    }
    for (const LeftBehind& left : unmapped) {
        if (!past.empty()) add(left, past, ", any mapping");
        add(left, {}, ", no mapping");
    }
    for (LeftBehind left : unmapped) {
        // Of handshakes that a fault has cut these will do.
        if (handshake.empty() || (left.connection.server && !left.half_open && !left.own)) continue;
        left.half_open = true;
        add(left, handshake, ", a mapping in its handshake");
    }
    return all;
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
        run.overlook_keepalive(r, left.connection);
        left.known = known_of_server(r, run, *left.connection.server);
        left.half_open =
            kind.state == TcpState::SynReceived && run.client().spec.server_state != TcpState::SynReceived;
        left.own = !kind.data && kind.state == run.client().spec.server_state &&
                   kind == ServerKind{kind.state, kind.orphan, false, kind.state == TcpState::SynReceived};
        all.push_back(std::move(left));
    }
    if (fault.table != FaultSpec::Table::Lost) all = with_mappings(context, run, fault.table, all);
    std::stable_partition(all.begin(), all.end(), [](const LeftBehind& left) { return left.own; });
    return all;
}

Mapped with_entry(Z3Reading& marks, const FairRun& run, Connection connection, TrackState state) {
    const ConntrackEntry<R> entry = unknown_entry(marks, run.nat().nat, old_mapping(run), state);
    insert(connection.table, entry);
    of_any_age(connection);
    return {std::move(connection), known_of_entry(marks, run.nat().nat, entry)};
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
