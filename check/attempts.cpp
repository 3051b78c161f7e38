#include "check/attempts.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "check/meeting.hpp"
#include "explorer/components.hpp"
#include "explorer/reachability.hpp"

namespace halfopen {

namespace {

using explorer::EdgeFilter;
using explorer::StateGraph;

constexpr EdgeFilter generic_edges{tag::corner};

/// What matters of one client in one node.
struct ClientSnapshot {
    enum class Phase : std::uint8_t { Other, Connecting, BetweenAttempts };
    Phase phase = Phase::Other;
    std::uint16_t meeting = 0;  ///< 1 + index into the list of meetings; 0: none
    /// Somebody else has drawn a corner number: that coincidence says nothing about this client's numbers.
    bool others_corner = false;

    bool counts(Phase wanted) const { return phase == wanted && !others_corner; }
};

/// What an attempt has to meet for its numbers to be counted.
enum class Meets : std::uint8_t {
    OldConnection,  ///< at the server; an attempt is over when its handshake is
    Anything        ///< an attempt lasts until the client has its connection back or is without any
};

/// The scenario's numbers as the first world has them: all of them, since nothing has been forgotten yet.
std::vector<Origin> all_scenario_numbers(const WorldExploration& exploration) {
    return scenario_numbers(explorer::state_at(*exploration.system, exploration.found, 0));
}

struct Snapshots {
    std::vector<ClientSnapshot> by_node;  ///< of the followed client's graph
    std::vector<Meeting> meetings;
    std::vector<Cell> cells;  ///< of its ISS beside all of the scenario's numbers
};

bool attempts(const World& world, std::size_t client, Meets meets) {
    const ClientState& state = world.clients[client];
    if (state.connected_before) return false;
    if (meets == Meets::OldConnection) return state.tcb.state == TcpState::SynSent;
    return state.tcb.state != TcpState::Closed &&
           world.origins[state.tcb.iss.origin].role == client_isn_role(client);
}

Snapshots take_snapshots(const WorldExploration& exploration, const FollowedClient& followed,
                         std::size_t client, Meets meets) {
    const Model& model = exploration.system->model();
    const std::uint32_t nodes = followed.graph().node_count();
    Snapshots result;
    result.by_node.resize(nodes);
    result.cells = cells(exploration.cuts, client_isn_role(client), all_scenario_numbers(exploration));
    World world;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        const std::size_t place = followed.place(node);
        if (node == 0 || followed.explored(node) != followed.explored(node - 1))
            exploration.system->unpack(exploration.found.states[followed.explored(node)], world);
        ClientSnapshot& snapshot = result.by_node[node];
        const ClientState& state = world.clients[place];
        if (state.connected_before) continue;
        snapshot.others_corner =
            world.corner != 0 && world.origins[world.corner].role != client_isn_role(place);
        if (state.tcb.state == TcpState::Closed) snapshot.phase = ClientSnapshot::Phase::BetweenAttempts;
        if (!attempts(world, place, meets)) continue;
        snapshot.phase = ClientSnapshot::Phase::Connecting;
        if (meets == Meets::Anything) continue;
        if (const auto met = meeting_of(model, world, place)) {
            auto at = std::find(result.meetings.begin(), result.meetings.end(), *met);
            if (at == result.meetings.end()) at = result.meetings.insert(at, *met);
            snapshot.meeting = static_cast<std::uint16_t>(at - result.meetings.begin() + 1);
        }
    }
    return result;
}

/// The attempts by the cells that their ISS was drawn from.  Once an old connection is gone a world forgets
/// how a fresh number lay to it and may give it another value, so that the value in a node does not say which
/// one was drawn: only the way there does.
class DrawnAttempts {
   public:
    DrawnAttempts(const WorldExploration& exploration, const FollowedClient& followed,
                  const Snapshots& snapshots)
        : graph_(followed.graph()), snapshots_(snapshots) {
        const std::uint32_t nodes = graph_.node_count();
        std::vector<bool> begins(nodes);
        for (std::uint32_t node = 0; node < nodes; ++node) {
            if (snapshots.by_node[node].phase == Phase::Connecting) continue;
            for (const explorer::OutEdge& edge : graph_.out_edges(node))
                if (snapshots.by_node[edge.target].counts(Phase::Connecting)) begins[edge.target] = true;
        }
        for (std::uint32_t node = 0; node < nodes; ++node) {
            if (!begins[node]) continue;
            const World world =
                explorer::state_at(*exploration.system, exploration.found, followed.explored(node));
            const std::size_t place = followed.place(node);
            const std::uint32_t iss = world.clients[place].tcb.iss.value;
            // Numbers of the scenario that are gone before the draw tell nothing apart any more.
            const auto live = cells(exploration.cuts, client_isn_role(place), scenario_numbers(world));
            begins_.push_back({node, live[cell_of(live, iss)]});
        }
    }

