#include "check/replay_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace halfopen {
namespace {

std::string duration_text(std::uint64_t ms) {
    return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

/// A timer of a connection that has done nothing since it was started.
struct Stretch {
    std::uint64_t before = 0;  ///< ms until it had expired `count` times
    std::uint64_t last = 0;    ///< ms from then on until it expires once more
};

Stretch stretch_of(const EndpointSettings& s, const ServerKind& kind, const OldTimer& timer) {
    switch (timer.timer) {
        case TcpTimer::Keepalive:
            if (timer.count == 0) return {0, s.keepalive_idle};
            return {s.keepalive_idle + (timer.count - 1U) * std::uint64_t{s.keepalive_interval},
                    s.keepalive_interval};
        case TcpTimer::IdleClose:
            return {0, s.idle_close};
        case TcpTimer::TimeWait:
            return {0, kind.state == TcpState::TimeWait ? s.time_wait : s.fin_wait_2};
        default:
            break;
    }
    const auto& gaps = kind.state == TcpState::SynReceived ? s.synack_retransmit
                       : kind.orphan                       ? s.orphan_retransmit
                                                           : s.data_retransmit;
    if (gaps.empty()) return {};
    const std::size_t count = std::min<std::size_t>(timer.count, gaps.size() - 1);
    return {
        std::accumulate(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(count), std::uint64_t{0}),
        gaps[count]};
}

/// From when on to when the timer expires on the run, ms.
struct Until {
    std::uint64_t least, most;
};

/// In the middle, the ends, and between them ever closer: the order in which old and new timers expire later
/// may be the run's in a part of the range only.
std::vector<std::uint64_t> samples(std::uint64_t least, std::uint64_t most) {
    constexpr std::uint64_t finest = 16;
    std::vector<std::uint64_t> found{(least + most) / 2, least, most};
    if (least == most) return found;
    for (std::uint64_t parts = 4; parts <= finest; parts *= 2)
        for (std::uint64_t i = 1; i < parts; i += 2) found.push_back(least + (most - least) * i / parts);
    return found;
}

/// Of a connection of which hardly anything can have expired, ms; likewise how long the NAT is back before a
/// client comes, at most.
constexpr std::uint64_t at_once = 1000;

/// What is tried before that: the middle and both ends of the range of ages.
constexpr std::size_t ages_before_at_once = 3;

/// Ages of the old connection at which the run may begin, ms: those at which its first timer expires as it
/// does in the run, and `first`.  Some may stand there twice.
std::vector<std::uint64_t> ages(const EndpointSettings& settings, const StartResult& start,
                                const ProofFailure& failure, std::uint64_t first) {
    std::vector<std::uint64_t> found;
    if (start.server && failure.old_timer) {
        const OldTimer& timer = *failure.old_timer;
        const auto [before, last] = stretch_of(settings, *start.server, timer);
        // A proof takes a timer to be of any age, however often it has expired: between two keepalive probes
        // it lets two hours pass.  Where the run has it wait for longer than it can, the attempts before the
        // one in which it expires are left out, as they have come to nothing.
        std::vector<Until> all{{timer.least, timer.most}};
        if (timer.connect_least < timer.least) all.push_back({timer.connect_least, timer.connect_most});
        if (all.size() > 1 && timer.least > last && timer.connect_least <= last) all.erase(all.begin());
        for (const Until& until : all)
            for (const std::uint64_t left : samples(std::min(until.least, last), std::min(until.most, last)))
                found.push_back(before + last - left);
    }
    const std::size_t place = std::min(ages_before_at_once, found.size());
    found.insert(found.begin() + static_cast<std::ptrdiff_t>(place), first);
    std::erase(found, 0);
    return found;
}

/// The client connects when the old connection is of this age, and the NAT is back just before.  What the
/// server sends meanwhile meets nobody.
SettingList back_at(std::uint64_t age) {
    const std::uint64_t before = age > at_once ? at_once : age / 2;
    return {{"fault.down", duration_text(age - before)}, {"client.reconnect_at", duration_text(age)}};
}

/// SYNs that met nobody, and after which the next one is sent.
struct LostSyns {
    std::uint64_t took = 0;      ///< ms from the first one to the one that counts
    std::uint64_t last_gap = 0;  ///< ms
};

LostSyns lost_syns(const EndpointSettings& client, const ProofFailure& failure) {
    const auto& gaps = client.syn_retransmit;
    LostSyns lost;
    if (gaps.empty()) return lost;
    for (std::size_t i = 0; i < failure.syns_lost; ++i) {
        lost.last_gap = gaps[std::min(i, gaps.size() - 1)];
        lost.took += lost.last_gap;
    }
    return lost;
}

/// The client sends its next SYN at this age, and the NAT is back just before, after all that were lost.
SettingList back_between_syns(const LostSyns& lost, std::uint64_t age) {
    return {{"fault.down", duration_text(age - std::min(lost.last_gap / 2, at_once))},
            {"client.reconnect_at", duration_text(age - lost.took)}};
}

/// What is set so that the run may begin when the old connection is of one of these ages.
std::vector<SettingList> beginnings_of(const EndpointSettings& client, const EndpointSettings& server,
                                       const StartResult& start, const ProofFailure& failure) {
    std::vector<SettingList> found;
    const LostSyns lost = lost_syns(client, failure);
    for (const std::uint64_t age : ages(server, start, failure, lost.took + at_once)) {
        if (lost.took == 0)
            found.push_back(back_at(age));
        else if (age > lost.took)  // else its first SYN would have to precede the fault
            found.push_back(back_between_syns(lost, age));
    }
    return found;
}

/// The old connection's numbers as in the run.  Some trackers compare with 0 what they have not seen yet.
/// Nothing where it is not told by them what the client has.
std::optional<SettingList> numbers_as_in(const StartResult& start, const ProofFailure& failure) {
    if (!start.server || start.server->data) return std::nullopt;
    const auto number = [&](std::string_view name) {
        const auto found = std::find_if(failure.numbers.begin(), failure.numbers.end(),
                                        [&](const auto& named) { return named.first == name; });
        return found == failure.numbers.end() ? std::nullopt : std::optional(found->second);
    };
    const auto rcv_nxt = number("RCV.NXT"), snd_nxt = number("SND.NXT");
    if (!rcv_nxt || !snd_nxt) return std::nullopt;
    return SettingList{{"client.snd_nxt", std::to_string(*rcv_nxt)},
                       {"client.rcv_nxt", std::to_string(*snd_nxt)}};
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
    const bool moved = failure.kind == FailureKind::Moved;
    const SettingList state = server_as_in(model, start);
    const std::vector<SettingList> beginnings =
        beginnings_of(client.endpoint.settings(), server, start, failure);
    std::vector<SettingList> plan(1);
    // As no other has a part in the run.  Worlds with one client are few: there are many that can be looked
    // at.
    if (!moved) {
        const SettingList alone = joined(taking_part > 1 ? clients_are(1) : SettingList{}, state);
        const std::optional<SettingList> numbers = numbers_as_in(start, failure);
        add(plan, alone);
        for (const SettingList& beginning : beginnings) {
            add(plan, joined(alone, beginning));
            if (numbers) add(plan, joined(joined(alone, *numbers), beginning));
        }
    }
    constexpr std::size_t most_with_others = ages_before_at_once + 1;
    std::vector<SettingList> with_others(moved || taking_part > 1 ? 1 : 0);
    if (moved && taking_part < scenario.clients.size()) with_others.push_back(clients_are(taking_part + 1));
    for (const SettingList& clients : with_others) {
        add(plan, joined(clients, state));
        for (std::size_t i = 0; i < std::min(most_with_others, beginnings.size()); ++i)
            add(plan, joined(joined(clients, state), beginnings[i]));
    }
    return plan;
}

}  // namespace halfopen
