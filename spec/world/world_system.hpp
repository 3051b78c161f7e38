/// A scenario as a transition system: which events are possible in a world, and what each leads to.
///
/// Models the TransitionSystem concept of the explorer (which this folder does not know).
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "spec/numbers/alike_roles.hpp"
#include "spec/world/canonical.hpp"
#include "spec/world/client_symmetry.hpp"
#include "spec/world/recovery.hpp"
#include "spec/world/stepper.hpp"
#include "spec/world/world_rows.hpp"

namespace halfopen {

/// Which cells of fresh numbers a run may draw from (design §5).
enum class Corners : std::uint8_t {
    None,  ///< generic cells only
    One,   ///< one number at a time may come from a corner: of a server, or of a client's first connect()
    All    ///< every cell, always
};

struct WorldOptions {
    Corners corners = Corners::None;
    /// Where a segment for an endpoint host is due, let it arrive before anything else happens: no other
    /// event can tell.  Off: every order is explored.
    bool merge_commuting_steps = true;
    /// Worlds that differ only in which interchangeable client is which are one.  Step::places says who
    /// stands where.  Off: each client keeps its place.
    bool symmetry = false;
    /// What the environment chose, where that is known, as of a recorded run: stands in for the cells.
    std::function<std::vector<Draw>(const World&, const Need&)> choices = {};
};

class WorldSystem {
   public:
    using State = World;
    using Label = Step;

    /// cuts: what has been learnt so far about which values of fresh numbers differ; empty to begin with.
    /// rows: those of a system whose packed worlds this one is to understand.
    WorldSystem(const Model& model, Cuts cuts, WorldOptions options, WorldRows rows = {});

    template <class Sink>
    void initial(Sink&& sink) {
        for (World& world : initial_worlds()) sink(world);
    }
    /// What sink is given lasts only as long as it runs.
    template <class Sink>
    void successors(const World& world, Sink&& sink) {
        Successors found = expand(world);
        for (std::size_t i = 0; i < found.size; ++i) sink(found.list[i].first, found.list[i].second);
        spare_ = std::move(found.list);
    }
    /// The same successors with the numbers that the run really has: nothing is renamed, so that the segments
    /// of a run made of such steps fit together.  `canonical` of a successor is the state that successors()
    /// gives instead.
    std::vector<std::pair<Step, World>> successors_unrenamed(const World& world);
    /// The same in every order of events.  Which of several steps that commute comes first depends on the
    /// places of the clients: of the steps of a run in which they keep theirs it may be another one.
    std::vector<std::pair<Step, World>> every_successor_unrenamed(const World& world);
    World canonical(World world) {
        tidy(world);
        return world;
    }
    /// The same with clients at the places given, instead of those that their order asks for.
    World canonical(World world, const ClientPermutation& places);
    /// Whether a run that has come to `world`, its clients at the places given, is at the state: no
    /// comparison tells the two apart.
    bool stands_for(World world, const ClientPermutation& places, const World& state);
    /// Which clients may change places; none unless the options ask for it.
    const ClientSymmetry& symmetry() const { return symmetry_; }
    std::uint32_t marks(const World& world) const { return recovery_marks(model_, world); }
    /// As a row; not for two threads at once.
    void pack(const World& world, std::vector<std::byte>& out) const { rows_.pack(world, out); }
    World unpack(std::span<const std::byte> row) const {
        World world;
        unpack(row, world);
        return world;
    }
    void unpack(std::span<const std::byte> row, World& world) const { rows_.unpack(row, world); }
    const WorldRows& rows() const { return rows_; }

    /// Every comparison between numbers of different origin that has been made so far.
    const ComparisonLog& log() const { return log_; }
    /// Sorted, with those that interchangeable clients would make in each other's place.
    std::vector<Comparison> comparisons() const { return with_alike(log_.sorted(), symmetry_.roles()); }
    const Model& model() const { return model_; }
    const Cuts& cuts() const { return canonicalise_.cuts(); }