    /// The nodes of those whose ISS was drawn from one of Snapshots::cells.  There are many cells, and each
    /// such set is as large as the graph: so one at a time.
    std::vector<bool> from(const Cell& cell) const {
        std::vector<bool> nodes(graph_.node_count());
        std::vector<std::uint32_t> queue;
        for (const Begin& begin : begins_) {
            if (!begin.drawn.contains(cell.first)) continue;
            nodes[begin.node] = true;
            queue.push_back(begin.node);
        }
        while (!queue.empty()) {
            const std::uint32_t node = queue.back();
            queue.pop_back();
            for (const explorer::OutEdge& edge : graph_.out_edges(node)) {
                if (nodes[edge.target] || !snapshots_.by_node[edge.target].counts(Phase::Connecting) ||
                    !generic_edges.admits(edge.tags))
                    continue;
                nodes[edge.target] = true;
                queue.push_back(edge.target);
            }
        }
        return nodes;
    }

   private:
    using Phase = ClientSnapshot::Phase;
    struct Begin {
        std::uint32_t node;
        Cell drawn;
    };

    const StateGraph& graph_;
    const Snapshots& snapshots_;
    std::vector<Begin> begins_;
};

/// Nodes at which an attempt has failed: it is over, or it goes on for ever without a way to recover.
std::vector<bool> failures(const FollowedClient& followed, const std::vector<ClientSnapshot>& snapshots) {
    using Phase = ClientSnapshot::Phase;
    const StateGraph& graph = followed.graph();
    const std::vector<bool> everywhere(graph.node_count(), true);
    std::vector<bool> recovered(graph.node_count());
    for (std::uint32_t node = 0; node < graph.node_count(); ++node)
        recovered[node] = followed.recovered(node);
    std::vector<bool> hopeless = can_come_to(graph, recovered, everywhere, generic_edges);
    hopeless.flip();
    // Nobody comes out of where there is no way to recover, so the cycles there are those among such nodes.
    const explorer::GraphView view(graph, generic_edges);
    const explorer::StrongComponents components = explorer::strong_components(view.within(hopeless));
    std::vector<bool> failed(graph.node_count());
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        const bool endless = hopeless[node] && (components.on_cycle(node) || graph.out_edges(node).empty());
        failed[node] = snapshots[node].counts(Phase::BetweenAttempts) ||
                       (snapshots[node].counts(Phase::Connecting) && endless);
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

/// Numbers that lose where an attempt is at one of the nodes `at`.
struct Losers {
    LosingNumbers numbers;
    std::uint32_t reference = 0;  ///< what they are told from
    std::vector<bool> at;
};

/// The cells of which some attempt fails.
void add_intervals(std::vector<Losers>& all, const Snapshots& snapshots, const DrawnAttempts& drawn) {
    for (const Cell& cell : snapshots.cells) {
        const std::vector<bool> from = drawn.from(cell);
        for (Losers& one : all) {
            bool lost = false;
            for (std::size_t node = 0; node < one.at.size() && !lost; ++node)
                lost = one.at[node] && from[node];
            if (!lost) continue;
            one.numbers.intervals.push_back({cell.first - one.reference, cell.size});
            one.numbers.count += cell.size;
        }
    }
    for (Losers& one : all) {
        std::sort(one.numbers.intervals.begin(), one.numbers.intervals.end());
        one.numbers.intervals = merged(std::move(one.numbers.intervals));
    }
}

/// Of one client; of those interchangeable with it the same is true.
std::vector<LosingNumbers> losing_numbers_of(FollowedClients& clients, std::size_t client) {
    using Phase = ClientSnapshot::Phase;
    const WorldExploration& exploration = clients.exploration();
    const FollowedClient& followed = clients.follow(client);
    const StateGraph& graph = followed.graph();
    const Snapshots snapshots = take_snapshots(exploration, followed, client, Meets::OldConnection);
    if (snapshots.meetings.empty()) return {};
    const std::vector<ClientSnapshot>& of_client = snapshots.by_node;
    const std::vector<bool> failed = failures(followed, of_client);
    std::vector<Losers> all;
    for (std::size_t m = 0; m < snapshots.meetings.size(); ++m) {
        const Meeting& met = snapshots.meetings[m];
        // Backwards from the failures, through what belongs to this meeting or to none.
        std::vector<bool> open(graph.node_count());
        for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
            open[node] = of_client[node].counts(Phase::Connecting) &&
                         (of_client[node].meeting == 0 || of_client[node].meeting == m + 1);
        }
        std::vector<bool> ends = failed;
        for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
            if (ends[node] && of_client[node].phase == Phase::Connecting && !open[node]) ends[node] = false;
        }
        std::vector<bool> fails = can_come_to(graph, std::move(ends), open, generic_edges);
        for (std::uint32_t node = 0; node < graph.node_count(); ++node)
            fails[node] = fails[node] && of_client[node].meeting == m + 1;
        all.push_back({{client, met.rcv_nxt, met.met_client, {}, 0}, met.rcv_nxt, std::move(fails)});
    }
    add_intervals(all, snapshots, DrawnAttempts(exploration, followed, snapshots));
    std::vector<LosingNumbers> losing;
    for (Losers& one : all)
        if (one.numbers.count > 0) losing.push_back(std::move(one.numbers));
    return losing;
}

