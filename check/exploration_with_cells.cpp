#include "check/exploration_with_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>

#include "check/checkpoints.hpp"
#include "check/room.hpp"
#include "spec/policy/input_error.hpp"

namespace halfopen {

namespace {

/// The limits that are left after what has been used up.
explorer::Limits remaining(const explorer::Limits& limits, std::chrono::steady_clock::time_point since) {
    explorer::Limits left = limits;
    if (left.timeout) {
        const auto used =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - since);
        left.timeout = std::max(*left.timeout - used, std::chrono::milliseconds(0));
    }
    return left;
}

/// What is there only while a checkpoint is written: Zstandard's state and buffers, and a list of the notes,
/// which grows with the search.  Where so much would be more than a twentieth, no more than that.
constexpr std::uint64_t bytes_to_write_a_checkpoint(std::uint64_t memory) {
    return std::min(memory / 20, (std::uint64_t{2} << 20U) + memory / 40);
}

/// What is left for the search beside the writing of checkpoints.
explorer::Limits beside_checkpoints(explorer::Limits limits, const Checkpoints* checkpoints) {
    if (limits.resident_bytes && checkpoints != nullptr && checkpoints->writes())
        *limits.resident_bytes -= bytes_to_write_a_checkpoint(*limits.resident_bytes);
    return limits;
}

/// Both sorted.
std::vector<Comparison> with(const std::vector<Comparison>& known, const WorldSystem& system) {
    const std::vector<Comparison> met = system.comparisons();
    std::vector<Comparison> all;
    std::set_union(met.begin(), met.end(), known.begin(), known.end(), std::back_inserter(all));
    return all;
}

Cuts cuts_of(const std::vector<Comparison>& comparisons, const CheckOptions& options) {
    const Cuts cuts(comparisons);
    return options.joint_cells ? cuts.with_sums() : cuts;
}

/// The systems of the threads that explore a world together.  Between their batches it looks at the
/// comparisons that have shown up.  Finer cuts that leave what has been explored as it is are taken into use
/// on the spot; where they do not, the search is told to stop, after some more states in which more cuts may
/// show up.
///
/// All systems have the same cuts at any time, and looks happen after the same states whatever the number of
/// threads, so the cells that are found in the end do not depend on it.
class RefiningCrew {
   public:
    RefiningCrew(WorldSystem& first, const std::vector<Comparison>& known, const WorldOptions& options,
                 const CheckOptions& check)
        : first_(first), known_(known), options_(check) {
        systems_.push_back(&first);
        cut_by_ = known;
        for (unsigned t = 1; t < check.threads; ++t) {
            others_.push_back(
                std::make_unique<WorldSystem>(first.model(), first.cuts(), options, first.rows()));
            systems_.push_back(others_.back().get());
        }
    }

    std::span<WorldSystem* const> systems() const { return systems_; }
    bool wants_restart() const { return wants_restart_; }

    /// Between batches.
    std::optional<explorer::StopReason> look(std::uint32_t expanded) {
        gather_log();
        looked_at_ = expanded;
        if (restart_at_ != 0) {
            wants_restart_ = expanded >= restart_at_;
            return wants_restart_ ? std::optional(explorer::StopReason::Interrupted) : std::nullopt;
        }
        if (first_.log().size() == seen_) return std::nullopt;
        seen_ = first_.log().size();
        std::vector<Comparison> all = with(known_, first_);
        const Cuts finer = cuts_of(all, options_);
        if (finer == first_.cuts()) return std::nullopt;
        if (refine(finer))
            cut_by_ = std::move(all);
        else
            restart_at_ = expanded + expanded / 4;
        return std::nullopt;
    }

    /// All that the systems know, and what look() has decided, of a search that has come so far.
    void write_notes(std::uint32_t expanded, const NotesSink& sink) const {
        const std::vector<const WorldSystem*> systems(systems_.begin(), systems_.end());
        WorldSystem::Notes met = WorldSystem::notes(systems);
        // A batch that was given up may have met more: who goes on is to meet it when this search would have.
        if (looked_at_ == expanded) met.comparisons = met_;
        halfopen::write_notes({known_, cut_by_, seen_, restart_at_}, met, sink);
    }
    /// Goes on where the notes were written.  The first system must have been given what they say already.
    void take_over(const SearchNotes& notes) {
        cut_by_ = notes.cut_by;
        seen_ = notes.looked_at;
        restart_at_ = notes.restart_at;
    }

    /// The most memory that gather() takes, beside what it gives back.
    std::uint64_t bytes_to_gather() const {
        std::uint64_t bytes = 0;
        for (const auto& other : others_) bytes += other->bytes_to_be_absorbed();
        return bytes;
    }
    /// Gives the first system all that the others have met, and ends them.
    void gather() {
        systems_.resize(1);
        for (; !others_.empty(); others_.pop_back()) first_.absorb(*others_.back());
    }
    /// The comparisons alone.
    void gather_log() {
        for (const auto& other : others_) first_.absorb_log(*other);
        if (met_.size() != first_.log().size()) met_ = first_.log().sorted();
    }

   private:
    bool refine(const Cuts& finer) {
        const auto allows = [&](const WorldSystem* system) { return system->allows(finer); };
        if (!std::ranges::all_of(systems_, allows)) return false;
        for (WorldSystem* const system : systems_) system->use(finer);
        return true;
    }

