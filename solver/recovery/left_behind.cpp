#include "solver/recovery/left_behind.hpp"

#include <algorithm>

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
void any_time(Tcb<R>& tcb, std::array<std::uint32_t, tcp_timer_count>& slack, TcpTimer timer,
              std::uint32_t most) {
    if (most == 0) return;
    tcb.timer(timer) = most;
    slack[static_cast<std::size_t>(timer)] = most;
}

/// The timers that a connection in this state has, as far along as they may be.
void any_timers(const EndpointSettings& s, Tcb<R>& tcb, std::array<std::uint32_t, tcp_timer_count>& slack) {
    const bool open = synchronized(tcb.state) && tcb.state != TcpState::TimeWait;
    if (open && s.keepalive) {
        any_time(tcb, slack, TcpTimer::Keepalive, std::max(s.keepalive_idle, s.keepalive_interval));
        tcb.keepalive_probes = any_count;
    }
    if (tcb.state == TcpState::Established) any_time(tcb, slack, TcpTimer::IdleClose, s.idle_close);
    if (tcb.state == TcpState::TimeWait) any_time(tcb, slack, TcpTimer::TimeWait, s.time_wait);
    if (tcb.state == TcpState::FinWait2 && tcb.orphan)
        any_time(tcb, slack, TcpTimer::TimeWait, s.fin_wait_2);
    std::uint32_t gap = 0;
    if (tcb.state == TcpState::SynReceived)
        gap = longest(s.synack_retransmit);
    else if (tcb.fin_outstanding() || tcb.unacked_data > 0)
        gap = longest(tcb.orphan ? s.orphan_retransmit : s.data_retransmit);
    any_time(tcb, slack, TcpTimer::Retransmit, gap);
    if (gap > 0) tcb.retransmits = any_count;
}

Connection before_connect(const FairRun& run) {
    Connection c;
    c.client.local = {run.client().spec.ip, run.client().spec.port};
    c.reconnect = 0;
    return c;
}

/// What a server can have of an old connection, as far as it is no number.
struct ServerKind {
    TcpState state;
    bool orphan = false;
    bool data = false;  ///< sent and not acknowledged
    bool syn_outstanding = false;
    bool handed_over = false;
};

/// possible_flags() of tcb_invariant.hpp, for a connection that a listener made.
std::vector<ServerKind> server_kinds(const Endpoint& endpoint) {
    using enum TcpState;
    std::vector<ServerKind> kinds{{Established},       {Established, false, true}, {SynReceived},
                                  {CloseWait},         {LastAck, true},            {FinWait1, true},
                                  {FinWait2, true},    {Closing, true},            {TimeWait, true}};
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
    std::string name = "the server in " + std::string(to_string(kind.state));
    if (kind.data) name += " with data outstanding";
    if (kind.handed_over) name += ", handed over";
    return name;
}

Tcb<R> unknown_server(const Z3Reading& r, const FairRun& run, const ServerKind& kind) {
    Tcb<R> tcb;
    UnknownNumbers unknown(r, "server.");
    fields(unknown, tcb);
    tcb.rcv_wnd = r.size(run.server().endpoint.settings().rcv_wnd);
    tcb.state = kind.state;
    tcb.orphan = kind.orphan;
    tcb.unacked_data = kind.data ? outstanding_bytes : 0;
    tcb.handed_over = kind.handed_over;
    tcb.syn_outstanding = kind.state == TcpState::SynReceived && !kind.handed_over;
    tcb.local = run.server().address;
    tcb.remote = {run.nat().addresses.outside_ip, run.client().spec.outside_port};
    return tcb;
}

/// Adds what the NAT has of the old connection.
void add_entry(const Z3Reading& reading, const FairRun& run, FaultSpec::Table table, LeftBehind& left) {
    Z3Reading r = reading;
    Connection& c = left.connection;
    const Address outside{run.nat().addresses.outside_ip, run.client().spec.outside_port};
    restore(r, run.nat().nat, c.table, Address{run.client().spec.ip, run.client().spec.port}, outside,
            run.client().server, IdleSide<R>{}, IdleSide<R>{}, Restored::Saved);
    c.mapped = true;
    auto& entry = c.table.entries.front();
    c.slack.entry = entry.timeout;
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
    const EndpointSettings& settings = run.server().endpoint.settings();
    for (const ServerKind& kind : server_kinds(run.server().endpoint)) {
        LeftBehind left{name_of(kind), before_connect(run), r.truth(true)};
        Tcb<R> tcb = unknown_server(r, run, kind);
        any_timers(settings, tcb, left.connection.slack.server);
        left.known = possible_numbers(r, tcb);
        // Without text or a FIN outstanding all has been acknowledged.
        const bool outstanding = kind.data || tcb.fin_outstanding() || kind.state == TcpState::SynReceived;
        if (!outstanding) left.known = left.known && r.equal(tcb.snd_una, tcb.snd_nxt);
        left.connection.server = tcb;
        all.push_back(std::move(left));
    }
    if (fault.table == FaultSpec::Table::Lost) return all;
    for (LeftBehind& left : all) add_entry(r, run, fault.table, left);
    return all;
}

}  // namespace halfopen