/// As losing_numbers_of(), of attempts that may meet anything, and end where a client never recovers.
std::optional<LosingNumbers> trapped_numbers_of(FollowedClients& clients, std::size_t client) {
    using Phase = ClientSnapshot::Phase;
    const WorldExploration& exploration = clients.exploration();
    const FollowedClient& followed = clients.follow(client);
    const StateGraph& graph = followed.graph();
    const Snapshots snapshots = take_snapshots(exploration, followed, client, Meets::Anything);
    const std::vector<bool> failed = failures(followed, snapshots.by_node);
    std::vector<bool> connecting(graph.node_count()), ends(graph.node_count());
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        connecting[node] = snapshots.by_node[node].counts(Phase::Connecting);
        ends[node] = failed[node] && connecting[node];
    }
    const std::vector<bool> fails = can_come_to(graph, std::move(ends), connecting, generic_edges);
    for (const Origin& given : all_scenario_numbers(exploration)) {
        if (given.role != old_client_role(client)) continue;
        LosingNumbers numbers{client, given.value, client, {}, 0};
        numbers.meets_old_connection = false;
        std::vector<Losers> all;
        all.push_back({numbers, given.value, fails});
        add_intervals(all, snapshots, DrawnAttempts(exploration, followed, snapshots));
        if (all.front().numbers.count > 0) return all.front().numbers;
    }
    return std::nullopt;
}

}  // namespace

std::vector<LosingNumbers> losing_numbers(FollowedClients& followed) {
    std::vector<LosingNumbers> losing;
    for (const auto& group : alike_clients(followed.exploration())) {
        for (const LosingNumbers& numbers : losing_numbers_of(followed, group.front())) {
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

std::vector<LosingNumbers> trapped_numbers(FollowedClients& followed) {
    std::vector<LosingNumbers> trapped;
    const std::size_t clients = followed.exploration().system->model().clients().size();
    for (std::size_t client = 0; client < clients; ++client)
        if (auto numbers = trapped_numbers_of(followed, client)) trapped.push_back(std::move(*numbers));
    return trapped;
}

}  // namespace halfopen