    /// Takes finer cuts into use where everything said so far would have been said with them too: every draw
    /// had the same choices, every number was renamed alike.  Else false, and nothing changes.
    bool refine(const Cuts& finer);
    /// For systems that share the work: whether refine() would, and to do it where all of them allow it.
    bool allows(const Cuts& finer) const;
    void use(const Cuts& finer);

    /// Takes over what another system of the same model, with equal cuts and options, has met and worked out:
    /// its comparisons, draws and renamings.  So several threads can share the work, each with its own
    /// system.  The other's draws move, and it has to work them out anew if it goes on.
    void absorb(WorldSystem& other);
    /// The most that absorb() takes more than it gives back.
    std::uint64_t bytes_to_be_absorbed() const { return canonicalise_.known().memory_bytes(); }
    /// The comparisons alone, which is quick where there are no new ones.
    void absorb_log(const WorldSystem& other) { log_.absorb(other.log_); }

    /// The cells offered to draws so far: who drew, beside which live origins, which cells.
    struct DrawContext {
        OriginRole role;
        std::vector<Origin> live;
        auto operator<=>(const DrawContext&) const = default;
    };
    const std::map<DrawContext, std::vector<Cell>>& draw_contexts() const { return cells_; }

    /// All that refine() and comparisons() go by, so that an equal system can go on where this one stops.
    struct Notes {
        std::vector<Comparison> comparisons;    ///< in the log
        std::vector<const DrawContext*> draws;  ///< that had cells offered
        std::vector<Renamings::Entry> renamed;  ///< live numbers whose names were worked out
    };
    /// What systems that share the work have noted together.  Sorted, each once.  Lasts until one changes.
    static Notes notes(std::span<const WorldSystem* const> systems);
    /// Adds what a system of the same model, with equal cuts and options, had noted.
    void take_over(const Comparison& comparison) { log_.note(comparison); }
    void take_over(const DrawContext& draw);
    void take_over(const std::vector<Origin>& renamed) { canonicalise_.work_out(renamed); }

   private:
    /// The first `size` of the list count; the others are there for their memory, to be used again.
    struct Successors {
        std::vector<std::pair<Step, World>> list;
        std::size_t size = 0;
    };

    std::vector<World> initial_worlds();
    std::vector<World> with_clocks();
    Successors expand(const World& world);
    void add_faults(const World& world);
    void add_time_or_events(const World& world);
    bool add_commuting_delivery(const World& world);
    bool add_harmless_delivery(const World& world, LinkIndex link);
    void add_delivery(const World& world, LinkIndex link);
    void add_client_events(const World& world, std::size_t client);
    void add_server_timers(const World& world, std::size_t server);
    void add_nat_events(const World& world, std::size_t nat);
    bool in_session(const World& world, std::size_t client) const;
    bool keeps_connection(const World& world, std::size_t client) const;
    bool may_connect(const World& world, std::size_t client) const;
    template <class Perform>
    void perform(const World& world, const Step& step, Choices& choices, const Perform& perform_event);
    bool may_be_drawn(const Cell& cell) const {
        return options_.corners != Corners::None || !is_corner(cell);
    }
    bool offer_the_same(const std::vector<Cell>& before, const std::vector<Cell>& after) const;
    std::vector<Draw> answers(const World& world, const Need& need);
    void find_symmetry();
    ClientPermutation tidy(World& world);
    /// Clients at the places given, and no time stamp older than can be told.
    void put(World& world, const ClientPermutation& places) const;
    void finish(World& world, Step& step);

    const Model& model_;
    WorldOptions options_;
    ComparisonLog log_;
    ClientSymmetry symmetry_;
    Stepper stepper_;
    Canonicaliser canonicalise_;
    std::map<DrawContext, std::vector<Cell>> cells_;
    bool rename_ = true;
    mutable WorldRows rows_;
    Successors found_;
    std::vector<std::pair<Step, World>> spare_;
};

}  // namespace halfopen