    WorldSystem& first_;
    const std::vector<Comparison>& known_;
    const CheckOptions& options_;
    std::vector<std::unique_ptr<WorldSystem>> others_;
    std::vector<WorldSystem*> systems_;
    std::vector<Comparison> cut_by_;  ///< that the systems' cells respect
    std::uint64_t restart_at_ = 0;
    bool wants_restart_ = false;
    std::size_t seen_ = 0;                    ///< comparisons in the log that have been looked at
    std::optional<std::uint32_t> looked_at_;  ///< when so many states had been expanded ...
    std::vector<Comparison> met_;             ///< ... and these comparisons were in the log
};

/// What an earlier check has found, as far as it can be read within the limits.
class Resumed : private NotesReader {
   public:
    Resumed(Checkpoints* checkpoints, SearchRun run, const Model& model, const WorldOptions& world_options,
            const CheckOptions& options)
        : model_(model),
          world_options_(world_options),
          options_(options),
          watch_(options.limits, options.report) {
        if (checkpoints == nullptr) return;
        begun_ = checkpoints->take_up(run, rows_, *this,
                                      [&](const explorer::Exploration& found) { return enough(found); });
        if (begun_ && !found().graph.depth.empty() &&
            found().graph.depth.back() > options.limits.max_depth.value_or(explorer::no_node))
            throw InputError(Place{"--max-depth", 0, 0},
                             fmt::format("the checkpoint is {} steps deep already; give so many, or more",
                                         found().graph.depth.back()));
    }

    bool any() const { return begun_.has_value(); }
    explorer::Exploration& found() { return begun_->found; }
    const SearchNotes& notes() const { return begun_->notes; }
    std::uint32_t round() const { return begun_ ? begun_->round : 0; }
    /// Why not all of it was read.
    std::optional<explorer::StopReason> stopped() const { return stopped_; }
    /// Knows what it knew; nothing where not even that was read.
    std::unique_ptr<WorldSystem> take_system() { return std::move(system_); }
    void forget() {
        begun_.reset();
        rows_ = {};
    }

   private:
    void begins(const std::vector<Comparison>& known, const std::vector<Comparison>& cut_by) override {
        system_ = std::make_unique<WorldSystem>(model_, cuts_of(known, options_), world_options_, rows_);
        const Cuts cuts = cuts_of(cut_by, options_);
        if (system_->cuts() != cuts && !system_->refine(cuts))
            throw InputError("--resume: the checkpoint's notes do not fit the scenario");
    }
    void met(const Comparison& comparison) override { system_->take_over(comparison); }
    void met(const WorldSystem::DrawContext& draw) override { system_->take_over(draw); }
    void met(const std::vector<Origin>& renamed) override { system_->take_over(renamed); }
    bool enough() override { return enough({}); }
    bool enough(const explorer::Exploration& found) {
        const std::uint64_t states = found.states.size();
        stopped_ = watch_.check({states,
                                 found.graph.edge_count(),
                                 states - found.expanded,
                                 states == 0 ? 0 : found.graph.depth.back(),
                                 {}},
                                found.states.memory_bytes() + found.graph.memory_bytes());
        return stopped_.has_value();
    }

    const Model& model_;
    const WorldOptions& world_options_;
    const CheckOptions& options_;
    explorer::LimitWatch watch_;
    WorldRows rows_;
    std::unique_ptr<WorldSystem> system_;
    std::optional<Checkpoints::Begun> begun_;
    std::optional<explorer::StopReason> stopped_;
};

}  // namespace

WorldExploration explore_with_cells(const Model& model, std::vector<Comparison> known,
                                    const WorldOptions& world_options, const CheckOptions& options) {
    const auto start = std::chrono::steady_clock::now();
    const SearchRun run = world_options.corners == Corners::One ? SearchRun::Corners : SearchRun::Headline;
    Checkpoints* const checkpoints = options.checkpoints;
    Resumed resumed(checkpoints, run, model, world_options, options);
    WorldExploration result;
    result.joint_cells = options.joint_cells;
    result.comparisons = resumed.any() ? resumed.notes().known : std::move(known);
    for (std::uint32_t round = resumed.round();; ++round) {
        result.found = {};  // what an earlier search has found makes room
        result.system = resumed.take_system();
        if (!result.system)
            result.system =
                std::make_unique<WorldSystem>(model, cuts_of(result.comparisons, options), world_options);
        explorer::Course course;
        RefiningCrew crew(*result.system, result.comparisons, world_options, options);
        course.pause = [&crew](std::uint32_t expanded) { return crew.look(expanded); };
        if (resumed.any()) {
            crew.take_over(resumed.notes());
            course.begun = std::move(resumed.found());
        }
        if (resumed.stopped()) {
            course.pause = [&resumed](std::uint32_t /*expanded*/) { return resumed.stopped(); };
        } else if (checkpoints != nullptr) {
            course.keep = [&](const explorer::Exploration& found, std::optional<explorer::StopReason> stop) {
                checkpoints->offer(run, round, found, result.system->rows(), stop.has_value(),
                                   [&](const NotesSink& sink) { crew.write_notes(found.expanded, sink); });
            };
        }
        resumed.forget();
        result.found = explorer::explore(crew.systems(),
                                         beside_checkpoints(remaining(options.limits, start), checkpoints),
                                         options.report, std::move(course));
        if (result.found.stopped == explorer::StopReason::Complete &&
            !has_room(options, crew.bytes_to_gather()))
            result.found.stopped = explorer::StopReason::Memory;
        const bool complete = result.found.stopped == explorer::StopReason::Complete;
        if (complete)
            crew.gather();
        else
            crew.gather_log();
        result.comparisons = with(result.comparisons, *result.system);
        if (crew.wants_restart()) continue;
        const Cuts finer = cuts_of(result.comparisons, options);
        if (!complete || finer == result.system->cuts() || result.system->refine(finer)) {
            result.cuts = result.system->cuts();
            return result;
        }
    }
}

}  // namespace halfopen
