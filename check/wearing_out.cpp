#include "check/wearing_out.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <vector>

#include "explorer/boost_adaptor.hpp"
#include "explorer/components.hpp"
#include "explorer/reachability.hpp"
#include "solver/numbers_alike.hpp"
#include "solver/recovery/progress.hpp"

namespace halfopen {
namespace {

using explorer::OutEdge;
using explorer::StateGraph;

/// More steps than that on cycles are not asked about: a minute, as they come.
constexpr std::size_t most_steps = 200'000;

/// Where each of a world's origins stands among those asked about.
using Places = std::vector<std::size_t>;

std::vector<Distance> rooms(const World& world, const Places& places, std::uint8_t side) {
    const auto end = [&](const Number& n) {
        return Distance::End{places[n.origin], n.value - world.origins[n.origin].value};
    };
    std::vector<Distance> all;
    for (const NatState& nat : world.nats)
        for (const auto& entry : nat.table.entries)
            all.push_back({end(entry.peers[side].td_end), end(entry.peers[side].td_maxend)});
    // Clients may change places: the sum counts.
    std::sort(all.begin(), all.end());
    return all;
}

bool was_drawn(const Step& step, const Origin& origin) {
    return std::any_of(step.draws.begin(), step.draws.end(), [&](const Draw& draw) {
        return draw.kind == Draw::Kind::Isn && draw.role == origin.role && draw.value == origin.value;
    });
}

/// Those of the world before, then those that the step has drawn.  A number that was drawn now and has the
/// value of one that was there before is taken for a new one.
struct Numbers {
    std::vector<Origin> all;
    Places before, after;

    Numbers(const World& earlier, const Step& step, const World& later) : all(earlier.origins) {
        for (std::size_t i = 0; i < all.size(); ++i) before.push_back(i);
        for (const Origin& origin : later.origins) {
            const auto old = std::find(earlier.origins.begin(), earlier.origins.end(), origin);
            if (old != earlier.origins.end() && !was_drawn(step, origin)) {
                after.push_back(static_cast<std::size_t>(old - earlier.origins.begin()));
                continue;
            }
            after.push_back(all.size());
            all.push_back(origin);
        }
    }
};

class RoomOnTheWay {
   public:
    explicit RoomOnTheWay(WorldExploration& exploration)
        : exploration_(exploration), alike_(exploration.system->cuts()) {}

    /// Of the edges of a node, in their order.
    std::vector<Changes> changes_from(std::uint32_t node) {
        const World world = explorer::state_at(*exploration_.system, exploration_.found, node);
        std::vector<Changes> all;
        // They come in the order in which their edges are stored.
        for (const auto& [step, after] : exploration_.system->successors_unrenamed(world))
            all.push_back(changes(world, step, after));
        return all;
    }

   private:
    Changes changes(const World& world, const Step& step, const World& later) {
        const Numbers numbers(world, step, later);
        Changes found = no_changes;
        for (const auto& [side, measure] :
             {std::pair(original, Measure::ClientRoom), std::pair(reply, Measure::ServerRoom)})
            found[static_cast<std::size_t>(measure)] = change(alike_.growth(
                numbers.all, rooms(world, numbers.before, side), rooms(later, numbers.after, side)));
        return found;
    }
    static Change change(Growth growth) {
        if (growth == Growth::Less) return Change::Less;
        return growth == Growth::NotMore ? Change::Same : Change::More;
    }

    WorldExploration& exploration_;
    NumbersAlike alike_;
};

/// Of two ways that a run may take.
Changes worse(Changes one, const Changes& other) {
    for (std::size_t m = 0; m < measure_count; ++m) one[m] = std::max(one[m], other[m]);
    return one;
}

/// What can be said of a cycle by itself: some room gets less and does not grow on it.
bool wears_out(RoomOnTheWay& room, const StateGraph& graph, std::uint32_t start,
               const std::vector<std::uint32_t>& loop) {
    Changes round = no_changes;
    std::uint32_t from = start;
    for (const std::uint32_t to : loop) {
        const std::vector<Changes> changes = room.changes_from(from);
        std::optional<Changes> one;
        std::size_t at = 0;
        for (const OutEdge& edge : graph.out_edges(from)) {
            // Where several lead there, a run may take any.
            if (edge.target == to) one = one ? worse(*one, changes.at(at)) : changes.at(at);
            ++at;
        }
        round = one_after_the_other(round, one.value());
        from = to;
    }
    return uses_up(round);
}

}  // namespace

bool every_cycle_wears_out(WorldExploration& exploration, const explorer::Lasso& endless) {
    const StateGraph& graph = exploration.found.graph;
    RoomOnTheWay room(exploration);
    if (endless.loop.empty() || !wears_out(room, graph, endless.prefix.back(), endless.loop)) return false;

    const explorer::GraphView view(graph);
    std::vector<bool> open = explorer::reachable(graph, {});
    for (std::uint32_t node = 0; node < graph.node_count(); ++node)
        open[node] = open[node] && !graph.has_mark(node, explorer::goal_mark);
    const explorer::StrongComponents components = explorer::strong_components(view.within(open));
    const auto goes_round = [&](std::uint32_t from, std::uint32_t to) {
        return open[to] && components.component[from] == components.component[to];
    };
    ProgressGraph progress;
    std::map<std::uint32_t, std::size_t> states;
    const auto state = [&](std::uint32_t node) {
        const auto [known, is_new] = states.try_emplace(node);
        if (is_new) progress.begin_at(known->second = progress.add_state());
        return known->second;
    };
    std::size_t steps = 0;
    for (std::uint32_t node = 0; node < graph.node_count(); ++node) {
        if (!open[node] || !components.on_cycle(node)) continue;
        const std::vector<Changes> changes = room.changes_from(node);
        std::size_t at = 0;
        for (const OutEdge& edge : graph.out_edges(node)) {
            if (goes_round(node, edge.target))
                progress.add({state(node), state(edge.target), changes.at(at), false});
            ++at;
        }
        steps += at;
        if (steps > most_steps) return false;
    }
    return progress.longest_run(0, 0).has_value();
}

}  // namespace halfopen
