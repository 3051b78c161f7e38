#include "verifier/path_check.hpp"

#include <fmt/format.h>

#include <algorithm>

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
        std::optional<World> world = beginning();
        if (!world) return lie("the path does not begin in an initial state");
        std::uint64_t loop_ms = 0;
        for (std::uint64_t i = 1; i < counts.path_states; ++i) {
            auto step = step_to(*world, certificate_.path(i));
            if (!step)
                return {Lie{fmt::format("the path's step {} cannot be made from this state", i),
                            describe(system_.model(), *world)},
                        {}};
            if (i > counts.loop_begin) loop_ms += step->first.duration();
            world = std::move(step->second);
        }
        if (auto fault = fault_in_loop(loop_ms)) return lie(*fault);
        return {std::nullopt, system_.unpack(certificate_.path(counts.path_states - 1))};
    }

   private:
    static PathRun lie(std::string what) { return {Lie{std::move(what), {}}, {}}; }

    bool is_form_of(const World& world, Bytes state) {
        packed_.clear();
        system_.pack(world, packed_);
        return std::equal(packed_.begin(), packed_.end(), state.begin(), state.end());
    }

    std::optional<World> beginning() {
        std::optional<World> found;
        system_.initial([&](const World& world) {
            if (!found && is_form_of(world, certificate_.path(0))) found = world;
        });
        return found;
    }

    /// Of several steps the one that suits the loop best.
    std::optional<std::pair<Step, World>> step_to(const World& from, Bytes state) {
        const bool quick = certificate_.claim().verdict == Verdict::Storm;
        std::optional<std::pair<Step, World>> best;
        const World node = system_.unpack(state);
        if (!is_form_of(node, state)) return best;
        for (auto& candidate : system_.successors_unrenamed(from)) {
            const std::uint32_t ms = candidate.first.duration();
            if (best && (quick ? ms >= best->first.duration() : ms <= best->first.duration())) continue;
            if (system_.stands_for(candidate.second, {}, node)) best = std::move(candidate);
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
