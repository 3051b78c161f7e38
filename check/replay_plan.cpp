#include "check/replay_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace halfopen {
namespace {

std::string duration_text(std::uint64_t ms) {
    return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

/// How long a timer runs from when the connection last did something to when it expires, having expired
/// `count` times before.
std::uint64_t whole_length(const EndpointSettings& s, const ServerKind& kind, const OldTimer& timer) {
    switch (timer.timer) {
        case TcpTimer::Keepalive:
            return s.keepalive_idle + std::uint64_t{timer.count} * s.keepalive_interval;
        case TcpTimer::IdleClose:
            return s.idle_close;
        case TcpTimer::TimeWait:
            return kind.state == TcpState::TimeWait ? s.time_wait : s.fin_wait_2;
        default:
            break;
    }
    const auto& gaps = kind.state == TcpState::SynReceived ? s.synack_retransmit
                       : kind.orphan                       ? s.orphan_retransmit
                                                           : s.data_retransmit;
    const std::size_t expiries = std::min<std::size_t>(timer.count + 1U, gaps.size());
    return std::accumulate(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(expiries),
                           std::uint64_t{0});
}

/// Ages of the old connection at which the client may come back, ms: those at which its first timer expires
/// as it does in the run, and one at which nothing of it can have expired.  Some may stand there twice.
std::vector<std::uint64_t> ages(const EndpointSettings& settings, const StartResult& start,
                                const ProofFailure& failure) {
    constexpr std::uint64_t at_once = 1000;
    std::vector<std::uint64_t> found;
    if (start.server && failure.old_timer) {
        const OldTimer& timer = *failure.old_timer;
        const std::uint64_t whole = whole_length(settings, *start.server, timer);
        const std::uint64_t least = std::min(timer.least, whole), most = std::min(timer.most, whole);
        for (const std::uint64_t left : {(least + most) / 2, least, most}) found.push_back(whole - left);
    }
    found.push_back(at_once);
    std::erase(found, 0);
    return found;
}

/// The NAT is back just before the client is.  What the server sends meanwhile meets nobody.
SettingList back_at(std::uint64_t age) {
    const std::uint64_t before = age > 1000 ? 1000 : age / 2;
    return {{"fault.down", duration_text(age - before)}, {"client.reconnect_at", duration_text(age)}};
}

/// Nothing where the scenario's old connections are like that, or none can begin so.
SettingList server_as_in(const Model& model, const StartResult& start) {
    if (!start.server || start.own) return {};
    const ServerKind& kind = *start.server;
    SettingList list;
    if (kind.state != model.clients().front().spec.server_state)
        list.emplace_back("client.server_state", to_string(kind.state));
    if (kind.data) list.emplace_back("server.data", "unacknowledged");
    return list;
}

SettingList clients_are(std::size_t count) {
    SettingList list;
    list.emplace_back("scenario.clients", std::to_string(count));
    return list;
}

void add(std::vector<SettingList>& plan, SettingList list) {
    if (std::find(plan.begin(), plan.end(), list) == plan.end()) plan.push_back(std::move(list));
}

SettingList joined(SettingList list, const SettingList& more) {
    list.insert(list.end(), more.begin(), more.end());
    return list;
}

}  // namespace

std::vector<SettingList> replay_plan(const Scenario& scenario, const Model& model, const StartResult& start,
                                     const ProofFailure& failure) {
    const ClientNode& client = model.clients().front();
    const EndpointSettings& server = model.servers()[client.server_index].endpoint.settings();
    const std::size_t taking_part = model.clients().size();
    std::vector<SettingList> numbers_of_clients(1);
    if (failure.kind == FailureKind::Moved) {
        if (taking_part < scenario.clients.size()) numbers_of_clients.push_back(clients_are(taking_part + 1));
    } else if (taking_part > 1) {
        numbers_of_clients.insert(numbers_of_clients.begin(), clients_are(1));
    }
    std::vector<SettingList> plan(1);
    const SettingList state = server_as_in(model, start);
    for (const SettingList& clients : numbers_of_clients) {
        add(plan, joined(clients, state));
        for (const std::uint64_t age : ages(server, start, failure))
            add(plan, joined(joined(clients, state), back_at(age)));
    }
    return plan;
}

}  // namespace halfopen
