#include "check/attempts.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "check/attempt_nodes.hpp"
#include "check/followed_client.hpp"
#include "check/meeting.hpp"
#include "explorer/boost_adaptor.hpp"
#include "explorer/components.hpp"

namespace halfopen {

namespace {

using explorer::EdgeFilter;
using explorer::StateGraph;

constexpr EdgeFilter generic{tag::corner};

/// What matters of one client in one node.
struct ClientSnapshot {
    enum class Phase : std::uint8_t { Other, Connecting, BetweenAttempts };
    Phase phase = Phase::Other;
    std::uint16_t meeting = 0;  ///< 1 + index into the list of meetings; 0: none
    std::uint16_t cell = 0;     ///< of its ISS beside the scenario's numbers, index into the client's cells
};

/// The scenario's numbers as the first world has them: all of them, since nothing has been forgotten yet.
std::vector<Origin> all_scenario_numbers(const WorldExploration& exploration) {
    return scenario_numbers(explorer::state_at(*exploration.system, exploration.found, 0));
}

struct Snapshots {
    std::vector<ClientSnapshot> by_node;  ///< of the followed client's graph
    std::vector<Meeting> meetings;
    std::vector<Cell> cells;
};

Snapshots take_snapshots(const WorldExploration& exploration, const FollowedClient& followed,
                         std::size_t client) {
    const Model& model = exploration.system->model();
    const std::uint32_t nodes = followed.graph().node_count();
    const std::vector<Origin> fixed = all_scenario_numbers(exploration);
    Snapshots result;
    result.by_node.resize(nodes);
    result.cells = cells(exploration.cuts, client_isn_role(client), fixed);
    World world;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        const std::size_t place = followed.place(node);
        if (node == 0 || followed.explored(node) != followed.explored(node - 1))
            world = explorer::state_at(*exploration.system, exploration.found, followed.explored(node));
        ClientSnapshot& snapshot = result.by_node[node];
        const ClientState& state = world.clients[place];
        if (state.connected_before) continue;
        // Somebody else's coincidence says nothing about this client's numbers.
        if (world.corner != 0 && world.origins[world.corner].role != client_isn_role(place)) continue;
        if (state.tcb.state == TcpState::Closed) snapshot.phase = ClientSnapshot::Phase::BetweenAttempts;
        if (state.tcb.state != TcpState::SynSent) continue;
        snapshot.phase = ClientSnapshot::Phase::Connecting;
        snapshot.cell = static_cast<std::uint16_t>(cell_of(result.cells, state.tcb.iss.value));
        if (const auto met = meeting_of(model, world, place)) {
            auto at = std::find(result.meetings.begin(), result.meetings.end(), *met);
            if (at == result.meetings.end()) at = result.meetings.insert(at, *met);
            snapshot.meeting = static_cast<std::uint16_t>(at - result.meetings.begin() + 1);
        }
    }
    return result;
}

/// Nodes at which an attempt has failed: it is over, or it goes on for ever without a way to recover.
std::vector<bool> failures(const FollowedClient& followed, const std::vector<ClientSnapshot>& snapshots) {
    const StateGraph& graph = followed.graph();
    const std::vector<bool> everywhere(graph.node_count(), true);
    std::vector<bool> recovered(graph.node_count());
    for (std::uint32_t node = 0; node < graph.node_count(); ++node)
        recovered[node] = followed.recovered(node);
    const std::vector<bool> hopeful = can_come_to(graph, recovered, everywhere, generic);
    const explorer::GraphView view(graph, generic);
    const explorer::StrongComponents components = explorer::strong_components(view);
    std::vector<bool> failed(graph.node_count());
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        const auto phase = snapshots[node].phase;
        const bool endless = components.on_cycle(node) || graph.out_edges(node).empty();
        failed[node] = phase == ClientSnapshot::Phase::BetweenAttempts ||
                       (phase == ClientSnapshot::Phase::Connecting && !hopeful[node] && endless);
    }
    return failed;
}

/// Merges touching intervals on the circle of 2^32 values.
std::vector<Interval> merged(std::vector<Interval> intervals) {
    std::sort(intervals.begin(), intervals.end());
    std::vector<Interval> result;
    for (const Interval& next : intervals) {
        if (!result.empty() && result.back().first + result.back().size >= next.first) {
            const std::uint64_t end =
                std::max(result.back().first + result.back().size, std::uint64_t{next.first} + next.size);
            result.back().size = end - result.back().first;
        } else {
            result.push_back(next);
        }
    }
    if (result.size() > 1 && result.back().first + result.back().size == all_values + result.front().first) {
        result.back().size += result.front().size;
        result.erase(result.begin());
    }
    return result;
}

/// Of one client; of those interchangeable with it the same is true.
std::vector<LosingNumbers> losing_numbers_of(WorldExploration& exploration, std::size_t client) {
    const FollowedClient followed(exploration, client);
    const StateGraph& graph = followed.graph();
    const Snapshots snapshots = take_snapshots(exploration, followed, client);
    const std::vector<ClientSnapshot>& of_client = snapshots.by_node;
    const std::vector<bool> failed = failures(followed, of_client);
    std::vector<LosingNumbers> losing;
    for (std::size_t m = 0; m < snapshots.meetings.size(); ++m) {
        const Meeting& met = snapshots.meetings[m];
        // Backwards from the failures, through what belongs to this meeting or to none.
        std::vector<bool> open(graph.node_count());
        for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
            open[node] = of_client[node].phase == ClientSnapshot::Phase::Connecting &&
                         (of_client[node].meeting == 0 || of_client[node].meeting == m + 1);
        }
        std::vector<bool> ends = failed;
        for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
            if (ends[node] && of_client[node].phase == ClientSnapshot::Phase::Connecting && !open[node])
                ends[node] = false;
        }
        const std::vector<bool> fails = can_come_to(graph, std::move(ends), open, generic);
        std::vector<bool> lost(snapshots.cells.size());
        for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
            if (fails[node] && of_client[node].meeting == m + 1) lost[of_client[node].cell] = true;
        }
        LosingNumbers numbers{client, met.rcv_nxt, met.met_client, {}, 0};
        for (std::size_t c = 0; c < lost.size(); ++c) {
            if (!lost[c]) continue;
            numbers.intervals.push_back({snapshots.cells[c].first - met.rcv_nxt, snapshots.cells[c].size});
            numbers.count += snapshots.cells[c].size;
        }
        numbers.intervals = merged(std::move(numbers.intervals));
        if (numbers.count > 0) losing.push_back(std::move(numbers));
    }
    return losing;
}

}  // namespace

std::vector<LosingNumbers> losing_numbers(WorldExploration& exploration) {
    std::vector<LosingNumbers> losing;
    for (const auto& group : alike_clients(exploration)) {
        for (const LosingNumbers& numbers : losing_numbers_of(exploration, group.front())) {
            for (const std::uint8_t client : group) {
                losing.push_back(numbers);
                losing.back().client = client;
            }
        }
    }
    std::sort(losing.begin(), losing.end(), [](const LosingNumbers& a, const LosingNumbers& b) {
        return std::pair(a.client, a.met_client) < std::pair(b.client, b.met_client);
    });
    return losing;
}

}  // namespace halfopen
