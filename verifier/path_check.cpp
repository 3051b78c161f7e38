#include "verifier/path_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "spec/world/packing.hpp"
#include "verifier/description.hpp"

namespace halfopen::verifier {

namespace {

using Bytes = std::span<const std::byte>;

class PathRunner {
   public:
    PathRunner(WorldSystem& system, const Certificate& certificate)
        : system_(system), certificate_(certificate) {}

    PathRun run() {
        const Counts& counts = certificate_.counts();
        if (counts.path_states == 0) return lie("the path is empty");
        std::optional<World> state = beginning();
        if (!state) return lie("the path does not begin in an initial state");
        World world = *state;
        std::uint64_t loop_ms = 0;
        for (std::uint64_t i = 1; i < counts.path_states; ++i) {
            std::optional<World> next = successor(*state, certificate_.path(i));
            auto step = next ? step_to(world, *next) : std::nullopt;
            if (!step)
                return {Lie{fmt::format("the path's step {} cannot be made from this state", i),
                            describe(system_.model(), world)},
                        {}};
            if (i > counts.loop_begin) loop_ms += step->first.duration();
            world = std::move(step->second);
            state = std::move(next);
        }
        if (auto fault = fault_in_loop(loop_ms)) return lie(*fault);
        return {std::nullopt, std::move(*state)};
    }

   private:
    static PathRun lie(std::string what) { return {Lie{std::move(what), {}}, {}}; }

    bool is_form_of(const World& world, Bytes state) {
        packed_.clear();
        pack_world(world, packed_);
        return std::equal(packed_.begin(), packed_.end(), state.begin(), state.end());
    }

    std::optional<World> beginning() {
        std::optional<World> found;
        system_.initial([&](const World& world) {
            if (!found && is_form_of(world, certificate_.path(0))) found = world;
        });
        return found;
    }

    /// The state after `from` that has this form.  It is computed: what the file says is never unpacked.
    std::optional<World> successor(const World& from, Bytes form) {
        std::optional<World> found;
        system_.successors(from, [&](const Step&, const World& next) {
            if (!found && is_form_of(next, form)) found = next;
        });
        return found;
    }

    /// Of several steps of the run to the state the one that suits the loop best.
    std::optional<std::pair<Step, World>> step_to(const World& from, const World& state) {
        const bool quick = certificate_.claim().verdict == Verdict::Storm;
        std::optional<std::pair<Step, World>> best;
        for (auto& candidate : system_.successors_unrenamed(from)) {
            const std::uint32_t ms = candidate.first.duration();
            if (best && (quick ? ms >= best->first.duration() : ms <= best->first.duration())) continue;
            if (system_.stands_for(candidate.second, {}, state)) best = std::move(candidate);
        }
        return best;
    }

    std::optional<std::string> fault_in_loop(std::uint64_t ms) const {
        const Counts& counts = certificate_.counts();
        if (certificate_.claim().verdict == Verdict::Permanent) {
            if (counts.loop_begin != counts.path_states) return "a path into a trap has no loop of its own";
            return std::nullopt;
        }
        const std::uint64_t last = counts.path_states - 1;
        if (counts.loop_begin >= last) return "the path has no loop";
        const Bytes begin = certificate_.path(counts.loop_begin), end = certificate_.path(last);
        if (!std::equal(begin.begin(), begin.end(), end.begin(), end.end()))
            return "the path's loop does not close";
        if (certificate_.claim().verdict == Verdict::Storm && ms > 0)
            return fmt::format("the loop takes {} ms; in a storm no time passes", ms);
        if (certificate_.claim().verdict == Verdict::Unbounded && ms == 0)
            return "no time passes in the loop, so it does not put recovery off";
        return std::nullopt;
    }

    WorldSystem& system_;
    const Certificate& certificate_;
    std::vector<std::byte> packed_;
};

}  // namespace

PathRun run_path(WorldSystem system, const Certificate& certificate) {
    return PathRunner(system, certificate).run();
}

}  // namespace halfopen::verifier
